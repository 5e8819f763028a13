import { randomUUID } from 'node:crypto';
import type { StateStore } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { quote } from './quote.js';

/** One row for each name; of two that are written within a millisecond either may count. */
export function createStateStore(connection: ClickHouseConnection): StateStore {
  return {
    async read(name) {
      const [row] = await connection.rows<{ value: string }>(
        `SELECT value FROM state FINAL WHERE name = ${quote(name)}`,
      );
      return row?.value;
    },
    write: (name, value) => connection.insert('state', [{ name, value, at_ms: Date.now() }], randomUUID()),
  };
}
