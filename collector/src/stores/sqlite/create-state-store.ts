import type Database from 'libsql';
import { isFree, type Lease, parseLease } from '../lease.js';
import type { StateStore } from '../store.js';
import { inTransaction } from './transaction.js';

/** One row for each name. */
export function createStateStore(db: Database.Database): StateStore {
  const read = (name: string) =>
    (db.prepare('SELECT value FROM state WHERE name = ?').get(name) as { value: string } | undefined)?.value;
  const write = (name: string, value: string) =>
    db
      .prepare('INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  const leaseOf = (name: string) => parseLease(read(leaseName(name)));
  return {
    read: async (name) => read(name),
    async write(name, value) {
      inTransaction(db, () => write(name, value));
    },
    async claim(name, holder, forMs) {
      // All collectors on one folder are on one machine, and share its clock.
      const nowMs = Date.now();
      if (!isFree(leaseOf(name), holder, nowMs)) return false;
      return inTransaction(db, () => {
        if (!isFree(leaseOf(name), holder, nowMs)) return false;
        write(leaseName(name), JSON.stringify({ holder, untilMs: nowMs + forMs, forMs } satisfies Lease));
        return true;
      });
    },
    async release(name, holder) {
      inTransaction(db, () => {
        if (leaseOf(name)?.holder === holder) db.prepare('DELETE FROM state WHERE name = ?').run(leaseName(name));
      });
    },
  };
}

function leaseName(name: string): string {
  return `lease of ${name}`;
}
