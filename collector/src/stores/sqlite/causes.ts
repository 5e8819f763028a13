import type { CauseDimension, CauseRank, CauseReport, Scope, Share } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import { withAnswer } from '../with-answer.js';
import type { Ask } from './ask.js';
import { scopeBuckets } from './scope-buckets.js';
import { type Condition, equals, scopeConditions, where } from './where.js';

const MAX_SHARES = 8;

// SQLite takes the bare columns beside a single MAX() from the row that holds the maximum (sqlite.org/lang_select.html, 2.4).
const CAUSE_COLUMNS = `
  code, title, phase, fixed_by AS fixedBy, severity, COUNT(DISTINCT client_session_id) AS sessions, COUNT(*) AS incidents,
  SUM(status = 'open') AS open, SUM(certainty = 'confirmed') AS confirmed, MAX(opened_at_ms) AS lastAtMs`;

const DIMENSIONS: Readonly<Record<CauseDimension, string>> = {
  release: 'release',
  engine: 'engine',
  engineVersion: "CASE engine_version WHEN '' THEN '' ELSE engine || ' ' || engine_version END",
  networkType: 'network_type',
  transport: 'transport',
  host: 'host',
  clientVersion: 'client_version',
};

/** The causes of a scope, most affected sessions first. */
export function rankCauses(ask: Ask, scope: Scope): CauseRank[] {
  const nowMs = Date.now();
  const buckets = scopeBuckets(ask, scope, nowMs);
  const before = previousScope(scope, nowMs);
  const { sql, values } = where(...scopeConditions('opened_at_ms', scope));
  return ask<Omit<CauseRank, 'trend'>>(
    `SELECT ${CAUSE_COLUMNS} FROM incidents ${sql} GROUP BY code ORDER BY sessions DESC, incidents DESC, code`,
    ...values,
  ).map((rank) => ({
    ...rank,
    ...previousSessions(ask, rank.code, before),
    trend: trend(ask, rank.code, scope, buckets),
  }));
}

/** One cause; undefined where the scope has no incident of it. */
export function readCause(ask: Ask, code: string, scope: Scope): CauseReport | undefined {
  const nowMs = Date.now();
  const { sql, values } = inScope(code, scope);
  const [rank] = ask<Omit<CauseRank, 'trend'>>(
    `SELECT ${CAUSE_COLUMNS} FROM incidents ${sql} GROUP BY code`,
    ...values,
  );
  if (rank === undefined) return undefined;
  const [edge] = ask<{ firstAtMs: number }>(`SELECT MIN(opened_at_ms) AS firstAtMs FROM incidents ${sql}`, ...values);
  const [newest] = ask<{ record: string; rejudged: string | null }>(
    `SELECT record, rejudged FROM incidents ${sql} ORDER BY opened_at_ms DESC, id DESC LIMIT 1`,
    ...values,
  );
  const buckets = scopeBuckets(ask, scope, nowMs);
  const counts = trend(ask, code, scope, buckets);
  const by = (dimension: CauseDimension) =>
    ask<Share>(
      `SELECT ${DIMENSIONS[dimension]} AS value, COUNT(*) AS incidents, COUNT(DISTINCT client_session_id) AS sessions
        FROM incidents ${sql} GROUP BY value ORDER BY incidents DESC, value LIMIT ${MAX_SHARES}`,
      ...values,
    );
  return {
    ...rank,
    ...previousSessions(ask, code, previousScope(scope, nowMs)),
    ...firstRelease(ask, code, scope),
    firstAtMs: edge?.firstAtMs ?? rank.lastAtMs,
    newestRecord: newest === undefined ? '{}' : withAnswer(newest.record, newest.rejudged),
    trend: buckets.startsMs.map((atMs, index) => ({ atMs, incidents: counts[index] ?? 0 })),
    bucketMs: buckets.bucketMs,
    by: {
      release: by('release'),
      engine: by('engine'),
      engineVersion: by('engineVersion'),
      networkType: by('networkType'),
      transport: by('transport'),
      host: by('host'),
      clientVersion: by('clientVersion'),
    },
  };
}

function inScope(code: string, scope: Scope): Condition {
  return where(equals('code', code), ...scopeConditions('opened_at_ms', scope));
}

function trend(ask: Ask, code: string, scope: Scope, { bucketMs, startsMs }: TrendBuckets): number[] {
  const { sql, values } = inScope(code, scope);
  const rows = ask<{ bucket: number; incidents: number }>(
    `SELECT opened_at_ms / ${bucketMs} AS bucket, COUNT(*) AS incidents FROM incidents ${sql} GROUP BY bucket`,
    ...values,
  );
  const counts = new Map(rows.map(({ bucket, incidents }) => [bucket, incidents]));
  return startsMs.map((atMs) => counts.get(atMs / bucketMs) ?? 0);
}

function previousSessions(ask: Ask, code: string, before: Scope | undefined): Pick<CauseRank, 'previousSessions'> {
  if (before === undefined) return {};
  const { sql, values } = inScope(code, before);
  const [row] = ask<{ sessions: number }>(
    `SELECT COUNT(DISTINCT client_session_id) AS sessions FROM incidents ${sql}`,
    ...values,
  );
  return { previousSessions: row?.sessions ?? 0 };
}

function firstRelease(ask: Ask, code: string, scope: Scope): Pick<CauseReport, 'firstRelease'> {
  const { sql, values } = where(
    { sql: "code = ? AND release <> ''", values: [code] },
    equals('app', scope.app),
    equals('environment', scope.environment),
  );
  const [first] = ask<{ app: string; release: string; receivedAtMs: number }>(
    `SELECT app, release, first_received_at_ms AS receivedAtMs FROM first_seen ${sql} ORDER BY receivedAtMs LIMIT 1`,
    ...values,
  );
  return first === undefined ? {} : { firstRelease: first };
}
