import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { CollectorError } from '../collector-error.js';
import { exportSqlite } from './sqlite-export.js';
import { createSqliteQueries } from './sqlite-queries.js';
import { createSqliteRetention } from './sqlite-retention.js';
import { SQLITE_SCHEMA_VERSION, sqliteSchema } from './sqlite-schema.js';
import { asStoreFailure, inTransaction } from './sqlite-transaction.js';
import type { NewIncident, NewRecord, NewSession, ReceivedBatch, Store, StoreChanges } from './store.js';

const BUSY_TIMEOUT_MS = 5000;
const MAX_KNOWN_FACETS = 10_000;

/** Opens, or makes, the database in a folder; a `CollectorError` says in one line what stands in the way. */
export function openSqliteStore(folder: string): Store {
  const path = prepareFolder(folder);
  const db = openDatabase(path);
  const writer = createWriter(db);
  const queries = createSqliteQueries(db);
  return {
    retention: createSqliteRetention(db),
    exportLines: () => exportSqlite(db),
    write: async (batches) => writer(batches),
    listIncidents: async (query) => queries.listIncidents(query),
    readIncident: async (id) => queries.readIncident(id),
    rankCauses: async (scope) => queries.rankCauses(scope),
    readCause: async (code, scope) => queries.readCause(code, scope),
    overview: async (scope) => queries.overview(scope),
    facets: async () => queries.facets(),
    async ping() {
      try {
        // Writes the page that every database has, with what it holds anyway.
        inTransaction(db, () => db.exec(`PRAGMA user_version = ${SQLITE_SCHEMA_VERSION}`));
      } catch (error) {
        throw asStoreFailure(error);
      }
    },
    async sizeBytes() {
      return [path, `${path}-wal`].reduce(
        (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
    },
    async close() {
      db.close();
    },
  };
}

function prepareFolder(folder: string): string {
  try {
    makeFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.W_OK | constants.X_OK);
    const path = join(folder, 'collector.db');
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    return path;
  } catch (error) {
    throw new CollectorError(
      `Cannot write to the data folder ${folder} (${reasonOf(error)}). Choose another with --data.`,
    );
  }
}

/** In Node 20 `mkdirSync` with `recursive` never returns where a folder cannot exist, such as below /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}

function openDatabase(path: string): Database.Database {
  let version: number;
  let db: Database.Database;
  try {
    db = new Database(path);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Has an effect before the first table only; lets retention give space back in small steps.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    // FULL syncs the log at every commit: what was answered with a 2xx outlives a power cut, not only a crash of the process.
    db.pragma('synchronous = FULL');
    version = (db.pragma('user_version', { simple: true }) as { user_version: number }).user_version;
  } catch (error) {
    throw new CollectorError(
      `${path} cannot be opened as a database (${reasonOf(error)}). Move it away or choose another folder with --data.`,
    );
  }
  if (version > SQLITE_SCHEMA_VERSION) {
    db.close();
    throw new CollectorError(
      `${path} was written by a newer collector (its version is ${version}, this one knows ${SQLITE_SCHEMA_VERSION}). Update the collector or choose another folder with --data.`,
    );
  }
  if (version === 0) {
    db.exec(`BEGIN IMMEDIATE; ${sqliteSchema} PRAGMA user_version = ${SQLITE_SCHEMA_VERSION}; COMMIT;`);
  }
  return db;
}

function createWriter(db: Database.Database): (batches: readonly ReceivedBatch[]) => StoreChanges {
  const upsertIncident = createUpsert(db, 'incidents', 'id');
  const upsertSession = createUpsert(db, 'sessions', 'id');
  const upsertOther = createUpsert(db, 'other_records', 'kind, id');
  const insertDropped = db.prepare('INSERT OR IGNORE INTO dropped VALUES (?, ?, ?, ?, ?, ?, ?)');

  const knownFacets = new Set<string>();
  const insertFacet = createFacetInsert(db, knownFacets);

  const writeAll = (batches: readonly ReceivedBatch[]): StoreChanges => {
    const incidentIds = new Set<string>();
    let sessions = 0;
    let others = 0;
    for (const batch of batches) {
      insertFacet('app', batch.app);
      insertFacet('release', batch.release);
      insertFacet('environment', batch.environment);
      for (const incident of batch.incidents) insertFacet('code', incident.code);
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
    received_at_ms: batch.receivedAtMs,
    context: batch.context,
  };
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
    search: [id, code, title, host, namespace, batch.app, batch.release, batch.clientSessionId]
      .join('\n')
      .toLowerCase(),
    record: incident.text,
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

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code && /^E[A-Z]+$/.test(code) ? code : message;
}
