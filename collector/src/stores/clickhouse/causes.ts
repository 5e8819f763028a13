import type { CauseDimension, CauseRank, CauseReport, Scope, Share } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import { withAnswer } from '../with-answer.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { scopeBuckets } from './scope-buckets.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_SHARES = 8;

/** As the newest incident has it. */
const newest = (column: string) => `argMax(${column}, (opened_at_ms, id))`;

const CAUSE_COLUMNS = `
  code, ${newest('title')} AS title, ${newest('phase')} AS phase, ${newest('fixed_by')} AS fixedBy, ${newest('severity')} AS severity,
  uniqExact(client_session_id) AS sessions, count() AS incidents, countIf(status = 'open') AS open,
  countIf(certainty = 'confirmed') AS confirmed, max(opened_at_ms) AS lastAtMs`;

const DIMENSIONS: Readonly<Record<CauseDimension, string>> = {
  release: 'release',
  engine: 'engine',
  engineVersion: `if(engine_version = '', '', concat(engine, ' ', engine_version))`,
  networkType: 'network_type',
  transport: 'transport',
  host: 'host',
  clientVersion: 'client_version',
};

type Counted = Omit<CauseRank, 'trend' | 'previousSessions' | 'firstRelease'>;

/** The causes of a scope, most affected sessions first. */
export async function rankCauses(connection: ClickHouseConnection, scope: Scope): Promise<CauseRank[]> {
  const { rows } = connection;
  const nowMs = Date.now();
  const before = previousScope(scope, nowMs);
  const buckets = await scopeBuckets(connection, scope, nowMs);
  const [ranks, trends, previous, firsts] = await Promise.all([
    rows<Counted>(
      `SELECT ${CAUSE_COLUMNS} FROM incidents FINAL ${inScope(scope)} GROUP BY code ORDER BY sessions DESC, incidents DESC, code`,
    ),
    trendsByCode(connection, scope, buckets),
    before === undefined ? undefined : sessionsByCode(connection, before),
    firstReleases(connection, scope),
  ]);
  return ranks.map((rank) => ({
    ...rank,
    ...(previous === undefined ? {} : { previousSessions: previous.get(rank.code) ?? 0 }),
    ...firsts.get(rank.code),
    trend: trends(rank.code),
  }));
}

/** One cause; undefined if the scope has no incident of it. */
export async function readCause(
  connection: ClickHouseConnection,
  code: string,
  scope: Scope,
): Promise<CauseReport | undefined> {
  const { rows } = connection;
  const nowMs = Date.now();
  const condition = inScope(scope, code);
  const before = previousScope(scope, nowMs);
  const shares = (dimension: CauseDimension) =>
    rows<Share>(
      `SELECT ${DIMENSIONS[dimension]} AS value, count() AS incidents, uniqExact(client_session_id) AS sessions
        FROM incidents FINAL ${condition} GROUP BY value ORDER BY incidents DESC, value LIMIT ${MAX_SHARES}`,
    );
  const [[rank], [last], buckets, previous, firsts] = await Promise.all([
    rows<Counted & { firstAtMs: number }>(
      `SELECT ${CAUSE_COLUMNS}, min(opened_at_ms) AS firstAtMs FROM incidents FINAL ${condition} GROUP BY code`,
    ),
    rows<{ record: string; rejudged: string | null }>(
      `SELECT record, rejudged FROM incidents FINAL ${condition} ORDER BY opened_at_ms DESC, id DESC LIMIT 1`,
    ),
    scopeBuckets(connection, scope, nowMs),
    before === undefined ? undefined : sessionsByCode(connection, before, code),
    firstReleases(connection, scope, code),
  ]);
  if (rank === undefined) return undefined;
  const [trends, release, engine, engineVersion, networkType, transport, host, clientVersion] = await Promise.all([
    trendsByCode(connection, scope, buckets, code),
    shares('release'),
    shares('engine'),
    shares('engineVersion'),
    shares('networkType'),
    shares('transport'),
    shares('host'),
    shares('clientVersion'),
  ]);
  const counts = trends(code);
  return {
    ...rank,
    ...(previous === undefined ? {} : { previousSessions: previous.get(code) ?? 0 }),
    ...firsts.get(code),
    newestRecord: last === undefined ? '{}' : withAnswer(last.record, last.rejudged),
    trend: buckets.startsMs.map((atMs, index) => ({ atMs, incidents: counts[index] ?? 0 })),
    bucketMs: buckets.bucketMs,
    by: { release, engine, engineVersion, networkType, transport, host, clientVersion },
  };
}

function inScope(scope: Scope, code?: string): string {
  return where(equals('code', code), ...scopeConditions('opened_at_ms', scope));
}

async function trendsByCode(
  { rows }: ClickHouseConnection,
  scope: Scope,
  { bucketMs, startsMs }: TrendBuckets,
  code?: string,
): Promise<(code: string) => number[]> {
  const counted = await rows<{ code: string; bucket: number; incidents: number }>(
    `SELECT code, intDiv(opened_at_ms, ${bucketMs}) AS bucket, count() AS incidents
      FROM incidents FINAL ${inScope(scope, code)} GROUP BY code, bucket`,
  );
  const counts = new Map(counted.map((row) => [`${row.bucket} ${row.code}`, row.incidents]));
  return (one) => startsMs.map((atMs) => counts.get(`${atMs / bucketMs} ${one}`) ?? 0);
}

async function sessionsByCode(
  { rows }: ClickHouseConnection,
  scope: Scope,
  code?: string,
): Promise<ReadonlyMap<string, number>> {
  const counted = await rows<{ code: string; sessions: number }>(
    `SELECT code, uniqExact(client_session_id) AS sessions FROM incidents FINAL ${inScope(scope, code)} GROUP BY code`,
  );
  return new Map(counted.map((row) => [row.code, row.sessions]));
}

/** The release that was the very first to have each cause, by code. */
async function firstReleases(
  { rows }: ClickHouseConnection,
  scope: Scope,
  code?: string,
): Promise<ReadonlyMap<string, Pick<CauseRank, 'firstRelease'>>> {
  const condition = where(
    "code <> '' AND release <> ''",
    equals('code', code),
    equals('app', scope.app),
    equals('environment', scope.environment),
  );
  const firsts = await rows<{ code: string; app: string; release: string; receivedAtMs: number }>(
    `SELECT code, app, release, first_received_at_ms AS receivedAtMs FROM first_seen FINAL ${condition}
      ORDER BY receivedAtMs, app, release LIMIT 1 BY code`,
  );
  return new Map(firsts.map(({ code: of, ...firstRelease }) => [of, { firstRelease }]));
}
