import type Database from 'libsql';
import type { NewIncident, NewRecord, ReceivedBatch, StoreChanges } from '../store.js';
import type { ClientIds, Dictionary, SegmentIds } from './dictionary.js';
import type { RecordCounter } from './record-counter.js';
import { createSessionWriter } from './session-writer.js';
import { inTransaction } from './transaction.js';

const MAX_KNOWN_FIRSTS = 10_000;

type Ids = ClientIds & SegmentIds;

/** Writes all batches in one transaction, together with their changes to the rollups. */
export function createWriter(
  db: Database.Database,
  dictionary: Dictionary,
  counter: RecordCounter,
  /** Absent: a transaction of its own. */
  transact: <T>(work: () => T) => T = (work) => inTransaction(db, work),
): (batches: readonly ReceivedBatch[]) => StoreChanges {
  const firstSeen = createFirstSeen(db);
  const writeIncident = createIncidentWriter(db, counter, dictionary.codeOf);
  const writeSessions = createSessionWriter(db, counter);
  const upsertOther = db.prepare(
    `INSERT INTO other_records VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision,
      received_at_ms = excluded.received_at_ms, context = excluded.context, record = excluded.record
      WHERE excluded.revision > other_records.revision`,
  );
  const insertDropped = db.prepare('INSERT OR IGNORE INTO dropped VALUES (?, ?, ?, ?, ?, ?, ?)');

  const writeAll = (batches: readonly ReceivedBatch[]): StoreChanges => {
    const incidentIds = new Set<string>();
    let sessions = 0;
    let others = 0;
    counter.begin();
    for (const batch of batches) {
      if (batch.incidents.length + batch.sessions.length > 0) {
        const ids = { ...dictionary.segmentOf(batch), ...dictionary.clientOf(batch) };
        if (ids.isNew) counter.beginSession(ids.session);
        firstSeen.add(batch, '');
        for (const incident of batch.incidents) {
          if (writeIncident(batch, ids, incident)) incidentIds.add(incident.id);
          firstSeen.add(batch, incident.code);
        }
        sessions += writeSessions(batch, ids);
      }
      for (const other of batch.others) others += upsertOther.run(...otherValues(batch, other)).changes;
      // Keyed by batch, so that a batch that is sent again is not counted again.
      for (const [reason, count] of Object.entries(batch.dropped)) {
        const { app, release, environment, receivedAtMs } = batch;
        insertDropped.run(batch.id, reason.slice(0, 100), count, app, release, environment, receivedAtMs);
      }
    }
    counter.flush();
    return { incidentIds: [...incidentIds], sessions, others };
  };
  return (batches) => {
    try {
      return transact(() => writeAll(batches));
    } catch (error) {
      // What was rolled back is not there, and must be written when it is sent again.
      dictionary.forget();
      firstSeen.forget();
      counter.forget();
      throw error;
    }
  };
}

/** True if the incident was not there in this revision or a later one. */
function createIncidentWriter(
  db: Database.Database,
  counter: RecordCounter,
  codeOf: Dictionary['codeOf'],
): (batch: ReceivedBatch, ids: Ids, incident: NewIncident) => boolean {
  const names = `id, revision, client, session, segment, code, opened_at_ms, updated_at_ms, closed_at_ms, received_at_ms, status,
    certainty, phase, severity, fixed_by, failed_attempts, transport, namespace, host, client_version, title, record`;
  const placeholders = names.replaceAll(/\w+/g, '?');
  const insert = db.prepare(`INSERT INTO incidents (${names}) VALUES (${placeholders}) ON CONFLICT DO NOTHING`);
  // What newer rules said was about the revision that is being replaced.
  const update = db.prepare(`UPDATE incidents SET (${names}) = (${placeholders}), rejudged = NULL WHERE id = ?`);
  const select = db.prepare(
    `SELECT revision, incidents.segment, coarse, session, code, opened_at_ms AS openedAtMs, status, certainty
      FROM incidents JOIN segments ON segments.id = incidents.segment WHERE incidents.id = ?`,
  );
  return (batch, { client, session, segment, coarse }, incident) => {
    const { id, revision, openedAtMs, status, certainty } = incident;
    const code = codeOf(incident);
    const values = [
      id,
      revision,
      client,
      session,
      segment,
      code,
      openedAtMs,
      incident.updatedAtMs,
      incident.closedAtMs,
      batch.receivedAtMs,
      status,
      certainty,
      incident.phase,
      incident.severity,
      incident.fixedBy,
      incident.failedAttempts,
      incident.transport,
      incident.namespace,
      incident.host,
      incident.clientVersion,
      incident.title,
      incident.text,
    ];
    counter.loadSession(session);
    if (insert.run(values).changes === 0) {
      const old = select.get(id) as { revision: number; session: number } & Parameters<RecordCounter['incident']>[0];
      if (old.revision >= revision) return false;
      counter.loadSession(old.session);
      update.run(...values, id);
      counter.incident(old, -1);
    }
    counter.incident({ session, segment, coarse, code, openedAtMs, status, certainty }, 1);
    return true;
  };
}

/** Keeps the earliest; an import may bring what came before. */
function createFirstSeen(db: Database.Database) {
  const known = new Map<string, number>();
  const upsert = db.prepare(
    `INSERT INTO first_seen VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET first_received_at_ms = excluded.first_received_at_ms WHERE excluded.first_received_at_ms < first_received_at_ms`,
  );
  return {
    add({ app, release, environment, receivedAtMs }: ReceivedBatch, code: string): void {
      const key = `${app}\n${release}\n${environment}\n${code}`;
      if ((known.get(key) ?? Number.POSITIVE_INFINITY) <= receivedAtMs) return;
      upsert.run(app, release, environment, code, receivedAtMs);
      if (known.size >= MAX_KNOWN_FIRSTS) known.clear();
      known.set(key, receivedAtMs);
    },
    forget: () => known.clear(),
  };
}

function otherValues(batch: ReceivedBatch, { kind, id, revision, text }: NewRecord) {
  return [kind, id, revision, batch.receivedAtMs, batch.context, text];
}
