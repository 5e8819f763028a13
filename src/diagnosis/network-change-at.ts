import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** A connection survives its network only until it tries to send over it: two heartbeats at most. */
const BEFORE_MS = 60_000;
const AFTER_MS = 5_000;

/** The network change that may have caused the end of a connection. */
export function networkChangeAt(facts: Facts, end: Signal): Signal | undefined {
  return facts
    .all('page')
    .find(
      ({ event, at, attempt }) =>
        event === 'network-changed' && at >= end.at - BEFORE_MS && at <= end.at + AFTER_MS && attempt === end.attempt,
    );
}
