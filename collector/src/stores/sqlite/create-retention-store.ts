import type Database from 'libsql';
import type { RetentionStore } from '../store.js';
import { inTransaction } from './transaction.js';

/** 800 KB: what one step gives back to the disk. */
const PAGES_PER_STEP = 200;

/** Old by when it happened and by when it last came: an incident that still changes is not old, nor what a wrong clock dates back. */
export function createRetentionStore(db: Database.Database): RetentionStore {
  const byAge = ['incidents:opened_at_ms', 'sessions:started_at_ms'].map((pair) => {
    const [table, time] = pair.split(':');
    return db.prepare(
      `DELETE FROM ${table} WHERE id IN
        (SELECT id FROM ${table} WHERE ${time} < ?1 AND received_at_ms < ?1 ORDER BY ${time} LIMIT ?2)`,
    );
  });
  byAge.push(
    db.prepare(
      `DELETE FROM other_records WHERE rowid IN
        (SELECT rowid FROM other_records WHERE received_at_ms < ?1 LIMIT ?2)`,
    ),
    db.prepare(
      `DELETE FROM dropped WHERE (batch, reason) IN
        (SELECT batch, reason FROM dropped WHERE received_at_ms < ?1 ORDER BY received_at_ms LIMIT ?2)`,
    ),
  );
  const oldest = db.prepare(
    `SELECT * FROM (SELECT 'incidents' AS kind, id, opened_at_ms AS at FROM incidents
        WHERE received_at_ms < ?1 ORDER BY opened_at_ms LIMIT ?2)
      UNION ALL SELECT * FROM (SELECT 'sessions', id, started_at_ms FROM sessions
        WHERE received_at_ms < ?1 ORDER BY started_at_ms LIMIT ?2)
      ORDER BY at LIMIT ?2`,
  );
  const deletions: Readonly<Record<string, Database.Statement>> = {
    incidents: db.prepare('DELETE FROM incidents WHERE id = ?'),
    sessions: db.prepare('DELETE FROM sessions WHERE id = ?'),
  };
  const pragma = (name: string) => Object.values(db.pragma(name, { simple: true }) as Record<string, number>)[0] ?? 0;

  return {
    async deleteOlderThan(beforeMs, maxRows) {
      return inTransaction(db, () =>
        byAge.reduce((sum, statement) => sum + statement.run(beforeMs, maxRows).changes, 0),
      );
    },
    async deleteOldest(beforeMs, maxRows) {
      return inTransaction(db, () => {
        const rows = oldest.all(beforeMs, maxRows) as { kind: string; id: string }[];
        for (const { kind, id } of rows) deletions[kind]?.run(id);
        return rows.length;
      });
    },
    async usedBytes() {
      return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
    },
    async releaseSpace() {
      const before = pragma('freelist_count');
      if (before === 0) return false;
      inTransaction(db, () => db.exec(`PRAGMA incremental_vacuum(${PAGES_PER_STEP})`));
      // A database that was made without `auto_vacuum` keeps its free pages, and fills them again.
      return pragma('freelist_count') < before;
    },
  };
}
