import type { IncidentRow, StoredIncident, StoredSession } from '../store.js';
import type { Ask } from './ask.js';

const MAX_OF_SESSION = 200;

/** Of incidents joined with their related tables; see `INCIDENT_JOINS`. */
export const INCIDENT_COLUMNS = `
  incidents.id, revision, codes.code, incidents.title, incidents.phase, status, certainty, incidents.severity,
  incidents.fixed_by AS fixedBy, incidents.opened_at_ms AS openedAtMs, updated_at_ms AS updatedAtMs, closed_at_ms AS closedAtMs,
  failed_attempts AS failedAttempts, transport, namespace, host, app, release, environment, runtime, engine,
  engine_version AS engineVersion, network_type AS networkType, session_id AS clientSessionId, client_version AS clientVersion,
  received_at_ms AS receivedAtMs`;

export const INCIDENT_JOINS = `CROSS JOIN codes ON codes.id = incidents.code CROSS JOIN segments ON segments.id = incidents.segment
  CROSS JOIN clients ON clients.n = incidents.client`;

export function readIncident(ask: Ask, id: string): StoredIncident | undefined {
  const [row] = ask<StoredIncident & { rejudged: string | null }>(
    'SELECT received_at_ms AS receivedAtMs, context, record, rejudged FROM incidents CROSS JOIN clients ON clients.n = client WHERE incidents.id = ?',
    id,
  );
  if (row === undefined) return undefined;
  const { rejudged, ...incident } = row;
  return rejudged === null ? incident : { ...incident, rejudged };
}

export function readSession(ask: Ask, clientSessionId: string): StoredSession | undefined {
  const [newest] = ask<{ session: number; context: string }>(
    'SELECT session, context FROM clients WHERE session_id = ? ORDER BY n DESC LIMIT 1',
    clientSessionId,
  );
  if (newest === undefined) return undefined;
  const records = ask<{ record: string }>(
    `SELECT record FROM sessions WHERE session = ? ORDER BY started_at_ms, n LIMIT ${MAX_OF_SESSION}`,
    newest.session,
  );
  const incidents = ask<IncidentRow>(
    `SELECT ${INCIDENT_COLUMNS} FROM incidents ${INCIDENT_JOINS} WHERE incidents.session = ?
      ORDER BY incidents.opened_at_ms, incidents.n LIMIT ${MAX_OF_SESSION}`,
    newest.session,
  );
  return { context: newest.context, records: records.map(({ record }) => record), incidents };
}
