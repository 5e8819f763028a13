import type { Probe } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

/** Does the server respond to Engine.IO 4, if the client speaks 3? */
export const websocketOtherProtocol: Probe = {
  name: 'websocket-other-protocol',
  cost: () => 1,
  isPossible: ({ client }) => client.protocol === 3,
  ask: (context) => askWebSocket(context, { protocol: 4 }),
};
