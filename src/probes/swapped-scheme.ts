import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/** Does the server answer when asked with TLS instead of without, or the reverse? */
export const swappedScheme: Probe = {
  name: 'swapped-scheme',
  cost: () => 1,
  // A secure page may not ask without TLS.
  isPossible: ({ runtime, target }) => !(target.secure && runtime.page?.scheme === 'https:'),
  async ask(context) {
    const asked = await askHandshake(context, { secure: !context.target.secure });
    if (asked.http.result !== 'failed' && asked.http.result !== 'timeout') return { ...asked, answer: 'yes' };
    // A certificate that is refused is an answer, too: TLS is spoken there.
    return { ...asked, answer: asked.http.code?.includes('CERT') ? 'yes' : 'no' };
  },
};
