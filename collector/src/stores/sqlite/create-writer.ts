import type Database from 'libsql';
import { incidentColumns, otherColumns, type RecordColumns, sessionColumns } from '../record-columns.js';
import type { ReceivedBatch, StoreChanges } from '../store.js';
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

/** Returns how many rows changed: none when a revision as high is already there. */
function createUpsert(db: Database.Database, table: string, key: string): (columns: RecordColumns) => number {
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
