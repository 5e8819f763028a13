import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

/** Does the server answer when asked with TLS instead of without, or the reverse? */
export const swappedScheme: Probe = {
  name: 'swapped-scheme',
  cost: ({ runtime }) => (runtime.kind === 'node' ? 1 : 2),
  // A secure page may not ask without TLS.
  isPossible: ({ runtime, target }) => !(target.secure && runtime.page?.scheme === 'https:'),
  async ask(context) {
    const secure = !context.target.secure;
    const asked = await askHandshake(context, { secure });
    const { result, status, body, code } = asked.http;
    if (result === 'answered' || result === 'redirected') {
      // What speaks TLS complains of plain HTTP with 400 (nginx, Go): that is no server without TLS.
      const isComplaint = !secure && status === 400 && body?.is !== 'engineio-open' && body?.is !== 'engineio-error';
      return { ...asked, answer: isComplaint ? 'no' : 'yes' };
    }
    // A certificate that is refused is an answer, too: TLS is spoken there.
    if (code?.includes('CERT')) return { ...asked, answer: 'yes' };
    if (context.runtime.kind === 'node' || result === 'timeout') return { ...asked, answer: 'no' };
    // A page of another origin may only not be allowed to read the answer; a WebSocket tells whether there was one.
    const { websocket, answer } = await askWebSocket(context, { secure });
    return { ...asked, websocket, answer: answer === 'yes' ? 'yes' : 'no' };
  },
};
