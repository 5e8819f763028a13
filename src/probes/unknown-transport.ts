import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/**
 * Does an Engine.IO server stand behind a refusal? It looks at the transport first and answers one that does not exist with code 0, also to
 * clients that `allowRequest` refuses (engine.io lib/server.ts, verify); anything else repeats its refusal.
 */
export const unknownTransport: Probe = {
  name: 'unknown-transport',
  cost: () => 1,
  isPossible: ({ phase }) => phase !== 'upgrade',
  async ask(context) {
    const asked = await askHandshake(context, { transport: 'unknown' });
    const { http } = asked;
    if (http.result !== 'answered') return { ...asked, answer: 'unknown', why: 'no readable answer' };
    const isEngine = http.body?.is === 'engineio-error' && http.body.code === 0;
    return { ...asked, answer: isEngine ? 'yes' : 'no' };
  },
};
