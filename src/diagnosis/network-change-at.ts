import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** A connection outlives its network by no more than the attempts to send over it: two heartbeats at most. */
const BEFORE_MS = 60_000;
const AFTER_MS = 5_000;

/** The change of the network that an end of a connection may be due to. */
export function networkChangeAt(facts: Facts, end: Signal): Signal | undefined {
  return facts
    .all('page')
    .find(
      ({ event, at, attempt }) =>
        event === 'network-changed' && at >= end.at - BEFORE_MS && at <= end.at + AFTER_MS && attempt === end.attempt,
    );
}
