import type { Scope } from '../store.js';
import { type TrendBuckets, trendBuckets } from '../trend-buckets.js';
import type { Ask } from './ask.js';

/** The buckets of a scope; where it has no beginning, they begin with the data, whatever the filters leave of it. */
export function scopeBuckets(ask: Ask, scope: Scope, nowMs: number): TrendBuckets {
  const [first] = scope.sinceMs === undefined ? ask<{ atMs: number | null }>(FIRST_DATA) : [];
  return trendBuckets(scope, nowMs, first?.atMs ?? nowMs);
}

const FIRST_DATA = `SELECT MIN(atMs) AS atMs FROM (
  SELECT MIN(opened_at_ms) AS atMs FROM incidents UNION ALL SELECT MIN(started_at_ms) FROM sessions)`;
