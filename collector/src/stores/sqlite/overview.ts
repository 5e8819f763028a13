import { releaseStarts } from '../release-starts.js';
import type { Overview, OverviewPoint, Scope, Segment, SegmentDimension } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import type { WeightedValue } from '../weighted-percentiles.js';
import type { Ask } from './ask.js';
import { type Counts, headlineOf, percentilesOf, type SessionSums, sessionShares } from './counts.js';
import { createCounts } from './create-counts.js';
import { knownReleases } from './known-releases.js';
import { scopeBuckets } from './scope-buckets.js';
import { needsFineSegments, scopeSegments } from './scope-segments.js';
import { between, equals, where } from './where.js';

const MAX_SEGMENTS = 8;

export function overview(ask: Ask, scope: Scope): Overview {
  const nowMs = Date.now();
  const before = previousScope(scope, nowMs);
  const buckets = scopeBuckets(ask, scope, nowMs);
  const options = { nowMs, bucketMs: buckets.bucketMs };
  const fine = needsFineSegments(scope);
  const counts = createCounts(ask, scope, { ...options, fine });
  const bySegment = segmentRows(ask, scope, createCounts(ask, scope, { ...options, fine: true }));
  const headline = (of: Counts) => headlineOf(of.sessions('all')[0], of.incidents('all', 'any')[0]);
  return {
    ...headline(counts),
    ...(before === undefined ? {} : { previous: headline(createCounts(ask, before, { ...options, fine })) }),
    trend: trend(counts, buckets),
    bucketMs: buckets.bucketMs,
    by: {
      engine: segments(bySegment, 'engine'),
      engineVersion: segments(bySegment, 'engineVersion'),
      networkType: segments(bySegment, 'networkType'),
      release: segments(bySegment, 'release'),
    },
    dropped: dropped(ask, scope),
    releaseStarts: releaseStarts(knownReleases(ask, scope), scope),
    empty: ask('SELECT 1 FROM segments LIMIT 1').length === 0,
  };
}

function trend(counts: Counts, { bucketMs, startsMs }: TrendBuckets): OverviewPoint[] {
  const sums = new Map<number, SessionSums>();
  for (const row of counts.sessions('bucket')) {
    const atMs = Math.floor(row.key / bucketMs) * bucketMs;
    const known = sums.get(atMs);
    sums.set(atMs, known === undefined ? row : added(known, row));
  }
  const incidents = new Map<number, number>();
  for (const { key, incidents: count } of counts.incidents('bucket', 'any')) {
    const atMs = Math.floor(key / bucketMs) * bucketMs;
    incidents.set(atMs, (incidents.get(atMs) ?? 0) + count);
  }
  return startsMs.map((atMs) => ({
    atMs,
    ...sessionShares(sums.get(atMs)),
    timeToConnectMs: percentilesOf(sums.get(atMs)?.times ?? []),
    incidents: incidents.get(atMs) ?? 0,
  }));
}

function added(a: SessionSums, b: SessionSums): SessionSums {
  const weights = new Map<number, number>();
  for (const { value, weight } of [...a.times, ...b.times]) weights.set(value, (weights.get(value) ?? 0) + weight);
  const times = [...weights].map(([value, weight]): WeightedValue => ({ value, weight }));
  return {
    key: a.key,
    sessions: a.sessions + b.sessions,
    connected: a.connected + b.connected,
    failed: a.failed + b.failed,
    wanted: a.wanted + b.wanted,
    upgraded: a.upgraded + b.upgraded,
    times: times.sort((x, y) => x.value - y.value),
  };
}

interface SegmentCounts {
  readonly engine: string;
  readonly engineVersion: string;
  readonly networkType: string;
  readonly release: string;
  readonly sessions: number;
  readonly connected: number;
  readonly failed: number;
  readonly incidents: number;
  readonly affectedSessions: number;
}

function segmentRows(ask: Ask, scope: Scope, counts: Counts): SegmentCounts[] {
  const sessions = new Map(counts.sessions('segment').map((row) => [row.key, row]));
  const incidents = new Map(counts.incidents('segment', 'any').map((row) => [row.key, row]));
  return scopeSegments(ask, scope, true).map(({ id, engine, engineVersion, networkType, release }) => ({
    engine,
    engineVersion: `${engine} ${engineVersion}`.trim(),
    networkType,
    release,
    sessions: sessions.get(id)?.sessions ?? 0,
    connected: sessions.get(id)?.connected ?? 0,
    failed: sessions.get(id)?.failed ?? 0,
    incidents: incidents.get(id)?.incidents ?? 0,
    affectedSessions: incidents.get(id)?.sessions ?? 0,
  }));
}

function segments(rows: readonly SegmentCounts[], name: SegmentDimension): Segment[] {
  const sums = new Map<
    string,
    { sessions: number; connected: number; failed: number; incidents: number; affectedSessions: number }
  >();
  for (const row of rows) {
    if (row.sessions + row.incidents === 0) continue;
    const sum = sums.get(row[name]) ?? { sessions: 0, connected: 0, failed: 0, incidents: 0, affectedSessions: 0 };
    sum.sessions += row.sessions;
    sum.connected += row.connected;
    sum.failed += row.failed;
    sum.incidents += row.incidents;
    sum.affectedSessions += row.affectedSessions;
    sums.set(row[name], sum);
  }
  return [...sums]
    .map(([value, { sessions, connected, failed, ...counts }]) => ({
      value,
      sessions,
      ...(sessions > 0 ? { connectedShare: connected / sessions, failedShare: failed / sessions } : {}),
      ...counts,
    }))
    .sort((a, b) => b.sessions - a.sessions || b.incidents - a.incidents || a.value.localeCompare(b.value))
    .slice(0, MAX_SEGMENTS);
}

function dropped(ask: Ask, { sinceMs, untilMs, app, release, environment }: Scope): Record<string, number> {
  const { sql, values } = where(
    ...between('received_at_ms', sinceMs, untilMs),
    equals('app', app),
    equals('release', release),
    equals('environment', environment),
  );
  const rows = ask<{ reason: string; count: number }>(
    `SELECT reason, SUM(count) AS count FROM dropped ${sql} GROUP BY reason ORDER BY reason`,
    ...values,
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
