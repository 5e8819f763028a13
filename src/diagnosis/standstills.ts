import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** A time in which the page or process did not run: what it missed then was not lost by others. */
export interface Standstill {
  /** Milliseconds since the timeline began. */
  readonly from: number;
  readonly until: number;
  /** A hidden page whose timers are throttled looks the same. */
  readonly maybeThrottled: boolean;
  readonly signal: Signal;
}

/** A ping timeout that is noticed this late means that the client did not run. */
const LATE_MS = 1_000;
/** An end this soon afterwards belongs to it. */
const NEAR_MS = 5_000;

/** All times in which the page or process is known to have stood still, in the order in which they were noticed. */
export function standstills(facts: Facts): readonly Standstill[] {
  const found: Standstill[] = [];
  let frozenAt: number | undefined;
  let hidden = false;
  for (const signal of facts.signals) {
    if (signal.kind === 'page') {
      if (signal.event === 'hidden') hidden = true;
      if (signal.event === 'visible') hidden = false;
      // A page that was left may be kept, and continues where it was when the user comes back.
      if (signal.event === 'frozen' || signal.event === 'left') frozenAt ??= signal.at;
      if (signal.event === 'resumed' || signal.event === 'returned') {
        found.push({ from: frozenAt ?? signal.at, until: signal.at, maybeThrottled: false, signal });
        frozenAt = undefined;
      }
    }
    if (signal.kind === 'timer-gap') {
      const from = signal.at - signal.gapMs;
      found.push({ from, until: signal.at, maybeThrottled: hidden || signal.byClock === true, signal });
    }
    if (signal.kind === 'engine-closed' && (signal.lateMs ?? 0) >= LATE_MS) {
      const from = signal.at - (signal.lateMs ?? 0);
      found.push({ from, until: signal.at, maybeThrottled: hidden, signal });
    }
  }
  if (frozenAt !== undefined) {
    const frozen = facts.signals.find(({ at, kind }) => kind === 'page' && at === frozenAt);
    if (frozen) found.push({ from: frozenAt, until: Number.POSITIVE_INFINITY, maybeThrottled: false, signal: frozen });
  }
  return found;
}

/** The longest standstill around a moment, or that ended shortly before it. */
export function standstillAt(facts: Facts, at: number): Standstill | undefined {
  return standstills(facts)
    .filter(({ from, until }) => from <= at + NEAR_MS && until >= at - NEAR_MS)
    .sort((a, b) => b.until - b.from - (a.until - a.from))[0];
}
