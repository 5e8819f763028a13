import type { Facts } from './facts.js';

/** The response to the second request of a session comes within this time after the handshake. */
const SECOND_REQUEST_MS = 2_000;

/**
 * Whether the server knew a session beyond its handshake, up to the given moment. Engine.IO 3 sends CONNECT along with the handshake, so
 * there `connect` alone does not show that a second request reached the same server.
 */
export function wasServed(facts: Facts, attempt: number, untilMs: number): boolean {
  const connected = facts.all('connected').find((signal) => signal.attempt === attempt);
  if (!connected) return false;
  return facts.client.protocol !== 3 || untilMs - connected.at >= SECOND_REQUEST_MS;
}
