import { releaseStarts } from '../release-starts.js';
import type { Overview, OverviewPoint, Scope, Segment } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import {
  headline,
  INCIDENT_COUNTS,
  type IncidentCounts,
  percentilesOf,
  SESSION_SUMS,
  SESSION_TIMES,
  type SessionSums,
  type SessionTimes,
  sessionShares,
} from './headline.js';
import { knownReleases } from './known-releases.js';
import { scopeBuckets } from './scope-buckets.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_SEGMENTS = 8;

/** `chromium 131`; only the engine if no version is known. */
const ENGINE_AND_VERSION = "trimBoth(concat(engine, ' ', engine_version))";

export async function overview(connection: ClickHouseConnection, scope: Scope): Promise<Overview> {
  const nowMs = Date.now();
  const before = previousScope(scope, nowMs);
  const buckets = await scopeBuckets(connection, scope, nowMs);
  const [now, previous, trendPoints, engine, engineVersion, networkType, release, droppedRecords, known, empty] =
    await Promise.all([
      headline(connection, scope),
      before === undefined ? undefined : headline(connection, before),
      trend(connection, scope, buckets),
      segments(connection, scope, 'engine'),
      segments(connection, scope, ENGINE_AND_VERSION),
      segments(connection, scope, 'network_type'),
      segments(connection, scope, 'release'),
      dropped(connection, scope),
      knownReleases(connection, scope),
      isEmpty(connection),
    ]);
  return {
    ...now,
    ...(previous === undefined ? {} : { previous }),
    trend: trendPoints,
    bucketMs: buckets.bucketMs,
    by: { engine, engineVersion, networkType, release },
    dropped: droppedRecords,
    releaseStarts: releaseStarts(known, scope),
    empty,
  };
}

async function trend(
  { rows }: ClickHouseConnection,
  scope: Scope,
  { bucketMs, startsMs }: TrendBuckets,
): Promise<OverviewPoint[]> {
  const [sessions, incidents] = await Promise.all([
    rows<SessionSums & SessionTimes & { bucket: number }>(
      `SELECT intDiv(started_at_ms, ${bucketMs}) AS bucket, ${SESSION_SUMS}, ${SESSION_TIMES}
        FROM sessions FINAL ${where(...scopeConditions('started_at_ms', scope))} GROUP BY bucket`,
    ),
    rows<{ bucket: number; incidents: number }>(
      `SELECT intDiv(opened_at_ms, ${bucketMs}) AS bucket, count() AS incidents
        FROM incidents FINAL ${where(...scopeConditions('opened_at_ms', scope))} GROUP BY bucket`,
    ),
  ]);
  const sums = new Map(sessions.map((row) => [row.bucket, row]));
  const counts = new Map(incidents.map((row) => [row.bucket, row.incidents]));
  return startsMs.map((atMs) => {
    const bucket = atMs / bucketMs;
    return {
      atMs,
      ...sessionShares(sums.get(bucket)),
      timeToConnectMs: percentilesOf(sums.get(bucket)),
      incidents: counts.get(bucket) ?? 0,
    };
  });
}

async function segments(
  { rows }: ClickHouseConnection,
  scope: Scope,
  column: 'engine' | typeof ENGINE_AND_VERSION | 'network_type' | 'release',
): Promise<Segment[]> {
  const [sums, counts] = await Promise.all([
    rows<SessionSums & { value: string }>(
      `SELECT ${column} AS value, ${SESSION_SUMS} FROM sessions FINAL ${where(...scopeConditions('started_at_ms', scope))} GROUP BY value`,
    ),
    rows<IncidentCounts & { value: string }>(
      `SELECT ${column} AS value, ${INCIDENT_COUNTS} FROM incidents FINAL ${where(...scopeConditions('opened_at_ms', scope))} GROUP BY value`,
    ),
  ]);
  const sumsOf = new Map(sums.map((row) => [row.value, row]));
  const countsOf = new Map(counts.map((row) => [row.value, row]));
  const all = [...new Set([...sumsOf.keys(), ...countsOf.keys()])].map((value): Segment => {
    const { upgradedShare: _, ...shares } = sessionShares(sumsOf.get(value));
    const { incidents = 0, affectedSessions = 0 } = countsOf.get(value) ?? {};
    return { value, ...shares, incidents, affectedSessions };
  });
  return all.sort((a, b) => b.sessions - a.sessions || b.incidents - a.incidents).slice(0, MAX_SEGMENTS);
}

async function dropped({ rows }: ClickHouseConnection, scope: Scope): Promise<Record<string, number>> {
  const { sinceMs, untilMs, app, release, environment } = scope;
  const times = { ...(sinceMs === undefined ? {} : { sinceMs }), ...(untilMs === undefined ? {} : { untilMs }) };
  const condition = where(
    ...scopeConditions('received_at_ms', times),
    equals('app', app),
    equals('release', release),
    equals('environment', environment),
  );
  const reasons = await rows<{ reason: string; records: number }>(
    `SELECT reason, sum(count) AS records FROM dropped FINAL ${condition} GROUP BY reason ORDER BY reason`,
  );
  return Object.fromEntries(reasons.map(({ reason, records }) => [reason, records]));
}

async function isEmpty({ rows }: ClickHouseConnection): Promise<boolean> {
  const found = await Promise.all([
    rows('SELECT 1 AS one FROM incidents LIMIT 1'),
    rows('SELECT 1 AS one FROM sessions LIMIT 1'),
  ]);
  return found.every(({ length }) => length === 0);
}
