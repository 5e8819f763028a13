import type { Scope } from './store.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** So that each bucket is a bar that can be seen and pointed at. */
const MAX_BUCKETS = 60;

/** Nothing that SDKs send is older: a hostile record must not stretch the trend over half a century. */
const MAX_TREND_MS = 3 * 365 * DAY_MS;

/** From hours up, each divides a day or consists of whole days, so that counts by hour and by day add up to them. */
const LENGTHS_MS = [120_000, 300_000, HOUR_MS, 6 * HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS, 28 * DAY_MS];

export interface TrendBuckets {
  readonly bucketMs: number;
  /** When each starts, in UTC, at a multiple of `bucketMs` since 1970. */
  readonly startsMs: readonly number[];
}

/** The buckets of a scope; the first one may start before it. `firstDataMs` replaces a missing beginning of the scope. */
export function trendBuckets(scope: Scope, nowMs: number, firstDataMs = nowMs): TrendBuckets {
  const untilMs = Math.min(scope.untilMs ?? nowMs + 1, nowMs + 1);
  const sinceMs = Math.min(untilMs - 1, Math.max(scope.sinceMs ?? firstDataMs, nowMs - MAX_TREND_MS));
  const bucketMs = bucketMsOf(untilMs - sinceMs);
  const first = Math.floor(sinceMs / bucketMs);
  const length = Math.ceil(untilMs / bucketMs) - first;
  return { bucketMs, startsMs: Array.from({ length }, (_, index) => (first + index) * bucketMs) };
}

/** The length of the buckets of a trend over this much time. */
export function bucketMsOf(lengthMs: number): number {
  return LENGTHS_MS.find((bucketMs) => lengthMs / bucketMs < MAX_BUCKETS - 1) ?? 28 * DAY_MS;
}

/** The period of the same length before; undefined for a scope without a beginning. */
export function previousScope(scope: Scope, nowMs: number): Scope | undefined {
  const { sinceMs, untilMs = nowMs } = scope;
  if (sinceMs === undefined) return undefined;
  return { ...scope, sinceMs: sinceMs - Math.max(0, untilMs - sinceMs), untilMs: sinceMs };
}
