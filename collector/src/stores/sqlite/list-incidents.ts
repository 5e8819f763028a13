import type { IncidentPage, IncidentQuery, IncidentRow } from '../store.js';
import type { Ask } from './ask.js';
import { INCIDENT_COLUMNS, INCIDENT_JOINS } from './incidents.js';
import { ANY_CODE, LEVELS } from './rollup-level.js';
import { inSegments, needsFineSegments } from './scope-segments.js';
import { searchCondition } from './search-condition.js';
import { between, type Condition, equals, where } from './where.js';

const HOUR_MS = 3_600_000;

/** How much one query goes through at most when it searches: about 30 ms. */
const MAX_SEARCHED = 20_000;

interface Position {
  readonly n: number;
  readonly atMs: number;
}

/**
 * One page of incidents, newest first. The rollups show in which hours anything passes the filters, so that only these are examined. A
 * search goes through the newest 20,000 after the cursor and says where to continue.
 */
export function listIncidents(ask: Ask, query: IncidentQuery): IncidentPage {
  const code = query.code === undefined || query.code === '' ? undefined : codeOf(ask, query.code);
  if (code === null) return { incidents: [] };
  const cursor = /^(\d{1,16})_(.*)$/.exec(query.cursor ?? '');
  const conditions = [
    equals('code', code),
    equals('status', query.status),
    inSegments(ask, query, true),
    cursor === null
      ? undefined
      : { sql: '(opened_at_ms, n) < (?, ?)', values: [Number(cursor[1]), Number(cursor[2]) || 0] },
  ];
  const untilMs = Math.min(
    query.untilMs ?? Number.MAX_SAFE_INTEGER,
    cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor[1]) + 1,
  );
  const scope = { ...query, untilMs };
  if (query.search !== undefined && query.search !== '') return search(ask, scope, conditions, query.search);

  const index = code === undefined ? 'incidents_by_time' : 'incidents_by_code';
  const find = (sinceMs: number | undefined, beforeMs: number, limit: number): Position[] => {
    const { sql, values } = where(...between('opened_at_ms', sinceMs, beforeMs), ...conditions);
    return ask(
      `SELECT n, opened_at_ms AS atMs FROM incidents INDEXED BY ${index} ${sql} ORDER BY opened_at_ms DESC, n DESC LIMIT ?`,
      ...values,
      limit,
    );
  };
  const wanted = query.limit + 1;
  const isFiltered = conditions[1] !== undefined || conditions[2] !== undefined;
  const found: Position[] = isFiltered ? [] : find(query.sinceMs, untilMs, wanted);
  if (isFiltered) {
    for (const hour of hoursWith(ask, scope, code ?? ANY_CODE, query.status)) {
      const sinceMs = Math.max(hour * HOUR_MS, query.sinceMs ?? Number.MIN_SAFE_INTEGER);
      found.push(...find(sinceMs, Math.min((hour + 1) * HOUR_MS, untilMs), wanted - found.length));
      if (found.length >= wanted) break;
    }
  }
  return pageOf(ask, found.slice(0, query.limit), found.length > query.limit);
}

function codeOf(ask: Ask, code: string): number | null {
  return ask<{ id: number }>('SELECT id FROM codes WHERE code = ?', code)[0]?.id ?? null;
}

/** Hours with such incidents, the newest first; read as they are needed. */
function* hoursWith(ask: Ask, scope: IncidentQuery, code: number, status: string | undefined): Generator<number> {
  const fine = needsFineSegments(scope);
  const level = LEVELS.find((one) => one.hours === 1 && one.fine === fine)?.level ?? 0;
  const counted = status === 'open' || status === 'resolved' ? status : 'incidents - open - resolved';
  const step = 200;
  let beforeHour = Math.ceil((scope.untilMs ?? Number.MAX_SAFE_INTEGER) / HOUR_MS);
  for (;;) {
    const { sql, values } = where(
      { sql: 'level = ? AND code = ?', values: [level, code] },
      ...between('bucket', scope.sinceMs && Math.floor(scope.sinceMs / HOUR_MS), beforeHour),
      inSegments(ask, scope, fine),
      status ? { sql: `${counted} > 0`, values: [] } : undefined,
    );
    const rows = ask<{ bucket: number }>(
      `SELECT DISTINCT bucket FROM incident_rollups ${sql} ORDER BY bucket DESC LIMIT ${step}`,
      ...values,
    );
    for (const { bucket } of rows) yield bucket;
    const last = rows.at(-1);
    if (last === undefined || rows.length < step) return;
    beforeHour = last.bucket;
  }
}

function search(
  ask: Ask,
  scope: IncidentQuery,
  conditions: readonly (Condition | undefined)[],
  text: string,
): IncidentPage {
  const { sql, values } = where(...between('opened_at_ms', scope.sinceMs, scope.untilMs), ...conditions);
  const candidates = `SELECT n, opened_at_ms FROM incidents INDEXED BY incidents_by_time ${sql}
    ORDER BY opened_at_ms DESC, n DESC LIMIT ${MAX_SEARCHED}`;
  const matches = searchCondition(ask, text);
  const found = ask<Position>(
    `SELECT incidents.n, candidates.opened_at_ms AS atMs FROM (${candidates}) AS candidates
      CROSS JOIN incidents ON incidents.n = candidates.n WHERE ${matches.sql} LIMIT ?`,
    ...values,
    ...matches.values,
    scope.limit + 1,
  );
  if (found.length > scope.limit) return pageOf(ask, found.slice(0, scope.limit), true);
  const [end] = ask<Position>(
    `SELECT n, opened_at_ms AS atMs FROM (${candidates}) LIMIT 1 OFFSET ${MAX_SEARCHED - 1}`,
    ...values,
  );
  const page = pageOf(ask, found, false);
  return end === undefined ? page : { ...page, next: `${end.atMs}_${end.n}` };
}

function pageOf(ask: Ask, found: readonly Position[], hasMore: boolean): IncidentPage {
  const rows = ask<IncidentRow & { n: number }>(
    `SELECT incidents.n, ${INCIDENT_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN incidents ON incidents.n = wanted.value ${INCIDENT_JOINS}
      ORDER BY wanted.key`,
    JSON.stringify(found.map(({ n }) => n)),
  );
  const incidents = rows.map(({ n: _, ...row }) => row);
  const last = found.at(-1);
  return hasMore && last !== undefined ? { incidents, next: `${last.atMs}_${last.n}` } : { incidents };
}
