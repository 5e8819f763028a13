import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/**
 * Is an Engine.IO server behind a rejection? It checks the transport first and responds to one that does not exist with code 0, even to
 * clients that `allowRequest` rejects (engine.io lib/server.ts, verify); anything else repeats its rejection.
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
