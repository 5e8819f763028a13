import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import { isClickHouseAddress } from './clickhouse/parse-clickhouse-address.js';
import type { MigrationListener } from './migration-progress.js';
import { migrateDatabase } from './sqlite/open-database.js';
import { openSqliteStore } from './sqlite/open-sqlite-store.js';
import { prepareDataFolder } from './sqlite/prepare-data-folder.js';
import type { Store } from './store.js';

export interface OpenStoreOptions {
  readonly keepDays?: number | undefined;
  readonly maxSizeBytes?: number | undefined;
  /** Notified of a migration of an SQLite database. */
  readonly migration?: MigrationListener;
}

const nobody: MigrationListener = { onBegin() {}, onProgress() {}, onEnd() {} };

/** Opens the store at `place`: the address of a ClickHouse server, or a folder for an SQLite database. */
export async function openStore(
  place: string,
  { keepDays, maxSizeBytes, migration = nobody }: OpenStoreOptions = {},
): Promise<Store> {
  if (!isClickHouseAddress(place)) {
    await migrateDatabase(prepareDataFolder(place), migration);
    return openSqliteStore(place);
  }
  if (maxSizeBytes !== undefined) {
    throw new CollectorError('--max-size-mb is for the database of --data; in ClickHouse, keep less with --keep-days.');
  }
  const { openClickHouseStore } = await import('./clickhouse/open-clickhouse-store.js');
  return openClickHouseStore(place, { keepDays });
}

/** As `openStore`, but creates no new database in a folder without one. */
export async function openExistingStore(place: string, options: OpenStoreOptions = {}): Promise<Store> {
  if (!isClickHouseAddress(place) && !existsSync(join(place, 'collector.db'))) {
    throw new CollectorError(`There is no database in ${place}. Name its folder with --data.`);
  }
  return openStore(place, options);
}
