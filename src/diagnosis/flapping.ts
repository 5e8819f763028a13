import type { EndedConnection } from '../signals/ended-connections.js';
import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { hiddenPosts } from './hidden-posts.js';
import { isCut } from './is-cut.js';
import { isBreathless } from './is-tight-beat.js';
import { regularTimes } from './regular-times.js';
import { timedEnd } from './timed-end.js';

export interface Flapping {
  readonly ends: number;
  readonly longestMs: number;
  /** Some of them are similar, though not yet certainly, or the heartbeat leaves no time: they may follow a time limit. */
  readonly mayBeRegular: boolean;
  readonly signal: SignalOf<'engine-closed'>;
}

/** With the client's usual delay of one second before it reconnects, five cuts in a minute are no longer a coincidence. */
const WINDOW_MS = 60_000;
const MIN_ENDS = 5;

/** Cuts in quick succession, at no regular age; `undefined` for the end of a connection that is not one of them. */
export function flapping(facts: Facts): Flapping | undefined {
  const end = timedEnd(facts);
  if (!end || end.regular?.isSure || hiddenPosts(facts)) return undefined;
  const { signal } = end;
  const recent = (facts.ended?.latest ?? []).filter(
    ({ at, next }) => at <= signal.at && at > signal.at - WINDOW_MS && next !== 'failed',
  );
  if (recent.length < MIN_ENDS) return undefined;
  const longestMs = Math.max(...recent.map(({ transportAgeMs }) => transportAgeMs));
  return {
    ends: recent.length,
    longestMs,
    mayBeRegular: end.regular !== undefined || hasRhythm(facts, recent) || isBreathless(facts.closing?.handshake),
    signal,
  };
}

/** The others certainly follow a limit, and only this one does not: a busy machine noticed it late, or something else cut it for once. */
function hasRhythm({ ended }: Facts, recent: readonly EndedConnection[]): boolean {
  const cuts = recent.filter(isCut);
  return cuts.some((one) => {
    const others = cuts.filter((other) => other !== one && other.transport === one.transport);
    const ages = others.map(({ transportAgeMs }) => transportAgeMs);
    return regularTimes(one.transportAgeMs, ages, ended?.count ?? 0)?.isSure === true;
  });
}
