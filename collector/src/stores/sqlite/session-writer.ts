import type Database from 'libsql';
import type { NewSession, ReceivedBatch } from '../store.js';
import type { ClientIds, SegmentIds } from './dictionary.js';
import type { RecordCounter } from './record-counter.js';

export const WEIGHT_UNIT = 1000;

const NAMES = `id, revision, client, session, segment, started_at_ms, received_at_ms, connected, failed, upgrade_wanted,
  upgraded, time_to_connect_ms, weight, record`;

/** One statement for each of these numbers of rows: more rows would save little, and a statement for every number would fill memory. */
const ROWS_PER_STATEMENT = [16, 8, 4, 2, 1];

const SHARED_VALUES = 4;
const OWN_VALUES = 6;

/** Bits below the weight, in the order of `packed`. */
const FLAG_BITS = 4;

/**
 * Stores the sessions of a batch; returns how many of them were not there in their revision or a later one.
 *
 * Passing values is most of what a small row costs (about 0.2 µs each in libsql 0.5.29, more than it takes to write them). So one statement
 * stores many rows, gets what they share once, and finds the flags and the weight of each in one number: a third less in all.
 */
export function createSessionWriter(
  db: Database.Database,
  counter: RecordCounter,
): (batch: ReceivedBatch, ids: ClientIds & SegmentIds) => number {
  const inserts = ROWS_PER_STATEMENT.map((rows) => {
    const values = Array.from({ length: rows }, (_, row) => rowSql(row)).join();
    return { rows, insert: db.prepare(`INSERT INTO sessions (${NAMES}) VALUES ${values} ON CONFLICT DO NOTHING`) };
  });
  const selectSince = db.prepare('SELECT id FROM sessions WHERE n > ?').raw();
  /** Returns the ids that are new, or `undefined` if all of them are. */
  const insertAll = (insert: Database.Statement, shared: readonly number[], sessions: readonly NewSession[]) => {
    const values: unknown[] = [...shared];
    for (const session of sessions) pushOwn(values, session);
    const { changes, lastInsertRowid } = insert.run(values);
    if (changes === sessions.length) return undefined;
    if (changes === 0) return new Set<string>();
    // Row numbers count up: the last ones are those of this statement.
    const rows = selectSince.all(Number(lastInsertRowid) - changes) as [string][];
    return new Set(rows.map(([id]) => id));
  };
  const update = db.prepare(`UPDATE sessions SET (${NAMES}) = ${rowSql(0)} WHERE id = ?${SHARED_VALUES + 1}`);
  const select = db.prepare(
    `SELECT revision, sessions.segment, coarse, started_at_ms AS startedAtMs, connected, failed, upgrade_wanted AS wanted,
      upgraded, time_to_connect_ms AS timeToConnectMs, weight
      FROM sessions JOIN segments ON segments.id = sessions.segment WHERE sessions.id = ?`,
  );

  return (batch, { client, session: clientSession, segment, coarse }) => {
    const { sessions, receivedAtMs } = batch;
    const shared = [client, clientSession, segment, receivedAtMs];
    const count = (session: NewSession) => {
      const { startedAtMs, connected, failed, upgradeWanted: wanted, timeToConnectMs } = session;
      const upgraded = isUpgraded(session);
      const weight = weightOf(session);
      counter.session(
        { segment, coarse, startedAtMs, connected, failed, wanted, upgraded, timeToConnectMs, weight },
        1,
      );
    };
    /** True when the session was there in an earlier revision. */
    const replace = (session: NewSession): boolean => {
      const old = select.get(session.id) as { revision: number } & Parameters<RecordCounter['session']>[0];
      if (old.revision >= session.revision) return false;
      const values: unknown[] = [...shared];
      pushOwn(values, session);
      update.run(values);
      counter.session(old, -1);
      return true;
    };

    let written = 0;
    let from = 0;
    for (const { rows, insert } of inserts) {
      for (; from + rows <= sessions.length; from += rows) {
        const part = sessions.slice(from, from + rows);
        const newIds = insertAll(insert, shared, part);
        for (const session of part) {
          // An id that comes twice is new once.
          if (newIds && !newIds.delete(session.id) && !replace(session)) continue;
          count(session);
          written += 1;
        }
      }
    }
    return written;
  };
}

/** The columns of a row, from the values that the batch shares and its own. */
function rowSql(row: number): string {
  const own = (index: number) => `?${SHARED_VALUES + row * OWN_VALUES + index}`;
  const flag = (bit: number) => `${own(4)} >> ${bit} & 1`;
  return `(${own(1)}, ${own(2)}, ?1, ?2, ?3, ${own(3)}, ?4, ${flag(0)}, ${flag(1)}, ${flag(2)}, ${flag(3)}, ${own(5)}, ${own(4)} >> ${FLAG_BITS}, ${own(6)})`;
}

function pushOwn(values: unknown[], session: NewSession): void {
  const { id, revision, startedAtMs, timeToConnectMs, text } = session;
  values.push(id, revision, startedAtMs, packed(session), timeToConnectMs, text);
}

/** Weight and flags in one number; a weight has at most 30 bits. */
function packed(session: NewSession): number {
  const { connected, failed, upgradeWanted } = session;
  const flags = Number(connected) + Number(failed) * 2 + Number(upgradeWanted) * 4 + Number(isUpgraded(session)) * 8;
  return weightOf(session) * 2 ** FLAG_BITS + flags;
}

function isUpgraded({ upgradeWanted, timeToUpgradeMs }: NewSession): boolean {
  return upgradeWanted && timeToUpgradeMs !== null;
}

function weightOf({ weight }: NewSession): number {
  return Math.round(weight * WEIGHT_UNIT);
}
