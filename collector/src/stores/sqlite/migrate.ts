import type Database from 'libsql';
import type { WireSession } from '../../ingest/wire-records.js';
import type { MigrationProgress } from '../migration-progress.js';
import type { NewIncident, NewSession, ReceivedBatch } from '../store.js';
import { countFailedSessions } from './count-failed-sessions.js';
import { createWriter } from './create-writer.js';
import { createDictionary } from './dictionary.js';
import { createRecordCounter } from './record-counter.js';
import { SQLITE_SCHEMA_VERSION, sqliteSchema } from './schema.js';

const ROWS_PER_STEP = 500;

type OldRow = Readonly<Record<string, string | number | null>>;

/** The first version whose rows share segments, codes and clients, and are counted in rollups. */
const NORMALIZED = 4;

/**
 * Migrates a database of any earlier version, all or nothing: if stopped midway, the database is as it was. The caller may do something
 * else between two steps, but not with this connection.
 */
export function* migrate(db: Database.Database): Generator<MigrationProgress> {
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster.
    const { user_version: version } = db.pragma('user_version', { simple: true }) as { user_version: number };
    if (version < NORMALIZED) yield* rewrite(db);
    else if (version < SQLITE_SCHEMA_VERSION) yield* countFailedSessions(db);
    db.exec(`PRAGMA user_version = ${SQLITE_SCHEMA_VERSION}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * For versions 1 to 3, whose rows contained everything themselves: each record is written again, so that it is counted in the rollups,
 * which takes about as long as an import.
 */
function* rewrite(db: Database.Database): Generator<MigrationProgress> {
  for (const table of ['incidents', 'sessions', 'first_seen']) {
    if (!hasTable(db, table)) continue;
    const indexes = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .all(table) as { name: string }[];
    for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
    db.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  }
  db.exec('DROP TABLE facets');
  db.exec(sqliteSchema.replaceAll(/CREATE (TABLE|INDEX|UNIQUE INDEX)/g, '$& IF NOT EXISTS'));
  const write = createWriter(db, createDictionary(db), createRecordCounter(db), (work) => work());
  const setRejudged = db.prepare('UPDATE incidents SET rejudged = ? WHERE id = ?');
  const lastOf = (table: string) =>
    (db.prepare(`SELECT COALESCE(MAX(rowid), 0) AS last FROM ${table}`).get() as { last: number }).last;
  const ofRows = lastOf('old_incidents') + lastOf('old_sessions');
  let rowsBefore = 0;
  const rewriteRows = function* (table: string, batchOf: (row: OldRow) => ReceivedBatch): Generator<MigrationProgress> {
    const select = db.prepare(`SELECT rowid AS old_rowid, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`);
    let last = 0;
    for (;;) {
      yield { rows: rowsBefore + last, ofRows };
      const rows = select.all(last, ROWS_PER_STEP) as OldRow[];
      const end = rows.at(-1);
      if (end === undefined) break;
      write(rows.map(batchOf));
      for (const { id, rejudged } of rows) if (typeof rejudged === 'string') setRejudged.run(rejudged, id);
      last = Number(end.old_rowid);
    }
    rowsBefore += last;
    db.exec(`DROP TABLE ${table}`);
  };
  yield* rewriteRows('old_incidents', (row) => ({ ...batchOf(row), incidents: [incidentOf(row)] }));
  yield* rewriteRows('old_sessions', (row) => ({ ...batchOf(row), sessions: [sessionOf(row)] }));
  if (hasTable(db, 'old_first_seen')) {
    db.exec(
      `INSERT INTO first_seen SELECT * FROM old_first_seen WHERE true ON CONFLICT DO UPDATE
        SET first_received_at_ms = MIN(first_received_at_ms, excluded.first_received_at_ms);
      DROP TABLE old_first_seen`,
    );
  }
}

function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

function batchOf(row: OldRow): ReceivedBatch {
  const context = text(row.context);
  // Version 1 had no columns for what an SDK said of these.
  const { runtime } = (JSON.parse(context) as { session: { runtime: Record<string, unknown> } }).session;
  return {
    id: '',
    receivedAtMs: Number(row.received_at_ms),
    correctionMs: 0,
    app: text(row.app),
    release: text(row.release),
    environment: text(row.environment),
    clientSessionId: text(row.client_session_id),
    runtime: text(row.runtime),
    engine: text(row.engine),
    engineVersion: text(runtime.engineVersion),
    networkType: text(runtime.networkType),
    context,
    dropped: {},
    incidents: [],
    sessions: [],
    others: [],
  };
}

function incidentOf(row: OldRow): NewIncident {
  return {
    kind: 'incident',
    id: text(row.id),
    revision: Number(row.revision),
    text: text(row.record),
    code: text(row.code),
    title: text(row.title),
    phase: text(row.phase),
    status: text(row.status),
    certainty: text(row.certainty),
    severity: text(row.severity),
    fixedBy: text(row.fixed_by),
    openedAtMs: Number(row.opened_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    closedAtMs: numberOrNull(row.closed_at_ms),
    failedAttempts: Number(row.failed_attempts),
    transport: text(row.transport),
    namespace: text(row.namespace),
    host: text(row.host),
    clientVersion: text(row.client_version),
  };
}

function sessionOf(row: OldRow): NewSession {
  const { failedAttempts, incidents } = JSON.parse(text(row.record)) as WireSession;
  return {
    kind: 'session',
    id: text(row.id),
    revision: Number(row.revision),
    text: text(row.record),
    startedAtMs: Number(row.started_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    connected: Boolean(row.connected),
    failed: !row.connected && failedAttempts + incidents > 0,
    timeToConnectMs: numberOrNull(row.time_to_connect_ms),
    timeToUpgradeMs: numberOrNull(row.time_to_upgrade_ms),
    transport: text(row.transport),
    upgradeWanted: Boolean(row.upgrade_wanted),
    weight: Number(row.weight),
    clientVersion: text(row.client_version),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
