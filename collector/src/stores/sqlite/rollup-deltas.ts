import type Database from 'libsql';
import { addBins, type Bins, binOf, storedBins } from './connect-time-bins.js';
import { ANY_CODE, hourOf, LEVELS } from './rollup-level.js';

export interface CountedIncident {
  readonly code: number;
  readonly openedAtMs: number;
  readonly segment: number;
  readonly coarse: number;
  readonly status: string;
  readonly certainty: string;
}

export interface CountedSession {
  readonly startedAtMs: number;
  readonly segment: number;
  readonly coarse: number;
  readonly connected: boolean;
  readonly failed: boolean;
  readonly wanted: boolean;
  readonly upgraded: boolean;
  readonly timeToConnectMs: number | null;
  /** In thousandths. */
  readonly weight: number;
}

export interface RollupRow {
  readonly level: number;
  readonly code: number;
  readonly segment: number;
}

/** What a transaction changes in the rollups, gathered so that each row is written once. */
export interface RollupDeltas {
  addIncident(incident: CountedIncident, sign: 1 | -1): void;
  addSession(session: CountedSession, sign: 1 | -1): void;
  /** A session has its first incident in a bucket, or none any more. */
  session(row: RollupRow, bucket: number, change: number): void;
  returns(row: RollupRow, bucket: number, previous: number, change: number): void;
  /** Writes everything that was gathered. */
  flush(): void;
  /** Drops everything that was gathered. */
  forget(): void;
}

interface IncidentSums {
  incidents: number;
  open: number;
  resolved: number;
  confirmed: number;
}

interface SessionSums {
  sessions: number;
  connected: number;
  failed: number;
  wanted: number;
  upgraded: number;
  readonly times: Bins;
}

/** More than there are segments; even with the hours of many centuries, the product stays an exact integer. */
const SEGMENT_SPAN = 2 ** 32;

type Place<T> = { readonly code: number; readonly hour: number; readonly segment: number; readonly coarse: number } & T;

export function createRollupDeltas(db: Database.Database): RollupDeltas {
  const addIncidents = db.prepare(
    `INSERT INTO incident_rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      incidents = incidents + excluded.incidents, open = open + excluded.open, resolved = resolved + excluded.resolved,
      confirmed = confirmed + excluded.confirmed, sessions = sessions + excluded.sessions`,
  );
  const dropEmpty = db.prepare(
    'DELETE FROM incident_rollups WHERE level = ? AND code = ? AND bucket = ? AND segment = ? AND incidents = 0 AND sessions = 0',
  );
  const addReturns = db.prepare(
    'INSERT INTO incident_returns VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sessions = sessions + excluded.sessions',
  );
  const dropReturns = db.prepare(
    `DELETE FROM incident_returns WHERE level = ? AND code = ? AND bucket = ? AND segment = ? AND previous = ? AND sessions = 0`,
  );
  const readTimes = db
    .prepare('SELECT times FROM session_rollups WHERE level = ? AND bucket = ? AND segment = ?')
    .raw();
  const addSessions = db.prepare(
    `INSERT INTO session_rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      sessions = sessions + excluded.sessions, connected = connected + excluded.connected, failed = failed + excluded.failed,
      wanted = wanted + excluded.wanted, upgraded = upgraded + excluded.upgraded, times = excluded.times`,
  );
  const dropSessions = db.prepare(
    'DELETE FROM session_rollups WHERE level = ? AND bucket = ? AND segment = ? AND sessions = 0',
  );

  // Gathered at the finest level, and spread over the others when they are written.
  const incidents = new Map<string, Place<IncidentSums>>();
  const sessions = new Map<number, Place<SessionSums>>();
  const distinct = new Map<string, RollupRow & { readonly bucket: number; change: number }>();
  const returned = new Map<
    string,
    RollupRow & { readonly bucket: number; readonly previous: number; change: number }
  >();

  const flushIncidents = () => {
    const rows = new Map<string, RollupRow & { readonly bucket: number; sums: IncidentSums; sessions: number }>();
    const rowOf = (level: number, code: number, bucket: number, segment: number) => {
      const key = `${level}/${code}/${bucket}/${segment}`;
      let row = rows.get(key);
      if (row === undefined) {
        row = { level, code, bucket, segment, sums: { incidents: 0, open: 0, resolved: 0, confirmed: 0 }, sessions: 0 };
        rows.set(key, row);
      }
      return row;
    };
    for (const place of incidents.values()) {
      for (const { level, hours, fine } of LEVELS) {
        const bucket = Math.floor(place.hour / hours);
        const segment = fine ? place.segment : place.coarse;
        for (const code of [place.code, ANY_CODE]) {
          const { sums } = rowOf(level, code, bucket, segment);
          sums.incidents += place.incidents;
          sums.open += place.open;
          sums.resolved += place.resolved;
          sums.confirmed += place.confirmed;
        }
      }
    }
    for (const { level, code, bucket, segment, change } of distinct.values()) {
      rowOf(level, code, bucket, segment).sessions += change;
    }
    for (const { level, code, bucket, segment, sums, sessions: count } of rows.values()) {
      const { incidents: all, open, resolved, confirmed } = sums;
      if (all === 0 && open === 0 && resolved === 0 && confirmed === 0 && count === 0) continue;
      addIncidents.run([level, code, bucket, segment, all, open, resolved, confirmed, count]);
      if (all < 0) dropEmpty.run(level, code, bucket, segment);
    }
    for (const { level, code, bucket, segment, previous, change } of returned.values()) {
      if (change === 0) continue;
      addReturns.run(level, code, bucket, segment, previous, change);
      if (change < 0) dropReturns.run(level, code, bucket, segment, previous);
    }
  };

  const flushSessions = () => {
    const rows = new Map<string, { level: number; bucket: number; segment: number; sums: SessionSums }>();
    for (const place of sessions.values()) {
      for (const { level, hours, fine } of LEVELS) {
        const bucket = Math.floor(place.hour / hours);
        const segment = fine ? place.segment : place.coarse;
        const key = `${level}/${bucket}/${segment}`;
        let row = rows.get(key);
        if (row === undefined) {
          row = { level, bucket, segment, sums: noSessions() };
          rows.set(key, row);
        }
        row.sums.sessions += place.sessions;
        row.sums.connected += place.connected;
        row.sums.failed += place.failed;
        row.sums.wanted += place.wanted;
        row.sums.upgraded += place.upgraded;
        for (const [bin, weight] of place.times) row.sums.times.set(bin, (row.sums.times.get(bin) ?? 0) + weight);
      }
    }
    for (const { level, bucket, segment, sums } of rows.values()) {
      const stored = readTimes.get(level, bucket, segment) as [string] | undefined;
      if (stored !== undefined) addBins(sums.times, stored[0]);
      addSessions.run(
        level,
        bucket,
        segment,
        sums.sessions,
        sums.connected,
        sums.failed,
        sums.wanted,
        sums.upgraded,
        storedBins(sums.times),
      );
      // Also a row that was created for what moved on within the transaction.
      if (sums.sessions <= 0) dropSessions.run(level, bucket, segment);
    }
  };

  const forget = () => {
    incidents.clear();
    sessions.clear();
    distinct.clear();
    returned.clear();
  };

  return {
    addIncident({ code, openedAtMs, segment, coarse, status, certainty }, sign) {
      const hour = hourOf(openedAtMs);
      const key = `${code}/${hour}/${segment}`;
      let place = incidents.get(key);
      if (place === undefined) {
        place = { code, hour, segment, coarse, incidents: 0, open: 0, resolved: 0, confirmed: 0 };
        incidents.set(key, place);
      }
      place.incidents += sign;
      if (status === 'open') place.open += sign;
      if (status === 'resolved') place.resolved += sign;
      if (certainty === 'confirmed') place.confirmed += sign;
    },
    addSession({ startedAtMs, segment, coarse, connected, failed, wanted, upgraded, timeToConnectMs, weight }, sign) {
      const hour = hourOf(startedAtMs);
      const key = hour * SEGMENT_SPAN + segment;
      let place = sessions.get(key);
      if (place === undefined) {
        place = { code: ANY_CODE, hour, segment, coarse, ...noSessions() };
        sessions.set(key, place);
      }
      const change = sign * weight;
      place.sessions += change;
      if (connected) place.connected += change;
      if (failed) place.failed += change;
      if (wanted) place.wanted += change;
      if (upgraded) place.upgraded += change;
      if (timeToConnectMs === null) return;
      const bin = binOf(timeToConnectMs);
      place.times.set(bin, (place.times.get(bin) ?? 0) + change);
    },
    session({ level, code, segment }, bucket, change) {
      const key = `${level}/${code}/${bucket}/${segment}`;
      const known = distinct.get(key);
      if (known === undefined) distinct.set(key, { level, code, segment, bucket, change });
      else known.change += change;
    },
    returns({ level, code, segment }, bucket, previous, change) {
      const key = `${level}/${code}/${bucket}/${segment}/${previous}`;
      const known = returned.get(key);
      if (known === undefined) returned.set(key, { level, code, segment, bucket, previous, change });
      else known.change += change;
    },
    flush() {
      if (incidents.size > 0 || distinct.size > 0) flushIncidents();
      if (sessions.size > 0) flushSessions();
      forget();
    },
    forget,
  };
}

function noSessions(): SessionSums {
  return { sessions: 0, connected: 0, failed: 0, wanted: 0, upgraded: 0, times: new Map() };
}
