import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/** Does the request that passed without credentials pass with them? Only sent after the former, so that no password prompt can open. */
export const httpCredentials: Probe = {
  name: 'http-credentials',
  cost: () => 1,
  isPossible: ({ runtime, options }) => runtime.kind !== 'node' && options.withCredentials,
  ask: (context) => askHandshake(context, { withCredentials: true }),
};
