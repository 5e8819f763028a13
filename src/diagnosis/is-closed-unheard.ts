import type { Closing } from './facts.js';

/** How much later than its time a closing frame of the server may arrive. */
const LATE_MS = 400;

/**
 * Whether the server closed the WebSocket in the moment in which its patience for an answer to its last heartbeat ended (`pingTimeout` after a
 * ping, engine.io lib/socket.ts; since Engine.IO 4), although the client answers each at once: the answer did not arrive.
 */
export function isClosedUnheard({ transport, closeCode, handshake, signal }: Closing): boolean {
  const { pingTimeoutMs } = handshake ?? {};
  if (transport !== 'websocket' || closeCode !== 1005 || pingTimeoutMs === undefined) return false;
  const lateMs = (signal.quietMs ?? 0) - pingTimeoutMs;
  return Math.abs(lateMs) <= Math.min(LATE_MS, pingTimeoutMs * 0.1);
}
