import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** No timer of a browser or of Node waits longer: above this, timers fire at once (HTML, timers; Node lib/timers.js, TIMEOUT_MAX). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The handshake of an attempt, if it allows more time for a heartbeat than a timer can wait, so that the client gives up at once. */
export function endlessHandshake(all: Facts['all'], attempt: number): SignalOf<'handshake'> | undefined {
  return all('handshake').find(
    ({ attempt: of, pingIntervalMs = 0, pingTimeoutMs = 0 }) =>
      of === attempt && pingIntervalMs + pingTimeoutMs > LONGEST_TIMER_MS,
  );
}
