import type Database from 'libsql';
import type { StateStore } from '../store.js';
import { inTransaction } from './transaction.js';

/** One row for each name. */
export function createStateStore(db: Database.Database): StateStore {
  return {
    async read(name) {
      const row = db.prepare('SELECT value FROM state WHERE name = ?').get(name) as { value: string } | undefined;
      return row?.value;
    },
    async write(name, value) {
      inTransaction(db, () =>
        db
          .prepare('INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
          .run(name, value),
      );
    },
  };
}
