import { groupBy } from '../../group-by.js';
import type { CauseRank, CauseReport, Scope, Share } from '../store.js';
import { previousScope, type TrendBuckets } from '../trend-buckets.js';
import { withAnswer } from '../with-answer.js';
import type { Ask } from './ask.js';
import type { Counts, IncidentSums } from './counts.js';
import { createCounts } from './create-counts.js';
import { scopeBuckets } from './scope-buckets.js';
import { inSegments, needsFineSegments, scopeSegments } from './scope-segments.js';
import { between, type Condition, equals, where } from './where.js';

const MAX_SHARES = 8;

/** Number of incidents examined to find the breakdowns of a cause: a share is then off by less than 2 % of all. */
const SAMPLE = 4000;

interface CodeRow {
  readonly id: number;
  readonly code: string;
  readonly title: string;
  readonly phase: string;
  readonly severity: string;
  readonly fixedBy: string;
}

const CODES = 'SELECT id, code, title, phase, severity, fixed_by AS fixedBy FROM codes';

/** The causes of a scope, most affected sessions first. */
export function rankCauses(ask: Ask, scope: Scope): CauseRank[] {
  const nowMs = Date.now();
  const buckets = scopeBuckets(ask, scope, nowMs);
  const { counts, before } = countsOf(ask, scope, nowMs, buckets);
  const codes = new Map(ask<CodeRow>(CODES).map((row) => [row.id, row]));
  const previous = before && new Map(before.incidents('all', 'each').map((row) => [row.code, row.sessions]));
  const byBucket = groupBy(counts.incidents('bucket', 'each'), ({ code }) => code);
  const within = inSegments(ask, scope, true);
  const firsts = firstReleases(ask, scope);
  return counts
    .incidents('all', 'each')
    .flatMap((sums): CauseRank[] => {
      const row = codes.get(sums.code);
      if (row === undefined || sums.incidents === 0) return [];
      const inBuckets = byBucket.get(row.id) ?? [];
      return [
        {
          ...withFirst(firsts.get(row.code)),
          ...rankOf(row, sums, edge(ask, row.id, newestBucket(inBuckets), counts.bucketMs, scope, within, 'DESC')),
          ...(previous === undefined ? {} : { previousSessions: previous.get(row.id) ?? 0 }),
          trend: trend(inBuckets, buckets),
        },
      ];
    })
    .sort((a, b) => b.sessions - a.sessions || b.incidents - a.incidents || (a.code < b.code ? -1 : 1));
}

/** One cause; undefined if the scope has no incident of it. */
export function readCause(ask: Ask, code: string, scope: Scope): CauseReport | undefined {
  const nowMs = Date.now();
  const [row] = ask<CodeRow>(`${CODES} WHERE code = ?`, code);
  if (row === undefined) return undefined;
  const buckets = scopeBuckets(ask, scope, nowMs);
  const { counts, before } = countsOf(ask, scope, nowMs, buckets);
  const [sums] = counts.incidents('all', row.id);
  if (sums === undefined || sums.incidents === 0) return undefined;
  const byBucket = counts.incidents('bucket', row.id);
  const points = trend(byBucket, buckets);
  const within = inSegments(ask, scope, true);
  const newest = edge(ask, row.id, newestBucket(byBucket), counts.bucketMs, scope, within, 'DESC');
  const oldest = edge(ask, row.id, oldestBucket(byBucket), counts.bucketMs, scope, within, 'ASC');
  if (newest === undefined) return undefined;
  const [record] = ask<{ record: string; rejudged: string | null }>(
    'SELECT record, rejudged FROM incidents WHERE n = ?',
    newest.n,
  );
  return {
    ...rankOf(row, sums, newest),
    ...(before === undefined ? {} : { previousSessions: before.incidents('all', row.id)[0]?.sessions ?? 0 }),
    ...withFirst(firstReleases(ask, scope, code).get(code)),
    firstAtMs: oldest?.atMs ?? newest.atMs,
    newestRecord: record === undefined ? '{}' : withAnswer(record.record, record.rejudged),
    trend: buckets.startsMs.map((atMs, index) => ({ atMs, incidents: points[index] ?? 0 })),
    bucketMs: buckets.bucketMs,
    by: {
      ...segmentShares(ask, row.id, scope, nowMs, buckets),
      ...sampledShares(ask, row.id, scope, sums),
    },
  };
}

function countsOf(ask: Ask, scope: Scope, nowMs: number, { bucketMs }: TrendBuckets) {
  const options = { nowMs, bucketMs, fine: needsFineSegments(scope) };
  const before = previousScope(scope, nowMs);
  return {
    counts: createCounts(ask, scope, options),
    before: before === undefined ? undefined : createCounts(ask, before, options),
  };
}

function rankOf(
  { id: _, ...named }: CodeRow,
  { sessions, incidents, open, confirmed }: IncidentSums,
  newest: { readonly atMs: number } | undefined,
): Omit<CauseRank, 'trend'> {
  return { ...named, sessions, incidents, open, confirmed, lastAtMs: newest?.atMs ?? 0 };
}

function withFirst(firstRelease: CauseRank['firstRelease']): Pick<CauseRank, 'firstRelease'> {
  return firstRelease === undefined ? {} : { firstRelease };
}

function newestBucket(rows: readonly IncidentSums[]): number {
  return rows.reduce((newest, { key }) => Math.max(newest, key), Number.NEGATIVE_INFINITY);
}

function oldestBucket(rows: readonly IncidentSums[]): number {
  return rows.reduce((oldest, { key }) => Math.min(oldest, key), Number.POSITIVE_INFINITY);
}

/**
 * The newest or oldest incident of a cause in one bucket: without that limit, a filter that few incidents pass would be tried on all. It is
 * in the scope if there is one; what rollups count may lie next to it.
 */
function edge(
  ask: Ask,
  code: number,
  fromMs: number,
  bucketMs: number,
  scope: Scope,
  within: Condition | undefined,
  order: 'ASC' | 'DESC',
): { n: number; atMs: number } | undefined {
  const find = (sinceMs: number, untilMs: number) => {
    const { sql, values } = where(equals('code', code), ...between('opened_at_ms', sinceMs, untilMs), within);
    return ask<{ n: number; atMs: number }>(
      `SELECT n, opened_at_ms AS atMs FROM incidents INDEXED BY incidents_by_code ${sql} ORDER BY opened_at_ms ${order}, n ${order} LIMIT 1`,
      ...values,
    )[0];
  };
  const endMs = fromMs + bucketMs;
  const { sinceMs = fromMs, untilMs = endMs } = scope;
  return find(Math.max(fromMs, sinceMs), Math.min(endMs, untilMs)) ?? find(fromMs, endMs);
}

function trend(rows: readonly IncidentSums[], { bucketMs, startsMs }: TrendBuckets): number[] {
  const counts = new Map<number, number>();
  for (const { key, incidents } of rows) {
    const atMs = Math.floor(key / bucketMs) * bucketMs;
    counts.set(atMs, (counts.get(atMs) ?? 0) + incidents);
  }
  return startsMs.map((atMs) => counts.get(atMs) ?? 0);
}

function segmentShares(
  ask: Ask,
  code: number,
  scope: Scope,
  nowMs: number,
  { bucketMs }: TrendBuckets,
): Record<'release' | 'engine' | 'engineVersion' | 'networkType', Share[]> {
  const counts: Counts = createCounts(ask, scope, { nowMs, bucketMs, fine: true });
  const sums = new Map(counts.incidents('segment', code).map((row) => [row.key, row]));
  const rows = scopeSegments(ask, scope, true).flatMap((segment) => {
    const counted = sums.get(segment.id);
    return counted === undefined ? [] : [{ ...segment, incidents: counted.incidents, sessions: counted.sessions }];
  });
  return {
    release: sharesOf(rows, ({ release }) => release),
    engine: sharesOf(rows, ({ engine }) => engine),
    engineVersion: sharesOf(rows, ({ engine, engineVersion }) =>
      engineVersion === '' ? '' : `${engine} ${engineVersion}`,
    ),
    networkType: sharesOf(rows, ({ networkType }) => networkType),
  };
}

interface Sampled {
  readonly session: number;
  readonly transport: string;
  readonly host: string;
  readonly clientVersion: string;
}

/** If there are more incidents than the sample, only some are examined, and the counts are scaled up. */
function sampledShares(
  ask: Ask,
  code: number,
  scope: Scope,
  { incidents, sessions }: IncidentSums,
): Record<'transport' | 'host' | 'clientVersion', Share[]> {
  const step = Math.max(1, Math.ceil(incidents / SAMPLE));
  const { sql, values } = where(
    equals('code', code),
    ...between('opened_at_ms', scope.sinceMs, scope.untilMs),
    inSegments(ask, scope, true),
  );
  // Which ones must not depend on the order in which they arrived: every n-th row would be the same record of each batch.
  const sample = step === 1 ? '' : `AND (n * 2654435761 >> 12) % ${step} = 0`;
  const rows = ask<Sampled>(
    `SELECT incidents.session, transport, host, client_version AS clientVersion
      FROM (SELECT n FROM incidents INDEXED BY incidents_by_code ${sql} ${sample}) AS chosen
      CROSS JOIN incidents ON incidents.n = chosen.n`,
    ...values,
  );
  const scale = incidents / Math.max(1, rows.length);
  const distinct = (some: readonly Sampled[]) => new Set(some.map(({ session }) => session)).size;
  const sessionScale = sessions / Math.max(1, distinct(rows));
  const shares = (nameOf: (row: Sampled) => string) => {
    const counted = groupBy(rows, nameOf);
    const sums = [...counted].map(([value, group]) => ({
      value,
      incidents: Math.round(group.length * scale),
      sessions: Math.round(distinct(group) * sessionScale),
    }));
    return sharesOf(sums, ({ value }) => value);
  };
  return {
    transport: shares(({ transport }) => transport),
    host: shares(({ host }) => host),
    clientVersion: shares(({ clientVersion }) => clientVersion),
  };
}

function sharesOf<T extends { readonly incidents: number; readonly sessions: number }>(
  rows: readonly T[],
  nameOf: (row: T) => string,
): Share[] {
  return [...groupBy(rows, nameOf)]
    .map(([value, group]) => ({
      value,
      incidents: group.reduce((sum, { incidents }) => sum + incidents, 0),
      sessions: group.reduce((sum, { sessions }) => sum + sessions, 0),
    }))
    .sort((a, b) => b.incidents - a.incidents || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_SHARES);
}

/** The release that was the very first to have each cause, by code. */
function firstReleases(ask: Ask, scope: Scope, code?: string): Map<string, NonNullable<CauseRank['firstRelease']>> {
  const { sql, values } = where(
    { sql: "code <> '' AND release <> ''", values: [] },
    equals('code', code),
    equals('app', scope.app),
    equals('environment', scope.environment),
  );
  // With MIN(), SQLite takes the other columns from the row that has the minimum.
  const firsts = ask<{ code: string; app: string; release: string; receivedAtMs: number }>(
    `SELECT code, app, release, MIN(first_received_at_ms) AS receivedAtMs FROM first_seen ${sql} GROUP BY code`,
    ...values,
  );
  return new Map(firsts.map(({ code: of, ...first }) => [of, first]));
}
