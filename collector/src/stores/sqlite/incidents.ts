import type { IncidentPage, IncidentQuery, IncidentRow, StoredIncident, StoredSession } from '../store.js';
import type { Ask } from './ask.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_OF_SESSION = 200;

const ROW_COLUMNS = `
  id, revision, code, title, phase, status, certainty, severity, fixed_by AS fixedBy, opened_at_ms AS openedAtMs,
  updated_at_ms AS updatedAtMs, closed_at_ms AS closedAtMs, failed_attempts AS failedAttempts, transport, namespace, host,
  app, release, environment, runtime, engine, engine_version AS engineVersion, network_type AS networkType,
  client_session_id AS clientSessionId, client_version AS clientVersion, received_at_ms AS receivedAtMs`;

/** One page of incidents, newest first. */
export function listIncidents(ask: Ask, query: IncidentQuery): IncidentPage {
  const cursor = /^(\d{1,16})_(.+)$/.exec(query.cursor ?? '');
  const { sql, values } = where(
    ...scopeConditions('opened_at_ms', query),
    equals('code', query.code),
    equals('status', query.status),
    query.search === undefined || query.search === ''
      ? undefined
      : { sql: `search LIKE ? ESCAPE '\\'`, values: [likePattern(query.search)] },
    cursor === null ? undefined : { sql: '(opened_at_ms, id) < (?, ?)', values: [Number(cursor[1]), cursor[2] ?? ''] },
  );
  const rows = ask<IncidentRow>(
    `SELECT ${ROW_COLUMNS} FROM incidents ${sql} ORDER BY opened_at_ms DESC, id DESC LIMIT ?`,
    ...values,
    query.limit + 1,
  );
  const incidents = rows.slice(0, query.limit);
  const last = incidents.at(-1);
  return rows.length > query.limit && last !== undefined
    ? { incidents, next: `${last.openedAtMs}_${last.id}` }
    : { incidents };
}

export function readIncident(ask: Ask, id: string): StoredIncident | undefined {
  const [row] = ask<StoredIncident & { rejudged: string | null }>(
    'SELECT received_at_ms AS receivedAtMs, context, record, rejudged FROM incidents WHERE id = ?',
    id,
  );
  if (row === undefined) return undefined;
  const { rejudged, ...incident } = row;
  return rejudged === null ? incident : { ...incident, rejudged };
}

export function readSession(ask: Ask, clientSessionId: string): StoredSession | undefined {
  const records = ask<{ context: string; record: string; receivedAtMs: number }>(
    `SELECT context, record, received_at_ms AS receivedAtMs FROM sessions WHERE client_session_id = ?
      ORDER BY started_at_ms, id LIMIT ${MAX_OF_SESSION}`,
    clientSessionId,
  );
  const incidents = ask<IncidentRow & { context: string }>(
    `SELECT ${ROW_COLUMNS}, context FROM incidents WHERE client_session_id = ? ORDER BY opened_at_ms, id LIMIT ${MAX_OF_SESSION}`,
    clientSessionId,
  );
  const [newest] = [...records, ...incidents].sort((a, b) => b.receivedAtMs - a.receivedAtMs);
  if (newest === undefined) return undefined;
  return {
    context: newest.context,
    records: records.map(({ record }) => record),
    incidents: incidents.map(({ context: _, ...incident }) => incident),
  };
}

function likePattern(search: string): string {
  return `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
}
