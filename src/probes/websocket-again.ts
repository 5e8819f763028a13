import type { Probe } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

/**
 * The first probe once more. Results from different moments can contradict each other because the world changed in between: what is
 * concluded from "WebSocket no, HTTP yes" must still hold after the yes.
 */
export const websocketAgain: Probe = {
  name: 'websocket-again',
  cost: () => 1,
  isPossible: () => true,
  ask: (context) => askWebSocket(context, {}),
};
