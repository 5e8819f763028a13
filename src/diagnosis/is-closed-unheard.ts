import type { Closing } from './facts.js';

/**
 * How far from its time a closing frame of the server may be seen: a page that was busy has heard the heartbeat before it too late, or this one,
 * and so short a standstill is not noticed by itself.
 */
const OFF_MS = 1_000;
/** Of a short time no more than this share, or any end would be alike. */
const MAX_SHARE = 0.25;

/**
 * Whether the server closed the connection at the moment when its time to wait for a heartbeat response ended (`pingTimeout` after a ping,
 * engine.io lib/socket.ts; since Engine.IO 4), although the client responds to each at once: the response did not arrive.
 */
export function isClosedUnheard({ closeCode, handshake, signal }: Closing): boolean {
  const { pingTimeoutMs } = handshake ?? {};
  // In a frame, or to a poll in a packet.
  if ((closeCode !== 1005 && !signal.byServer) || pingTimeoutMs === undefined) return false;
  const offMs = Math.abs((signal.quietMs ?? 0) - pingTimeoutMs);
  return offMs <= Math.min(OFF_MS, pingTimeoutMs * MAX_SHARE);
}
