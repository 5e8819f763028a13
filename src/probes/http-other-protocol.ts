import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/**
 * Does the server respond to Engine.IO 4 over HTTP, if the client speaks 3? For servers without WebSocket: python-engineio 4.3 under a
 * threaded WSGI server rejects Engine.IO 3 with a 400 that carries no CORS headers, and serves Engine.IO 4 to any page.
 */
export const httpOtherProtocol: Probe = {
  name: 'http-other-protocol',
  cost: () => 1,
  isPossible: ({ client }) => client.protocol === 3,
  ask: (context) => askHandshake(context, { protocol: 4 }),
};
