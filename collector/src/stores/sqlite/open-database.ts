import Database from 'libsql';
import { CollectorError } from '../../collector-error.js';
import { migrate } from './migrate.js';
import { SQLITE_SCHEMA_VERSION, sqliteSchema } from './schema.js';

const BUSY_TIMEOUT_MS = 5000;

/** Opens, makes or brings up to date; a `CollectorError` says in one line what stands in the way. */
export function openDatabase(path: string): Database.Database {
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
      `${path} cannot be opened as a database (${(error as Error).message}). Move it away or choose another folder with --data.`,
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
  } else migrate(db, version);
  return db;
}
