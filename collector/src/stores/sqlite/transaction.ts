import type Database from 'libsql';
import { StoreFailure, type StoreFailureReason } from '../store-failure.js';
import type { FileGuard } from './file-guard.js';

/** By the first part of SQLite's extended result codes, such as SQLITE_IOERR_WRITE. */
const REASONS: readonly (readonly [RegExp, StoreFailureReason, string])[] = [
  [/^SQLITE_FULL/, 'disk-full', 'the disk is full'],
  [/^SQLITE_(READONLY|PERM|CANTOPEN)/, 'read-only', 'the database is read-only'],
  [/^SQLITE_(BUSY|LOCKED)/, 'locked', 'another process holds the database'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt', 'the database is damaged'],
  [/^SQLITE_IOERR/, 'io-error', 'writing to the disk fails'],
];

interface Guards {
  readonly files: FileGuard;
  readonly version: () => void;
}

const guards = new WeakMap<Database.Database, Guards>();

/**
 * From now on, no transaction of this connection starts or counts as committed if its files are not as they should be, or if a newer collector
 * has migrated the database: this collector would store what the newer one counts wrong.
 */
export function guardTransactions(db: Database.Database, files: FileGuard, version: number): void {
  const select = db.prepare('PRAGMA user_version');
  guards.set(db, {
    files,
    version() {
      const { user_version: found } = select.get() as { user_version: number };
      if (found === version) return;
      throw new StoreFailure(
        'outdated',
        `another collector has migrated the database to version ${found}, and this one supports ${version}`,
      );
    },
  });
}

/**
 * Runs `work` in a transaction of its own. libsql's `transaction` hides why SQLite failed: after a full disk, SQLite has rolled back by
 * itself, and the `ROLLBACK` that follows there throws in turn (libsql 0.5.29).
 */
export function inTransaction<T>(db: Database.Database, work: () => T): T {
  const guard = guards.get(db);
  guard?.files();
  try {
    db.exec('BEGIN IMMEDIATE');
    guard?.version();
    const result = work();
    db.exec('COMMIT');
    // The first query after a commit writes into `-shm` up to where the log is valid for readers. Running one now means that queries which come
    // after the disk went read-only need to write nothing.
    if (guard) db.exec('PRAGMA schema_version');
    guard?.files();
    return result;
  } catch (error) {
    if (db.inTransaction) {
      try {
        db.exec('ROLLBACK');
      } catch {
        // What is reported is the error that led here.
      }
    }
    throw asStoreFailure(error);
  }
}

/** The same error if it is about what was written and not about the store. */
export function asStoreFailure(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return error;
  for (const [pattern, reason, text] of REASONS) {
    if (pattern.test(code)) return new StoreFailure(reason, `${text} (${code}: ${message})`);
  }
  return error;
}
