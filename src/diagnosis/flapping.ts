import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { timedEnd } from './timed-end.js';

export interface Flapping {
  readonly ends: number;
  readonly longestMs: number;
  /** Some of them are alike, though not yet for sure: they may follow a limit of time. */
  readonly mayBeRegular: boolean;
  readonly signal: SignalOf<'engine-closed'>;
}

/** With the client's usual delay of a second before it reconnects, five cuts in a minute are no coincidence any more. */
const WINDOW_MS = 60_000;
const MIN_ENDS = 5;

/** Cuts in quick succession, at no regular age; `undefined` for the end of a connection that is not one of them. */
export function flapping(facts: Facts): Flapping | undefined {
  const end = timedEnd(facts);
  if (!end || end.regular?.isSure) return undefined;
  const { signal } = end;
  const recent = (facts.ended?.latest ?? []).filter(
    ({ at, next }) => at <= signal.at && at > signal.at - WINDOW_MS && next !== 'failed',
  );
  if (recent.length < MIN_ENDS) return undefined;
  const longestMs = Math.max(...recent.map(({ transportAgeMs }) => transportAgeMs));
  return { ends: recent.length, longestMs, mayBeRegular: end.regular !== undefined, signal };
}
