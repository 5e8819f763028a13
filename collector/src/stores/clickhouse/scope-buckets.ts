import type { Scope } from '../store.js';
import { type TrendBuckets, trendBuckets } from '../trend-buckets.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';

/** The buckets of a scope; if it has no beginning, they start with the data, whatever the filters leave of it. */
export async function scopeBuckets({ rows }: ClickHouseConnection, scope: Scope, nowMs: number): Promise<TrendBuckets> {
  if (scope.sinceMs !== undefined) return trendBuckets(scope, nowMs);
  const [first] = await rows<{ atMs: number | null }>(FIRST_DATA);
  return trendBuckets(scope, nowMs, first?.atMs ?? nowMs);
}

const FIRST_DATA = `SELECT min(atMs) AS atMs FROM (
  SELECT minOrNull(opened_at_ms) AS atMs FROM incidents FINAL UNION ALL SELECT minOrNull(started_at_ms) FROM sessions FINAL)`;
