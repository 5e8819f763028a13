import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import { isClickHouseAddress } from './clickhouse/parse-clickhouse-address.js';
import { openSqliteStore } from './sqlite/open-sqlite-store.js';
import type { Store } from './store.js';

export interface OpenStoreOptions {
  readonly keepDays?: number | undefined;
  readonly maxSizeBytes?: number | undefined;
}

/** Opens the store at `place`: the address of a ClickHouse server, or a folder for an SQLite database. */
export async function openStore(place: string, { keepDays, maxSizeBytes }: OpenStoreOptions = {}): Promise<Store> {
  if (!isClickHouseAddress(place)) return openSqliteStore(place);
  if (maxSizeBytes !== undefined) {
    throw new CollectorError('--max-size-mb is for the database of --data; in ClickHouse, keep less with --keep-days.');
  }
  const { openClickHouseStore } = await import('./clickhouse/open-clickhouse-store.js');
  return openClickHouseStore(place, { keepDays });
}

/** As `openStore`, but makes no new database in a folder that has none. */
export async function openExistingStore(place: string): Promise<Store> {
  if (!isClickHouseAddress(place) && !existsSync(join(place, 'collector.db'))) {
    throw new CollectorError(`There is no database in ${place}. Name its folder with --data.`);
  }
  return openStore(place);
}
