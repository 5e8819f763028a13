import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'libsql';
import { CollectorError } from '../../collector-error.js';
import type { MigrationListener, MigrationProgress } from '../migration-progress.js';
import { adviceOf, StoreFailure } from '../store-failure.js';
import { migrate } from './migrate.js';
import { SQLITE_SCHEMA_VERSION, sqliteSchema } from './schema.js';
import { asStoreFailure, inTransaction } from './transaction.js';

const BUSY_TIMEOUT_MS = 5000;

/**
 * These only have an effect before the first table is created. Pages of 8 KiB cost busy senders a tenth less than SQLite's default of 4 KiB;
 * `auto_vacuum` lets retention give space back in small steps.
 */
const BEFORE_TABLES = 'PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL';

/** Rewriting this much takes some seconds. */
const MAX_VACUUM_BYTES = 256 * 1024 * 1024;

/** SQLite's default is 2 MB, too little for the indexes that every record changes. */
const CACHE_KIB = 64 * 1024;

/**
 * 32 MB, after which the log is moved into the database. SQLite's default is 1000 pages, which busy senders fill several times a second: pages
 * that every transaction changes are then copied and synced each time.
 */
const CHECKPOINT_PAGES = 4000;

/** Opens, creates or migrates a database; a `CollectorError` says in one line what prevents it. */
export function openDatabase(path: string): Database.Database {
  return connected(path, (db) => {
    for (const _ of stepsUpToDate(db, path));
    makeShrinkable(db, path);
    return db;
  });
}

/**
 * Migrates a database if there is one and it needs it. Between its steps this process does other things, because it may take minutes. Fails
 * as `openDatabase` does.
 */
export async function migrateDatabase(path: string, listener: MigrationListener): Promise<void> {
  if (!existsSync(path)) return;
  const db = connected(path, (opened) => opened);
  try {
    const from = versionOf(db);
    // `openDatabase` deals with a new database and with one of a newer collector.
    if (from === 0 || from >= SQLITE_SCHEMA_VERSION) return;
    listener.onBegin({ from, to: SQLITE_SCHEMA_VERSION });
    for (const progress of stepsUpToDate(db, path)) {
      listener.onProgress(progress);
      await nextTurn();
    }
    // The log now contains nearly all of the database, and would keep that size.
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if ((asStoreFailure(error) as Partial<StoreFailure>).reason === 'locked') {
      throw new CollectorError(
        `Another process has ${path} open and may be migrating it. Wait for that process or stop it, then start again.`,
      );
    }
    throw openError(error, path);
  } finally {
    db.close();
  }
  listener.onEnd();
}

function connected<T>(path: string, use: (db: Database.Database) => T): T {
  let db: Database.Database | undefined;
  try {
    if (!existsSync(path)) makeDatabase(path);
    db = new Database(path);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    db.exec(BEFORE_TABLES);
    db.pragma('journal_mode = WAL');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // FULL syncs the log at every commit: what was acknowledged with a 2xx survives a power cut, not only a crash of the process.
    db.pragma('synchronous = FULL');
    return use(db);
  } catch (error) {
    db?.close();
    throw openError(error, path);
  }
}

/**
 * Creates a database under another name and gives it its real one once it is complete: a failure midway, most likely for lack of space,
 * leaves nothing behind, and of several that start at the same time, the first one's is used.
 */
function makeDatabase(path: string): void {
  const made = `${path}-${randomUUID()}`;
  try {
    const db = new Database(made);
    try {
      db.exec(`${BEFORE_TABLES}; PRAGMA synchronous = FULL`);
      inTransaction(db, () => makeTables(db));
    } finally {
      db.close();
    }
    try {
      linkSync(made, path);
    } catch (error) {
      // Not every file system has links.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(path)) renameSync(made, path);
    }
  } finally {
    for (const file of [made, `${made}-journal`]) rmSync(file, { force: true });
  }
}

function makeTables(db: Database.Database): void {
  db.exec(`${sqliteSchema} PRAGMA user_version = ${SQLITE_SCHEMA_VERSION};`);
}

function* stepsUpToDate(db: Database.Database, path: string): Generator<MigrationProgress> {
  const version = versionOf(db);
  if (version > SQLITE_SCHEMA_VERSION) {
    throw new CollectorError(
      `${path} was written by a newer collector (it is at version ${version}, this collector supports ${SQLITE_SCHEMA_VERSION}). Update the collector or choose another folder with --data.`,
    );
  }
  if (version === 0) {
    inTransaction(db, () => {
      // Another process that started at the same time may have been faster.
      if (versionOf(db) === 0) makeTables(db);
    });
  } else if (version < SQLITE_SCHEMA_VERSION) yield* migrate(db);
}

function openError(error: unknown, path: string): unknown {
  if (error instanceof CollectorError) return error;
  const failure = asStoreFailure(error);
  if (failure instanceof StoreFailure && failure.reason !== 'corrupt') {
    return new CollectorError(`${path} cannot be opened: ${failure.message}. ${adviceOf(failure)}`);
  }
  return new CollectorError(
    `${path} cannot be opened as a database (${(error as Error).message}). Move it away or choose another folder with --data.`,
  );
}

/** Lets a database that was created before `auto_vacuum` was set give space back; a large one would delay the start for minutes. */
function makeShrinkable(db: Database.Database, path: string): void {
  const { auto_vacuum: mode } = db.pragma('auto_vacuum', { simple: true }) as { auto_vacuum: number };
  if (mode !== 0 || statSync(path).size > MAX_VACUUM_BYTES) return;
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

function versionOf(db: Database.Database): number {
  return (db.pragma('user_version', { simple: true }) as { user_version: number }).user_version;
}
