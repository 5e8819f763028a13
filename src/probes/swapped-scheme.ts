import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

/** Does the server respond with TLS instead of without, or the other way round? */
export const swappedScheme: Probe = {
  name: 'swapped-scheme',
  cost: ({ runtime }) => (runtime.kind === 'node' ? 1 : 2),
  // A secure page may not send requests without TLS.
  isPossible: ({ runtime, target }) => !(target.secure && runtime.page?.scheme === 'https:'),
  async ask(context) {
    const secure = !context.target.secure;
    const asked = await askHandshake(context, { secure });
    const { result, status, body, code } = asked.http;
    if (result === 'answered' || result === 'redirected') {
      // A server that speaks TLS rejects plain HTTP with 400 (nginx, Go): that is not a server without TLS.
      const isComplaint = !secure && status === 400 && body?.is !== 'engineio-open' && body?.is !== 'engineio-error';
      return { ...asked, answer: isComplaint ? 'no' : 'yes' };
    }
    // A rejected certificate is a result, too: TLS is spoken there.
    if (code?.includes('CERT')) return { ...asked, answer: 'yes' };
    if (context.runtime.kind === 'node' || result === 'timeout') return { ...asked, answer: 'no' };
    // A page of another origin may merely not be allowed to read the response; a WebSocket shows whether there was one.
    const { websocket, answer } = await askWebSocket(context, { secure });
    return { ...asked, websocket, answer: answer === 'yes' ? 'yes' : 'no' };
  },
};
