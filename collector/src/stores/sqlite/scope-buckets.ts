import type { Scope } from '../store.js';
import { type TrendBuckets, trendBuckets } from '../trend-buckets.js';
import type { Ask } from './ask.js';

/** The buckets of a scope; if it has no beginning, they start with the data, whatever the filters leave of it. */
export function scopeBuckets(ask: Ask, scope: Scope, nowMs: number): TrendBuckets {
  if (scope.sinceMs !== undefined) return trendBuckets(scope, nowMs);
  // One MIN() per query: SQLite finds a single one at the end of its index, and two by reading every row.
  const firsts = ask<{ atMs: number | null }>(
    'SELECT MIN(opened_at_ms) AS atMs FROM incidents UNION ALL SELECT MIN(started_at_ms) FROM sessions',
  ).flatMap(({ atMs }) => (atMs === null ? [] : [atMs]));
  return trendBuckets(scope, nowMs, firsts.length === 0 ? nowMs : Math.min(...firsts));
}
