import type Database from 'libsql';
import type {
  CauseRank,
  CauseReport,
  Facets,
  IncidentPage,
  IncidentQuery,
  IncidentRow,
  Overview,
  Scope,
  Share,
  StoredIncident,
  TrendPoint,
} from './store.js';
import { type WeightedValue, weightedPercentiles } from './weighted-percentiles.js';

const HOUR_MS = 3_600_000;
const TREND_POINTS = 24;
const MAX_FACET_VALUES = 300;

const INCIDENT_COLUMNS = `
  id, revision, code, title, phase, status, certainty, severity, fixed_by AS fixedBy, opened_at_ms AS openedAtMs,
  updated_at_ms AS updatedAtMs, closed_at_ms AS closedAtMs, failed_attempts AS failedAttempts, transport, namespace, host,
  app, release, environment, runtime, engine`;

// SQLite takes the bare columns beside a single MAX() from the row that holds the maximum (sqlite.org/lang_select.html, 2.4).
const CAUSE_COLUMNS = `
  code, title, phase, fixed_by AS fixedBy, severity, COUNT(DISTINCT client_session_id) AS sessions, COUNT(*) AS incidents,
  SUM(status = 'open') AS open, SUM(certainty = 'confirmed') AS confirmed, MAX(opened_at_ms) AS lastAtMs`;

interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The questions of the dashboard, asked of an open SQLite database. */
export function createSqliteQueries(db: Database.Database) {
  const all = <T>(sql: string, ...values: readonly (string | number)[]) => db.prepare(sql).all(...values) as T[];
  const first = <T>(sql: string, ...values: readonly (string | number)[]) => all<T>(sql, ...values)[0];

  function listIncidents(query: IncidentQuery): IncidentPage {
    const cursor = /^(\d{1,16})_(.+)$/.exec(query.cursor ?? '');
    const { sql, values } = where(
      ...scopeTerms('opened_at_ms', query),
      equals('code', query.code),
      equals('status', query.status),
      query.search === undefined || query.search === ''
        ? undefined
        : { sql: `search LIKE ? ESCAPE '\\'`, values: [likePattern(query.search)] },
      cursor === null
        ? undefined
        : { sql: '(opened_at_ms, id) < (?, ?)', values: [Number(cursor[1]), cursor[2] ?? ''] },
    );
    const rows = all<IncidentRow>(
      `SELECT ${INCIDENT_COLUMNS} FROM incidents ${sql} ORDER BY opened_at_ms DESC, id DESC LIMIT ?`,
      ...values,
      query.limit + 1,
    );
    const incidents = rows.slice(0, query.limit);
    const last = incidents.at(-1);
    return rows.length > query.limit && last !== undefined
      ? { incidents, next: `${last.openedAtMs}_${last.id}` }
      : { incidents };
  }

  function readIncident(id: string): StoredIncident | undefined {
    return first('SELECT received_at_ms AS receivedAtMs, context, record FROM incidents WHERE id = ?', id);
  }

  function rankCauses(scope: Scope): readonly CauseRank[] {
    const { sql, values } = where(...scopeTerms('opened_at_ms', scope));
    return all(
      `SELECT ${CAUSE_COLUMNS} FROM incidents ${sql} GROUP BY code ORDER BY sessions DESC, incidents DESC, code`,
      ...values,
    );
  }

  function readCause(code: string, scope: Scope): CauseReport | undefined {
    const { sql, values } = where(equals('code', code), ...scopeTerms('opened_at_ms', scope));
    const rank = first<CauseRank>(`SELECT ${CAUSE_COLUMNS} FROM incidents ${sql} GROUP BY code`, ...values);
    if (rank === undefined) return undefined;
    const edge = first<{ firstAtMs: number; newestRecord: string }>(
      `SELECT MIN(opened_at_ms) AS firstAtMs,
        (SELECT record FROM incidents ${sql} ORDER BY opened_at_ms DESC, id DESC LIMIT 1) AS newestRecord
        FROM incidents ${sql}`,
      ...values,
      ...values,
    ) as { firstAtMs: number; newestRecord: string };
    const by = (column: string) =>
      all<Share>(
        `SELECT ${column} AS value, COUNT(*) AS incidents FROM incidents ${sql} GROUP BY ${column} ORDER BY incidents DESC, value LIMIT 8`,
        ...values,
      );
    return {
      ...rank,
      ...edge,
      trend: trend(sql, values, bucketMsOf(scope.sinceMs ?? edge.firstAtMs), scope.sinceMs ?? edge.firstAtMs),
      by: {
        release: by('release'),
        engine: by('engine'),
        transport: by('transport'),
        host: by('host'),
        clientVersion: by('client_version'),
      },
    };
  }

  function overview(scope: Scope): Overview {
    const sessions = where(...scopeTerms('started_at_ms', scope));
    const totals = first<Record<'sessions' | 'connected' | 'wanted' | 'upgraded', number | null>>(
      `SELECT SUM(weight) AS sessions, SUM(weight * connected) AS connected, SUM(weight * upgrade_wanted) AS wanted,
        SUM(weight * (upgrade_wanted AND time_to_upgrade_ms IS NOT NULL)) AS upgraded FROM sessions ${sessions.sql}`,
      ...sessions.values,
    );
    const times = where(...scopeTerms('started_at_ms', scope), { sql: 'time_to_connect_ms IS NOT NULL', values: [] });
    const [p50, p75, p95] = weightedPercentiles(
      all<WeightedValue>(
        `SELECT time_to_connect_ms AS value, SUM(weight) AS weight FROM sessions ${times.sql} GROUP BY value ORDER BY value`,
        ...times.values,
      ),
      [0.5, 0.75, 0.95],
    );
    const scoped = where(...scopeTerms('opened_at_ms', scope));
    const counts = first<
      Record<'incidents' | 'affectedSessions' | 'firstAtMs', number> & { openIncidents: number | null }
    >(
      `SELECT COUNT(*) AS incidents, SUM(status = 'open') AS openIncidents, COUNT(DISTINCT client_session_id) AS affectedSessions,
        MIN(opened_at_ms) AS firstAtMs FROM incidents ${scoped.sql}`,
      ...scoped.values,
    );
    const dropped = where(...scopeTerms('received_at_ms', scope));
    const startMs = scope.sinceMs ?? counts?.firstAtMs ?? Date.now();
    const bucketMs = bucketMsOf(startMs);
    return {
      sessions: totals?.sessions ?? 0,
      ...share('connectedShare', totals?.connected, totals?.sessions),
      ...share('upgradedShare', totals?.upgraded, totals?.wanted),
      timeToConnectMs: {
        ...(p50 === undefined ? {} : { p50 }),
        ...(p75 === undefined ? {} : { p75 }),
        ...(p95 === undefined ? {} : { p95 }),
      },
      incidents: counts?.incidents ?? 0,
      openIncidents: counts?.openIncidents ?? 0,
      affectedSessions: counts?.affectedSessions ?? 0,
      dropped: Object.fromEntries(
        all<{ reason: string; count: number }>(
          `SELECT reason, SUM(count) AS count FROM dropped ${dropped.sql} GROUP BY reason ORDER BY reason`,
          ...dropped.values,
        ).map(({ reason, count }) => [reason, count]),
      ),
      trend: trend(scoped.sql, scoped.values, bucketMs, startMs),
      bucketMs,
      empty: first('SELECT 1 FROM incidents UNION ALL SELECT 1 FROM sessions LIMIT 1') === undefined,
    };
  }

  function trend(sql: string, values: readonly (string | number)[], bucketMs: number, startMs: number): TrendPoint[] {
    const counted = new Map(
      all<{ bucket: number; incidents: number }>(
        `SELECT opened_at_ms / ${bucketMs} AS bucket, COUNT(*) AS incidents FROM incidents ${sql} GROUP BY bucket`,
        ...values,
      ).map(({ bucket, incidents }) => [bucket, incidents]),
    );
    const firstBucket = Math.floor(startMs / bucketMs);
    const length = Math.min(Math.floor(Date.now() / bucketMs) - firstBucket + 1, TREND_POINTS + 1);
    return Array.from({ length }, (_, i) => ({
      atMs: (firstBucket + i) * bucketMs,
      incidents: counted.get(firstBucket + i) ?? 0,
    }));
  }

  function facets(): Facets {
    const values = (name: string) =>
      all<{ value: string }>(
        `SELECT value FROM facets WHERE name = ? ORDER BY value LIMIT ${MAX_FACET_VALUES}`,
        name,
      ).map(({ value }) => value);
    return {
      apps: values('app'),
      releases: values('release'),
      environments: values('environment'),
      codes: values('code'),
    };
  }

  return { listIncidents, readIncident, rankCauses, readCause, overview, facets };
}

/** A round length so that about `TREND_POINTS` of them lie between `startMs` and now. */
function bucketMsOf(startMs: number): number {
  const wantedMs = (Date.now() - startMs) / TREND_POINTS;
  const lengths = [60_000, 150_000, 300_000, 900_000, HOUR_MS, 3 * HOUR_MS, 7 * HOUR_MS, 24 * HOUR_MS, 30 * HOUR_MS];
  return lengths.find((lengthMs) => lengthMs >= wantedMs) ?? Math.ceil(wantedMs / (24 * HOUR_MS)) * 24 * HOUR_MS;
}

function scopeTerms(timeColumn: string, scope: Scope): (Where | undefined)[] {
  return [
    scope.sinceMs === undefined ? undefined : { sql: `${timeColumn} >= ?`, values: [scope.sinceMs] },
    equals('app', scope.app),
    equals('release', scope.release),
    equals('environment', scope.environment),
  ];
}

function equals(column: string, value: string | undefined): Where | undefined {
  return value === undefined || value === '' ? undefined : { sql: `${column} = ?`, values: [value] };
}

function where(...terms: readonly (Where | undefined)[]): Where {
  const given = terms.filter((term) => term !== undefined);
  if (given.length === 0) return { sql: '', values: [] };
  return { sql: `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`, values: given.flatMap(({ values }) => values) };
}

function likePattern(search: string): string {
  return `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
}

function share<K extends string>(name: K, part: number | null | undefined, whole: number | null | undefined) {
  return (whole ? { [name]: (part ?? 0) / whole } : {}) as { [P in K]?: number };
}
