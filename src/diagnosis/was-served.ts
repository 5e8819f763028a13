import type { Facts } from './facts.js';

/** Within this time after the handshake comes the answer to the second request of a session. */
const SECOND_REQUEST_MS = 2_000;

/**
 * Whether a session was known to the server beyond its handshake, until the given moment. Engine.IO 3 sends CONNECT along with the
 * handshake, so there `connect` alone does not show that a second request found the same server.
 */
export function wasServed(facts: Facts, attempt: number, untilMs: number): boolean {
  const connected = facts.all('connected').find((signal) => signal.attempt === attempt);
  if (!connected) return false;
  return facts.client.protocol !== 3 || untilMs - connected.at >= SECOND_REQUEST_MS;
}
