import type Database from 'libsql';
import type { RetentionStore } from '../store.js';
import type { IncidentCounts, RecordCounter } from './record-counter.js';
import type { CountedSession } from './rollup-deltas.js';
import { inTransaction } from './transaction.js';

/** 800 KB: what one step returns to the disk. */
const PAGES_PER_STEP = 200;

type IncidentRow = IncidentCounts & { readonly n: number; readonly atMs: number };
type SessionRow = CountedSession & { readonly n: number; readonly atMs: number; readonly session: number };

/**
 * Old both by when it happened and by when it was last received: an incident that still changes is not old, and neither is one that a wrong
 * clock backdates. What is deleted is removed from the rollups in the same transaction.
 */
export function createRetentionStore(db: Database.Database, counter: RecordCounter): RetentionStore {
  const oldIncidents = db.prepare(
    `SELECT n, session, incidents.segment, coarse, code, opened_at_ms AS openedAtMs, opened_at_ms AS atMs, status, certainty
      FROM incidents JOIN segments ON segments.id = incidents.segment
      WHERE opened_at_ms < ? AND received_at_ms < ? ORDER BY opened_at_ms LIMIT ?`,
  );
  const oldSessions = db.prepare(
    `SELECT n, session, sessions.segment, coarse, started_at_ms AS startedAtMs, started_at_ms AS atMs, connected, failed,
      upgrade_wanted AS wanted, upgraded, time_to_connect_ms AS timeToConnectMs, weight
      FROM sessions JOIN segments ON segments.id = sessions.segment
      WHERE started_at_ms < ? AND received_at_ms < ? ORDER BY started_at_ms LIMIT ?`,
  );
  const deleteIncident = db.prepare('DELETE FROM incidents WHERE n = ?');
  const deleteSession = db.prepare('DELETE FROM sessions WHERE n = ?');
  const deleteClients = db.prepare(
    `DELETE FROM clients WHERE session_id = (SELECT session_id FROM clients WHERE n = ?1)
      AND NOT EXISTS (SELECT 1 FROM incidents WHERE session = ?1) AND NOT EXISTS (SELECT 1 FROM sessions WHERE session = ?1)`,
  );
  const others = [
    db.prepare(
      `DELETE FROM other_records WHERE rowid IN
        (SELECT rowid FROM other_records WHERE received_at_ms < ?1 ORDER BY received_at_ms LIMIT ?2)`,
    ),
    db.prepare(
      `DELETE FROM dropped WHERE (batch, reason) IN
        (SELECT batch, reason FROM dropped WHERE received_at_ms < ?1 ORDER BY received_at_ms LIMIT ?2)`,
    ),
  ];
  const newest = db.prepare(
    `SELECT MAX(received_at_ms) AS atMs FROM (
      SELECT * FROM (SELECT received_at_ms FROM incidents ORDER BY n DESC LIMIT 1)
      UNION ALL SELECT * FROM (SELECT received_at_ms FROM sessions ORDER BY n DESC LIMIT 1))`,
  );
  const pragma = (name: string) => Object.values(db.pragma(name, { simple: true }) as Record<string, number>)[0] ?? 0;

  const transact = (work: () => number): number => {
    try {
      return inTransaction(db, () => {
        counter.begin();
        const rows = work();
        counter.flush();
        return rows;
      });
    } catch (error) {
      counter.forget();
      throw error;
    }
  };
  const deleteRows = (incidents: readonly IncidentRow[], sessions: readonly SessionRow[]): number => {
    for (const row of incidents) {
      counter.loadSession(row.session);
      deleteIncident.run(row.n);
      counter.incident(row, -1);
    }
    for (const row of sessions) {
      deleteSession.run(row.n);
      counter.session(row, -1);
    }
    for (const session of new Set([...incidents, ...sessions].map((row) => row.session))) deleteClients.run(session);
    return incidents.length + sessions.length;
  };

  return {
    async deleteOlderThan(beforeMs, maxRows) {
      return transact(() => {
        const incidents = oldIncidents.all(beforeMs, beforeMs, maxRows) as IncidentRow[];
        const sessions = oldSessions.all(beforeMs, beforeMs, maxRows) as SessionRow[];
        const deleted = deleteRows(incidents, sessions);
        return others.reduce((sum, statement) => sum + statement.run(beforeMs, maxRows).changes, deleted);
      });
    },
    async deleteOldest(receivedBeforeMs, maxRows) {
      return transact(() => {
        const incidents = oldIncidents.all(Number.MAX_SAFE_INTEGER, receivedBeforeMs, maxRows) as IncidentRow[];
        const sessions = oldSessions.all(Number.MAX_SAFE_INTEGER, receivedBeforeMs, maxRows) as SessionRow[];
        const times = [...incidents, ...sessions].map(({ atMs }) => atMs).sort((a, b) => a - b);
        const lastMs = times[Math.min(maxRows, times.length) - 1] ?? 0;
        return deleteRows(
          incidents.filter(({ atMs }) => atMs <= lastMs),
          sessions.filter(({ atMs }) => atMs <= lastMs),
        );
      });
    },
    async newestReceivedMs() {
      return (newest.get() as { atMs: number | null }).atMs ?? undefined;
    },
    async usedBytes() {
      return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
    },
    async releaseSpace() {
      const before = pragma('freelist_count');
      if (before === 0) return false;
      inTransaction(db, () => db.exec(`PRAGMA incremental_vacuum(${PAGES_PER_STEP})`));
      // A database that was created without `auto_vacuum` keeps its free pages, and fills them again.
      return pragma('freelist_count') < before;
    },
  };
}
