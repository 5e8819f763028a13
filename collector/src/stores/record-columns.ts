import type { NewIncident, NewRecord, NewSession, ReceivedBatch } from './store.js';

/** One row by its columns; a type and not an interface, so that it is a row for ClickHouse's client, too. */
export type RecordColumns = Readonly<Record<string, string | number | null>>;

/** The columns of `incidents`, by their names in every store. */
export function incidentColumns(batch: ReceivedBatch, incident: NewIncident): RecordColumns {
  const { id, code, title, host, namespace } = incident;
  return {
    ...batchColumns(batch),
    id,
    revision: incident.revision,
    code,
    title,
    phase: incident.phase,
    status: incident.status,
    certainty: incident.certainty,
    severity: incident.severity,
    fixed_by: incident.fixedBy,
    opened_at_ms: incident.openedAtMs,
    updated_at_ms: incident.updatedAtMs,
    closed_at_ms: incident.closedAtMs,
    failed_attempts: incident.failedAttempts,
    transport: incident.transport,
    namespace,
    host,
    client_version: incident.clientVersion,
    search: searchText({ ...batch, id, code, title, host, namespace }),
    record: incident.text,
    // It was said about an earlier revision.
    rejudged: null,
  };
}

/** The columns of `sessions`. */
export function sessionColumns(batch: ReceivedBatch, session: NewSession): RecordColumns {
  return {
    ...batchColumns(batch),
    id: session.id,
    revision: session.revision,
    started_at_ms: session.startedAtMs,
    updated_at_ms: session.updatedAtMs,
    connected: Number(session.connected),
    failed: Number(session.failed),
    time_to_connect_ms: session.timeToConnectMs,
    time_to_upgrade_ms: session.timeToUpgradeMs,
    transport: session.transport,
    upgrade_wanted: Number(session.upgradeWanted),
    weight: session.weight,
    client_version: session.clientVersion,
    record: session.text,
  };
}

/** The columns of `other_records`. */
export function otherColumns(batch: ReceivedBatch, record: NewRecord): RecordColumns {
  const { kind, id, revision, text } = record;
  return { kind, id, revision, received_at_ms: batch.receivedAtMs, context: batch.context, record: text };
}

/** What a search looks through. */
export function searchText(
  incident: Pick<NewIncident, 'id' | 'code' | 'title' | 'host' | 'namespace'> &
    Pick<ReceivedBatch, 'app' | 'release' | 'clientSessionId'>,
): string {
  const { id, code, title, host, namespace, app, release, clientSessionId } = incident;
  return [id, code, title, host, namespace, app, release, clientSessionId].join('\n').toLowerCase();
}

function batchColumns(batch: ReceivedBatch) {
  return {
    app: batch.app,
    release: batch.release,
    environment: batch.environment,
    client_session_id: batch.clientSessionId,
    runtime: batch.runtime,
    engine: batch.engine,
    engine_version: batch.engineVersion,
    network_type: batch.networkType,
    received_at_ms: batch.receivedAtMs,
    context: batch.context,
  };
}
