import type Database from 'libsql';
import type { NewIncident, NewRecord, NewSession, ReceivedBatch, StoreChanges } from '../store.js';
import { inTransaction } from './transaction.js';

const MAX_KNOWN_FACETS = 10_000;

/** Writes all batches in one transaction. */
export function createWriter(db: Database.Database): (batches: readonly ReceivedBatch[]) => StoreChanges {
  const upsertIncident = createUpsert(db, 'incidents', 'id');
  const upsertSession = createUpsert(db, 'sessions', 'id');
  const upsertOther = createUpsert(db, 'other_records', 'kind, id');
  const insertDropped = db.prepare('INSERT OR IGNORE INTO dropped VALUES (?, ?, ?, ?, ?, ?, ?)');

  const knownFacets = new Set<string>();
  const insertFacet = createFacetInsert(db, knownFacets);
  const knownFirsts = new Map<string, number>();
  const insertFirstSeen = createFirstSeenInsert(db, knownFirsts);

  const writeAll = (batches: readonly ReceivedBatch[]): StoreChanges => {
    const incidentIds = new Set<string>();
    let sessions = 0;
    let others = 0;
    for (const batch of batches) {
      insertFacet('app', batch.app);
      insertFacet('release', batch.release);
      insertFacet('environment', batch.environment);
      if (batch.incidents.length + batch.sessions.length > 0) {
        insertFacet('engine', batch.engine);
        insertFacet('network_type', batch.networkType);
        insertFirstSeen(batch, '');
      }
      for (const { code } of batch.incidents) {
        insertFacet('code', code);
        insertFirstSeen(batch, code);
      }
      for (const incident of batch.incidents) {
        if (upsertIncident(incidentColumns(batch, incident)) > 0) incidentIds.add(incident.id);
      }
      for (const session of batch.sessions) {
        sessions += upsertSession(sessionColumns(batch, session));
      }
      for (const other of batch.others) others += upsertOther(otherColumns(batch, other));
      // Keyed by batch, so that a batch that is sent again is not counted again.
      for (const [reason, count] of Object.entries(batch.dropped)) {
        const { app, release, environment, receivedAtMs } = batch;
        insertDropped.run(batch.id, reason.slice(0, 100), count, app, release, environment, receivedAtMs);
      }
    }
    return { incidentIds: [...incidentIds], sessions, others };
  };
  return (batches) => {
    try {
      return inTransaction(db, () => writeAll(batches));
    } catch (error) {
      // What was rolled back is not there, and must be inserted when it comes again.
      knownFacets.clear();
      knownFirsts.clear();
      throw error;
    }
  };
}

/** Inserts a value once; most values have been seen before, and those cost nothing. */
function createFacetInsert(db: Database.Database, known: Set<string>): (name: string, value: string) => void {
  const insert = db.prepare('INSERT OR IGNORE INTO facets VALUES (?, ?)');
  return (name, value) => {
    const key = `${name} ${value}`;
    if (value === '' || known.has(key)) return;
    insert.run(name, value);
    if (known.size >= MAX_KNOWN_FACETS) known.clear();
    known.add(key);
  };
}

/** Keeps the earliest; an import may bring what came before. */
function createFirstSeenInsert(
  db: Database.Database,
  known: Map<string, number>,
): (batch: ReceivedBatch, code: string) => void {
  const upsert = db.prepare(
    `INSERT INTO first_seen VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET first_received_at_ms = excluded.first_received_at_ms WHERE excluded.first_received_at_ms < first_received_at_ms`,
  );
  return ({ app, release, environment, receivedAtMs }, code) => {
    const key = JSON.stringify([app, release, environment, code]);
    if ((known.get(key) ?? Number.POSITIVE_INFINITY) <= receivedAtMs) return;
    upsert.run(app, release, environment, code, receivedAtMs);
    if (known.size >= MAX_KNOWN_FACETS) known.clear();
    known.set(key, receivedAtMs);
  };
}

type Columns = Readonly<Record<string, string | number | null>>;

/** Returns how many rows changed: none when a revision as high is already there. */
function createUpsert(db: Database.Database, table: string, key: string): (columns: Columns) => number {
  let statement: Database.Statement | undefined;
  return (columns) => {
    statement ??= prepareUpsert(db, table, key, Object.keys(columns));
    return statement.run(...Object.values(columns)).changes;
  };
}

function prepareUpsert(
  db: Database.Database,
  table: string,
  key: string,
  names: readonly string[],
): Database.Statement {
  const updates = names.map((name) => `${name} = excluded.${name}`);
  return db.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
      ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')} WHERE excluded.revision > ${table}.revision`,
  );
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

/** What a search looks through. */
export function searchText(
  incident: Pick<NewIncident, 'id' | 'code' | 'title' | 'host' | 'namespace'> &
    Pick<ReceivedBatch, 'app' | 'release' | 'clientSessionId'>,
): string {
  const { id, code, title, host, namespace, app, release, clientSessionId } = incident;
  return [id, code, title, host, namespace, app, release, clientSessionId].join('\n').toLowerCase();
}

function incidentColumns(batch: ReceivedBatch, incident: NewIncident) {
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
    // Was said of an earlier revision.
    rejudged: null,
  };
}

function sessionColumns(batch: ReceivedBatch, session: NewSession) {
  return {
    ...batchColumns(batch),
    id: session.id,
    revision: session.revision,
    started_at_ms: session.startedAtMs,
    updated_at_ms: session.updatedAtMs,
    connected: Number(session.connected),
    time_to_connect_ms: session.timeToConnectMs,
    time_to_upgrade_ms: session.timeToUpgradeMs,
    transport: session.transport,
    upgrade_wanted: Number(session.upgradeWanted),
    weight: session.weight,
    client_version: session.clientVersion,
    record: session.text,
  };
}

function otherColumns(batch: ReceivedBatch, record: NewRecord) {
  const { kind, id, revision, text } = record;
  return { kind, id, revision, received_at_ms: batch.receivedAtMs, context: batch.context, record: text };
}
