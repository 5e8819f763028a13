import type Database from 'libsql';
import { StoreFailure, type StoreFailureReason } from '../store-failure.js';
import type { FileGuard } from './file-guard.js';

/** By the first part of SQLite's extended result codes, such as SQLITE_IOERR_WRITE. */
const REASONS: readonly (readonly [RegExp, StoreFailureReason, string])[] = [
  [/^SQLITE_FULL/, 'disk-full', 'the disk is full'],
  [/^SQLITE_(READONLY|PERM|CANTOPEN)/, 'read-only', 'the database may only be read'],
  [/^SQLITE_(BUSY|LOCKED)/, 'locked', 'another process holds the database'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt', 'the database is damaged'],
  [/^SQLITE_IOERR/, 'io-error', 'the disk does not take what is written'],
];

interface Guards {
  readonly files: FileGuard;
  readonly version: () => void;
}

const guards = new WeakMap<Database.Database, Guards>();

/**
 * From now on no transaction of this connection begins or counts as done where its files are not as they should be, nor where a newer collector
 * has brought the database to another version than this: it would store what the newer one counts wrong.
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
        `another collector has brought the database to version ${found}, and this one knows ${version}`,
      );
    },
  });
}

/**
 * Runs `work` in a transaction of its own. libsql's `transaction` hides why SQLite failed: after a full disk SQLite has rolled back by
 * itself, and the `ROLLBACK` that follows there throws in its turn (libsql 0.5.29).
 */
export function inTransaction<T>(db: Database.Database, work: () => T): T {
  const guard = guards.get(db);
  guard?.files();
  try {
    db.exec('BEGIN IMMEDIATE');
    guard?.version();
    const result = work();
    db.exec('COMMIT');
    // The first question after a commit writes into `-shm`, up to where the log is valid for readers. Asked now, those that come once the disk
    // may only be read need to write nothing.
    if (guard) db.exec('PRAGMA schema_version');
    guard?.files();
    return result;
  } catch (error) {
    if (db.inTransaction) {
      try {
        db.exec('ROLLBACK');
      } catch {
        // What is told is why it came to this.
      }
    }
    throw asStoreFailure(error);
  }
}

/** The same error when it is about what was written and not about the store. */
export function asStoreFailure(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return error;
  for (const [pattern, reason, text] of REASONS) {
    if (pattern.test(code)) return new StoreFailure(reason, `${text} (${code}: ${message})`);
  }
  return error;
}
