import type { Headline, Percentiles } from '../store.js';
import { type WeightedValue, weightedPercentiles } from '../weighted-percentiles.js';

/** What rows are counted by: one row for all, one for each bucket or one for each segment. */
export type CountsKey = 'all' | 'bucket' | 'segment';

/** The counts of a scope, from which every number of the dashboard is made. */
export interface Counts {
  /** How long the buckets are that rows are counted by. */
  readonly bucketMs: number;
  /** `key` is 0, the start of a bucket in milliseconds, or the id of a segment; `times` only for all and for buckets. */
  sessions(by: CountsKey): readonly SessionSums[];
  /** Of each cause, or of all together with `code` 0. */
  incidents(by: CountsKey, code: 'any' | 'each' | number): readonly IncidentSums[];
}

export interface SessionSums {
  readonly key: number;
  /** This one and the next four are weighted. */
  readonly sessions: number;
  readonly connected: number;
  readonly failed: number;
  readonly wanted: number;
  readonly upgraded: number;
  /** In ascending order. */
  readonly times: readonly WeightedValue[];
}

export interface IncidentSums {
  readonly key: number;
  readonly code: number;
  readonly incidents: number;
  readonly open: number;
  readonly confirmed: number;
  /** Distinct ones; not available by bucket. */
  readonly sessions: number;
}

export interface CountsOptions {
  readonly nowMs: number;
  /** By fine segments; a scope of an engine or network type needs them. */
  readonly fine: boolean;
  /** Of the buckets in which the counts are shown; those of rollups are days if these consist of days, and hours otherwise. */
  readonly bucketMs: number;
}

/** The numbers of a headline from what is counted. */
export function headlineOf(sessions: SessionSums | undefined, incidents: IncidentSums | undefined): Headline {
  return {
    ...sessionShares(sessions),
    timeToConnectMs: percentilesOf(sessions?.times ?? []),
    incidents: incidents?.incidents ?? 0,
    openIncidents: incidents?.open ?? 0,
    affectedSessions: incidents?.sessions ?? 0,
  };
}

/** How many sessions, and which shares of them connected, could not connect, and upgraded. */
export function sessionShares(
  sums: Omit<SessionSums, 'times' | 'key'> | undefined,
): Pick<Headline, 'sessions' | 'connectedShare' | 'failedShare' | 'upgradedShare'> {
  return {
    sessions: sums?.sessions ?? 0,
    ...(sums?.sessions
      ? { connectedShare: sums.connected / sums.sessions, failedShare: sums.failed / sums.sessions }
      : {}),
    ...(sums?.wanted ? { upgradedShare: sums.upgraded / sums.wanted } : {}),
  };
}

/** `times` in ascending order. */
export function percentilesOf(times: readonly WeightedValue[]): Percentiles {
  const [p50, p75, p95] = weightedPercentiles(times, [0.5, 0.75, 0.95]);
  return {
    ...(p50 === undefined ? {} : { p50 }),
    ...(p75 === undefined ? {} : { p75 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}
