/** Fewer are chance, however unusual they look. */
const MIN_COUNT = 3;

/** Half as many again as its share would give: smaller differences may be real, but lead nowhere. */
const MIN_TIMES = 1.5;

/** Standard deviations. Chance exceeds this once in 700 times, and a page tests some thirty values. */
const MIN_DEVIATIONS = 3;

export interface Proportion {
  /** Of these … */
  readonly hits: number;
  /** … among so many hits. */
  readonly ofHits: number;
  /** The sessions in this segment … */
  readonly sessions: number;
  /** … among so many sessions. */
  readonly ofSessions: number;
}

/** By how much its share of the hits exceeds its share of the sessions, if that is more than chance; otherwise undefined. */
export function timesItsShare({ hits, ofHits, sessions, ofSessions }: Proportion): number | undefined {
  if (hits < MIN_COUNT || sessions <= 0 || sessions >= ofSessions) return undefined;
  const share = sessions / ofSessions;
  const expected = ofHits * share;
  const times = hits / expected;
  const deviations = (hits - expected) / Math.sqrt(expected * (1 - share));
  return times >= MIN_TIMES && deviations >= MIN_DEVIATIONS ? times : undefined;
}
