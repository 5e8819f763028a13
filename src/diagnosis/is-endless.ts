import type { Facts } from './facts.js';

/** No timer of a browser or of Node waits for longer: above it they ring at once (HTML, timers; Node lib/timers.js, TIMEOUT_MAX). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Whether the handshake of an attempt allows more time for a heartbeat than a timer can wait, so that the client gives up at once. */
export function isEndless(all: Facts['all'], attempt: number): boolean {
  const handshake = all('handshake').find((one) => one.attempt === attempt);
  const { pingIntervalMs = 0, pingTimeoutMs = 0 } = handshake ?? {};
  return pingIntervalMs + pingTimeoutMs > LONGEST_TIMER_MS;
}
