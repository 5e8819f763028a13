/** Fewer are chance, however unusual. */
const MIN_COUNT = 3;

/** Half as many again as its share would give: what is less is true, perhaps, but leads nobody anywhere. */
const MIN_TIMES = 1.5;

/** Standard deviations. Chance gets there once in 700 times, and a page asks of some thirty values. */
const MIN_DEVIATIONS = 3;

export interface Proportion {
  /** Of these … */
  readonly hits: number;
  /** … among so many hits. */
  readonly ofHits: number;
  /** The sessions that it stands for … */
  readonly sessions: number;
  /** … among so many sessions. */
  readonly ofSessions: number;
}

/** How many times its share of the sessions it has of the hits, where that is more than chance; otherwise undefined. */
export function timesItsShare({ hits, ofHits, sessions, ofSessions }: Proportion): number | undefined {
  if (hits < MIN_COUNT || sessions <= 0 || sessions >= ofSessions) return undefined;
  const share = sessions / ofSessions;
  const expected = ofHits * share;
  const times = hits / expected;
  const deviations = (hits - expected) / Math.sqrt(expected * (1 - share));
  return times >= MIN_TIMES && deviations >= MIN_DEVIATIONS ? times : undefined;
}
