import type Database from 'libsql';
import { type CountedSession, createRollupDeltas } from './rollup-deltas.js';
import { createSessionPast } from './session-past.js';

export interface IncidentCounts {
  readonly session: number;
  readonly segment: number;
  readonly coarse: number;
  readonly code: number;
  readonly openedAtMs: number;
  readonly status: string;
  readonly certainty: string;
}

/** Keeps the rollups correct: code that stores, changes or deletes a record within a transaction reports it here. */
export interface RecordCounter {
  /** First of all in a transaction. */
  begin(): void;
  /** Before an incident of this session is stored, changed or deleted. */
  loadSession(session: number): void;
  /** Instead of `loadSession`, for a session without any row. */
  beginSession(session: number): void;
  incident(counts: IncidentCounts, sign: 1 | -1): void;
  session(counts: CountedSession, sign: 1 | -1): void;
  /** Last of all in a transaction. */
  flush(): void;
  /** After a transaction that was rolled back. */
  forget(): void;
}

export function createRecordCounter(db: Database.Database): RecordCounter {
  const deltas = createRollupDeltas(db);
  const past = createSessionPast(db, deltas);
  const dataVersion = db.prepare('PRAGMA data_version').raw();
  let knownVersion: unknown;
  return {
    begin() {
      // Differs once another connection, such as an import, has written.
      const [version] = dataVersion.get() as [number];
      if (version !== knownVersion) past.forget();
      knownVersion = version;
    },
    loadSession: past.load,
    beginSession: past.begin,
    incident(counts, sign) {
      deltas.addIncident(counts, sign);
      past.count(counts, sign);
    },
    session: deltas.addSession,
    flush: deltas.flush,
    forget() {
      deltas.forget();
      past.forget();
    },
  };
}
