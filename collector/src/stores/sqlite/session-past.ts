import type Database from 'libsql';
import type { RollupDeltas } from './rollup-deltas.js';
import { ANY_CODE, hourOf, LEVELS } from './rollup-level.js';

/** In how many hours of a session a cause occurred in a segment, and how many incidents there were in each. */
type Hours = Map<number, number>;

export interface IncidentPlace {
  readonly session: number;
  readonly segment: number;
  readonly coarse: number;
  readonly code: number;
  readonly openedAtMs: number;
}

export interface SessionPast {
  /** Counts an incident in (1) or out (-1): the resulting changes to its session's buckets go to the deltas. */
  count(place: IncidentPlace, sign: 1 | -1): void;
  /** Before anything of a session changes. */
  load(session: number): void;
  /** A session that has no row yet. */
  begin(session: number): void;
  /** What is remembered may be wrong: a transaction was rolled back, or another process wrote. */
  forget(): void;
}

/** So that a process with a long past does not read it for each of its batches. */
const MAX_SESSIONS = 2000;

/** Knows for each session in which buckets it already counts, so that no bucket counts it twice. */
export function createSessionPast(db: Database.Database, deltas: RollupDeltas): SessionPast {
  const select = db.prepare(
    `SELECT incidents.segment, coarse, code, (opened_at_ms - 3599999 * (opened_at_ms < 0)) / 3600000 AS hour, COUNT(*) AS count
      FROM incidents JOIN segments ON segments.id = segment WHERE session = ? GROUP BY 1, 2, 3, 4`,
  );
  const sessions = new Map<number, Map<string, Hours>>();

  const remember = (session: number, groups: Map<string, Hours>) => {
    if (sessions.size >= MAX_SESSIONS) {
      const [oldest] = sessions.keys();
      if (oldest !== undefined) sessions.delete(oldest);
    }
    sessions.set(session, groups);
    return groups;
  };
  const read = (session: number): Map<string, Hours> => {
    const groups = new Map<string, Hours>();
    for (const row of select.all(session) as Record<'segment' | 'coarse' | 'code' | 'hour' | 'count', number>[]) {
      for (const key of keysOf(row)) add(groups, key, row.hour, row.count);
    }
    return remember(session, groups);
  };

  return {
    begin: (session) => void remember(session, new Map()),
    load(session) {
      const groups = sessions.get(session);
      if (groups === undefined) return void read(session);
      // The last two that were loaded are not the oldest: an incident may move from one session to another.
      sessions.delete(session);
      sessions.set(session, groups);
    },
    forget: () => sessions.clear(),
    count(place, sign) {
      const groups = sessions.get(place.session);
      if (groups === undefined) throw new Error('an incident of a session that was not loaded');
      const hour = hourOf(place.openedAtMs);
      keysOf(place).forEach((key, index) => {
        const code = index % 2 === 0 ? place.code : ANY_CODE;
        const fine = index >= 2;
        const segment = fine ? place.segment : place.coarse;
        const hours = groups.get(key);
        const others = (hours?.get(hour) ?? 0) - (sign === -1 ? 1 : 0);
        if (others === 0) {
          for (const level of LEVELS) {
            if (level.fine !== fine) continue;
            const bucket = Math.floor(hour / level.hours);
            let before = Number.NEGATIVE_INFINITY;
            let after = Number.POSITIVE_INFINITY;
            let isThere = false;
            for (const other of hours?.keys() ?? []) {
              if (other === hour) continue;
              const at = Math.floor(other / level.hours);
              if (at === bucket) isThere = true;
              else if (at < bucket) before = Math.max(before, at);
              else after = Math.min(after, at);
            }
            if (isThere) continue;
            const of = { level: level.level, code, segment };
            deltas.session(of, bucket, sign);
            if (Number.isFinite(before)) deltas.returns(of, bucket, before, sign);
            if (!Number.isFinite(after)) continue;
            if (Number.isFinite(before)) deltas.returns(of, after, before, -sign);
            deltas.returns(of, after, bucket, sign);
          }
        }
        add(groups, key, hour, sign);
      });
    },
  };
}

function keysOf({ code, segment, coarse }: Pick<IncidentPlace, 'code' | 'segment' | 'coarse'>): string[] {
  return [`${coarse}/${code}`, `${coarse}/`, `${segment}/${code}`, `${segment}/`];
}

function add(groups: Map<string, Hours>, key: string, hour: number, count: number): void {
  let hours = groups.get(key);
  if (hours === undefined) {
    hours = new Map();
    groups.set(key, hours);
  }
  const sum = (hours.get(hour) ?? 0) + count;
  if (sum === 0) hours.delete(hour);
  else hours.set(hour, sum);
}
