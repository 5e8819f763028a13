import type { IncidentPage, IncidentQuery, IncidentRow, StoredIncident, StoredSession } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { lookUp } from './look-up.js';
import { quote } from './quote.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_OF_SESSION = 200;

const ROW_COLUMNS = `
  id, revision, code, title, phase, status, certainty, severity, fixed_by AS fixedBy, opened_at_ms AS openedAtMs,
  updated_at_ms AS updatedAtMs, closed_at_ms AS closedAtMs, failed_attempts AS failedAttempts, transport, namespace, host,
  app, release, environment, runtime, engine, engine_version AS engineVersion, network_type AS networkType,
  client_session_id AS clientSessionId, client_version AS clientVersion, received_at_ms AS receivedAtMs`;

/** One page of incidents, newest first. */
export async function listIncidents({ rows }: ClickHouseConnection, query: IncidentQuery): Promise<IncidentPage> {
  const cursor = /^(\d{1,16})_(.+)$/.exec(query.cursor ?? '');
  const condition = where(
    ...scopeConditions('opened_at_ms', query),
    equals('code', query.code),
    equals('status', query.status),
    query.search === undefined || query.search === ''
      ? undefined
      : `position(search, ${quote(query.search.toLowerCase())}) > 0`,
    cursor === null ? undefined : `(opened_at_ms, id) < (${Number(cursor[1])}, ${quote(cursor[2] ?? '')})`,
  );
  const found = await rows<IncidentRow>(
    `SELECT ${ROW_COLUMNS} FROM incidents FINAL ${condition} ORDER BY opened_at_ms DESC, id DESC LIMIT ${query.limit + 1}`,
  );
  const incidents = found.slice(0, query.limit);
  const last = incidents.at(-1);
  return found.length > query.limit && last !== undefined
    ? { incidents, next: `${last.openedAtMs}_${last.id}` }
    : { incidents };
}

export async function readIncident(connection: ClickHouseConnection, id: string): Promise<StoredIncident | undefined> {
  const stored = (await lookUp(connection, 'incidents', [id])).get(id);
  if (stored === undefined) return undefined;
  const [row] = await connection.rows<StoredIncident & { rejudged: string | null }>(
    `SELECT received_at_ms AS receivedAtMs, context, record, rejudged FROM incidents FINAL
      WHERE sort_ms = ${stored.sortMs} AND id = ${quote(id)}`,
  );
  if (row === undefined) return undefined;
  const { rejudged, ...incident } = row;
  return rejudged === null ? incident : { ...incident, rejudged };
}

export async function readSession(
  { rows }: ClickHouseConnection,
  clientSessionId: string,
): Promise<StoredSession | undefined> {
  const own = `WHERE client_session_id = ${quote(clientSessionId)}`;
  const [records, incidents] = await Promise.all([
    rows<{ context: string; record: string; receivedAtMs: number }>(
      `SELECT context, record, received_at_ms AS receivedAtMs FROM sessions FINAL ${own}
        ORDER BY started_at_ms, id LIMIT ${MAX_OF_SESSION}`,
    ),
    rows<IncidentRow & { context: string }>(
      `SELECT ${ROW_COLUMNS}, context FROM incidents FINAL ${own} ORDER BY opened_at_ms, id LIMIT ${MAX_OF_SESSION}`,
    ),
  ]);
  const [newest] = [...records, ...incidents].sort((a, b) => b.receivedAtMs - a.receivedAtMs);
  if (newest === undefined) return undefined;
  return {
    context: newest.context,
    records: records.map(({ record }) => record),
    incidents: incidents.map(({ context: _, ...incident }) => incident),
  };
}
