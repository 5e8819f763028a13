import { statSync } from 'node:fs';
import type { RetentionStore, Store } from '../store.js';
import type { StoreFailure } from '../store-failure.js';
import { createAsk } from './ask.js';
import { rankCauses, readCause } from './causes.js';
import { compareReleases } from './compare-releases.js';
import { createRejudgeStore } from './create-rejudge-store.js';
import { createRetentionStore } from './create-retention-store.js';
import { createStateStore } from './create-state-store.js';
import { createWriter } from './create-writer.js';
import { createDictionary } from './dictionary.js';
import { exportLines } from './export-lines.js';
import { facets, listFirstSeen } from './facets.js';
import { createFileGuard, type FileGuard } from './file-guard.js';
import { readIncident, readSession } from './incidents.js';
import { listIncidents } from './list-incidents.js';
import { openDatabase } from './open-database.js';
import { overview } from './overview.js';
import { prepareDataFolder } from './prepare-data-folder.js';
import { createRecordCounter } from './record-counter.js';
import { SQLITE_SCHEMA_VERSION } from './schema.js';
import { asStoreFailure, guardTransactions, inTransaction } from './transaction.js';

/**
 * What arrives while one transaction is synced shares the next one: the busier, the more. A transaction blocks everything else while it
 * runs; 256 batches of the SDK's 60,000 bytes are some 15 MB.
 */
const WRITES = { gatherMs: 0, maxBatches: 256 };

/** What SQLite can do beyond what every store can. */
export interface SqliteStore extends Store {
  readonly retention: RetentionStore;
  exportLines(): Iterable<string>;
}

/** Opens, or creates, the database in a folder; a `CollectorError` says in one line what prevents it. */
export function openSqliteStore(folder: string): SqliteStore {
  const path = prepareDataFolder(folder);
  const db = openDatabase(path);
  const guard = createFileGuard(path);
  guardTransactions(db, guard, SQLITE_SCHEMA_VERSION);
  const dictionary = createDictionary(db);
  const counter = createRecordCounter(db);
  const writer = createWriter(db, dictionary, counter);
  const ask = createAsk(db);
  return {
    writes: WRITES,
    retention: createRetentionStore(db, counter),
    rejudging: createRejudgeStore(db, dictionary, counter),
    state: createStateStore(db),
    exportLines: () => exportLines(db),
    write: async (batches) => writer(batches),
    listIncidents: async (query) => listIncidents(ask, query),
    readIncident: async (id) => readIncident(ask, id),
    rankCauses: async (scope) => rankCauses(ask, scope),
    readCause: async (code, scope) => readCause(ask, code, scope),
    overview: async (scope) => overview(ask, scope),
    compareReleases: async (scope) => compareReleases(ask, scope),
    readSession: async (clientSessionId) => readSession(ask, clientSessionId),
    listFirstSeen: async (sinceReceivedMs) => listFirstSeen(ask, sinceReceivedMs),
    facets: async () => facets(ask),
    async ping() {
      try {
        // Rewrites the page that every database has, with its current content.
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
      // Closing cleans up, which would end this process if the disk is read-only; whoever opens it next finds everything in the log.
      if (!isWritable(guard)) return;
      // Live statements keep libsql from doing so by itself: then `collector.db` alone would lack the newest records. Another collector on
      // the folder is not waited for.
      try {
        db.pragma('busy_timeout = 0');
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // A full disk: they are in the log.
      }
      db.close();
    },
  };
}

function isWritable(guard: FileGuard): boolean {
  try {
    guard();
    return true;
  } catch (error) {
    return (error as Partial<StoreFailure>).reason === 'moved';
  }
}
