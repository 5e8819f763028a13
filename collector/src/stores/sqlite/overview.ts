import type { Overview, OverviewPoint, Scope, Segment } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import type { WeightedValue } from '../weighted-percentiles.js';
import type { Ask } from './ask.js';
import { headline, percentilesOf, SESSION_SUMS, type SessionSums, sessionShares } from './headline.js';
import { scopeBuckets } from './scope-buckets.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_SEGMENTS = 8;

/** `chromium 131`; the engine alone where no version is known. */
const ENGINE_AND_VERSION = "TRIM(engine || ' ' || engine_version)";

type SegmentColumn = 'engine' | typeof ENGINE_AND_VERSION | 'network_type' | 'release';

export function overview(ask: Ask, scope: Scope): Overview {
  const nowMs = Date.now();
  const before = previousScope(scope, nowMs);
  const buckets = scopeBuckets(ask, scope, nowMs);
  return {
    ...headline(ask, scope),
    ...(before === undefined ? {} : { previous: headline(ask, before) }),
    trend: trend(ask, scope, buckets),
    bucketMs: buckets.bucketMs,
    by: {
      engine: segments(ask, scope, 'engine'),
      engineVersion: segments(ask, scope, ENGINE_AND_VERSION),
      networkType: segments(ask, scope, 'network_type'),
      release: segments(ask, scope, 'release'),
    },
    dropped: dropped(ask, scope),
    empty: ask('SELECT 1 FROM incidents UNION ALL SELECT 1 FROM sessions LIMIT 1').length === 0,
  };
}

function trend(ask: Ask, scope: Scope, { bucketMs, startsMs }: TrendBuckets): OverviewPoint[] {
  const sessions = where(...scopeConditions('started_at_ms', scope));
  const sums = byBucket(
    ask<SessionSums & { bucket: number }>(
      `SELECT started_at_ms / ${bucketMs} AS bucket, ${SESSION_SUMS} FROM sessions ${sessions.sql} GROUP BY bucket`,
      ...sessions.values,
    ),
  );
  const timed = where(...scopeConditions('started_at_ms', scope), {
    sql: 'time_to_connect_ms IS NOT NULL',
    values: [],
  });
  const times = byBucket(
    ask<WeightedValue & { bucket: number }>(
      `SELECT started_at_ms / ${bucketMs} AS bucket, time_to_connect_ms AS value, SUM(weight) AS weight
        FROM sessions ${timed.sql} GROUP BY bucket, value ORDER BY bucket, value`,
      ...timed.values,
    ),
  );
  const opened = where(...scopeConditions('opened_at_ms', scope));
  const incidents = byBucket(
    ask<{ bucket: number; incidents: number }>(
      `SELECT opened_at_ms / ${bucketMs} AS bucket, COUNT(*) AS incidents FROM incidents ${opened.sql} GROUP BY bucket`,
      ...opened.values,
    ),
  );
  return startsMs.map((atMs) => {
    const bucket = atMs / bucketMs;
    return {
      atMs,
      ...sessionShares(sums.get(bucket)?.[0]),
      timeToConnectMs: percentilesOf(times.get(bucket) ?? []),
      incidents: incidents.get(bucket)?.[0]?.incidents ?? 0,
    };
  });
}

function segments(ask: Ask, scope: Scope, column: SegmentColumn): Segment[] {
  const sessions = where(...scopeConditions('started_at_ms', scope));
  const opened = where(...scopeConditions('opened_at_ms', scope));
  const sums = ask<SessionSums & { value: string }>(
    `SELECT ${column} AS value, ${SESSION_SUMS} FROM sessions ${sessions.sql} GROUP BY value`,
    ...sessions.values,
  );
  const counts = ask<{ value: string; incidents: number; affectedSessions: number }>(
    `SELECT ${column} AS value, COUNT(*) AS incidents, COUNT(DISTINCT client_session_id) AS affectedSessions
      FROM incidents ${opened.sql} GROUP BY value`,
    ...opened.values,
  );
  const values = new Set([...sums, ...counts].map(({ value }) => value));
  const all = [...values].map((value): Segment => {
    const { upgradedShare: _, ...shares } = sessionShares(sums.find((row) => row.value === value));
    const { incidents = 0, affectedSessions = 0 } = counts.find((row) => row.value === value) ?? {};
    return { value, ...shares, incidents, affectedSessions };
  });
  return all.sort((a, b) => b.sessions - a.sessions || b.incidents - a.incidents).slice(0, MAX_SEGMENTS);
}

function dropped(ask: Ask, scope: Scope): Record<string, number> {
  const { sinceMs, untilMs, app, release, environment } = scope;
  const { sql, values } = where(
    ...scopeConditions('received_at_ms', {
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(untilMs === undefined ? {} : { untilMs }),
    }),
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

function byBucket<T extends { readonly bucket: number }>(rows: readonly T[]): Map<number, T[]> {
  const buckets = new Map<number, T[]>();
  for (const row of rows) {
    const others = buckets.get(row.bucket);
    if (others === undefined) buckets.set(row.bucket, [row]);
    else others.push(row);
  }
  return buckets;
}
