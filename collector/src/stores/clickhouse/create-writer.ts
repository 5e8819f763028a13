import { randomUUID } from 'node:crypto';
import { incidentColumns, otherColumns, type RecordColumns, sessionColumns } from '../record-columns.js';
import type { NewIncident, NewRecord, NewSession, ReceivedBatch, StoreChanges } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { IDS_PER_QUERY, lookUp, type Stored } from './look-up.js';
import { quote } from './quote.js';
import { wellFormed } from './well-formed.js';

const MAX_KNOWN = 10_000;

/**
 * Writes batches: reads which revisions exist, and inserts those that are higher. What another collector writes at the same moment is
 * inserted twice and read once, because the tables keep the highest revision of a key.
 */
export function createWriter(
  connection: ClickHouseConnection,
): (batches: readonly ReceivedBatch[]) => Promise<StoreChanges> {
  const knownFacets = createKnown();
  const knownFirsts = createKnown();

  return async (batches) => {
    const incidents = batches.flatMap((batch) => batch.incidents.map((record) => ({ batch, record })));
    const sessions = batches.flatMap((batch) => batch.sessions.map((record) => ({ batch, record })));
    const others = batches.flatMap((batch) => batch.others.map((record) => ({ batch, record })));
    const [storedIncidents, storedSessions, storedOthers] = await Promise.all([
      lookUp(connection, 'incidents', idsOf(incidents)),
      lookUp(connection, 'sessions', idsOf(sessions)),
      lookUpOthers(connection, others),
    ]);
    const newIncidents = newestOf(incidents, storedIncidents, ({ id }) => id, openedBy);
    const newSessions = newestOf(sessions, storedSessions, ({ id }) => id, startedBy);
    const newOthers = newestOf(others, storedOthers, otherKey, () => 0);
    const facets = knownFacets.fresh(batches.flatMap(facetsOf));
    const firsts = knownFirsts.fresh(batches.flatMap(firstsOf));

    const token = randomUUID();
    const results = await Promise.allSettled([
      connection.insert(
        'incidents',
        newIncidents.rows((batch, incident, sort_ms) => ({ ...incidentColumns(batch, incident), sort_ms })),
        token,
      ),
      connection.insert(
        'sessions',
        newSessions.rows((batch, session, sort_ms) => ({ ...sessionColumns(batch, session), sort_ms })),
        token,
      ),
      connection.insert('other_records', newOthers.rows(otherColumns), token),
      connection.insert('dropped', batches.flatMap(droppedRows), token),
      connection.insert(
        'facets',
        facets.all.map(({ row }) => row),
        token,
      ),
      connection.insert(
        'first_seen',
        firsts.all.map(({ row, rank }) => ({ ...row, first_received_at_ms: rank })),
        token,
      ),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    // If one table fails, what is already stored in another is found there, and not counted again, when the batch is retried.
    if (failed !== undefined) throw failed.reason;
    facets.remember();
    firsts.remember();
    return { incidentIds: newIncidents.ids, sessions: newSessions.changes, others: newOthers.changes };
  };
}

interface Received<T extends NewRecord> {
  readonly batch: ReceivedBatch;
  readonly record: T;
}

function idsOf(received: readonly Received<NewRecord>[]): readonly string[] {
  return [...new Set(received.map(({ record }) => record.id))];
}

async function lookUpOthers(
  connection: ClickHouseConnection,
  others: readonly Received<NewRecord>[],
): Promise<ReadonlyMap<string, Stored>> {
  const stored = new Map<string, Stored>();
  const keys = [...new Map(others.map(({ record }) => [otherKey(record), record])).values()];
  for (let from = 0; from < keys.length; from += IDS_PER_QUERY) {
    const list = keys
      .slice(from, from + IDS_PER_QUERY)
      .map(({ kind, id }) => `(${quote(kind)}, ${quote(id)})`)
      .join(', ');
    const rows = await connection.rows<{ kind: string; id: string; revision: number }>(
      `SELECT kind, id, max(revision) AS revision FROM other_records WHERE (kind, id) IN (${list}) GROUP BY kind, id`,
    );
    for (const row of rows) stored.set(otherKey(row), { revision: row.revision, sortMs: 0 });
  }
  return stored;
}

const otherKey = ({ kind, id }: { kind: string; id: string }) => `${id} ${kind}`;

/** As reported by the device: a correction differs from batch to batch. */
const openedBy = ({ batch, record }: Received<NewIncident>) => record.openedAtMs - batch.correctionMs;
const startedBy = ({ batch, record }: Received<NewSession>) => record.startedAtMs - batch.correctionMs;

/** What to insert: for each key its highest revision, if that is higher than what is stored. */
function newestOf<T extends NewRecord>(
  received: readonly Received<T>[],
  stored: ReadonlyMap<string, Stored>,
  keyOf: (record: T) => string,
  sortMsOf: (received: Received<T>) => number,
) {
  const newest = new Map<string, { received: Received<T>; sortMs: number }>();
  let changes = 0;
  for (const one of received) {
    const key = keyOf(one.record);
    const before = newest.get(key);
    const there = stored.get(key);
    if (one.record.revision <= (before?.received.record.revision ?? there?.revision ?? 0)) continue;
    changes += 1;
    newest.set(key, { received: one, sortMs: before?.sortMs ?? there?.sortMs ?? sortMsOf(one) });
  }
  const all = [...newest.values()];
  return {
    changes,
    ids: all.map(({ received: { record } }) => record.id),
    rows: (rowOf: (batch: ReceivedBatch, record: T, sortMs: number) => RecordColumns) =>
      all.map(({ received: { batch, record }, sortMs }) => wellFormed(rowOf(batch, record, sortMs))),
  };
}

/** Rows that this process has inserted before, as most have been; those cost nothing. */
function createKnown() {
  let known = new Map<string, number>();
  return {
    /** Those that are new, or older than what was known; the rank is the age. */
    fresh(rows: readonly { readonly row: RecordColumns; readonly rank: number }[]) {
      const fresh = new Map<string, { readonly row: RecordColumns; readonly rank: number }>();
      for (const one of rows) {
        const key = Object.values(one.row).join('\0');
        const best = Math.min(
          known.get(key) ?? Number.POSITIVE_INFINITY,
          fresh.get(key)?.rank ?? Number.POSITIVE_INFINITY,
        );
        if (one.rank < best) fresh.set(key, one);
      }
      return {
        all: [...fresh.values()],
        /** Once they are stored. */
        remember() {
          if (known.size >= MAX_KNOWN) known = new Map();
          for (const [key, { rank }] of fresh) known.set(key, rank);
        },
      };
    },
  };
}

function facetsOf(batch: ReceivedBatch) {
  const { app, release, environment, engine, networkType: network_type } = batch;
  return [
    ...Object.entries({ app, release, environment, engine, network_type }),
    ...batch.incidents.map(({ code }): [string, string] => ['code', code]),
  ]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ row: wellFormed({ name, value }), rank: 0 }));
}

function firstsOf({ app, environment, release, receivedAtMs, incidents, sessions }: ReceivedBatch) {
  // The release itself, if there is one.
  const itself = incidents.length + sessions.length > 0 ? [''] : [];
  return [...itself, ...incidents.map(({ code }) => code)].map((code) => ({
    row: wellFormed({ app, environment, release, code }),
    rank: receivedAtMs,
  }));
}

function droppedRows({ id: batch, dropped, app, release, environment, receivedAtMs }: ReceivedBatch): RecordColumns[] {
  return Object.entries(dropped).map(([reason, count]) =>
    wellFormed({ batch, reason: reason.slice(0, 100), count, app, release, environment, received_at_ms: receivedAtMs }),
  );
}
