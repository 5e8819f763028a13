import type { StoreChanges } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';

/** Servers have clocks of their own, and an insert becomes visible some time after it was stamped. */
const WINDOW_MS = 30_000;

/** More than the live feed lists individually. */
const MAX_IDS = 1000;

/** Each call resolves with what any collector has stored since the previous call; sessions as a count of those stamped since. */
export function followChanges({ rows }: ClickHouseConnection): () => Promise<StoreChanges> {
  let seen: ReadonlySet<string> | undefined;
  let sessionsUntilMs: number | undefined;
  return async () => {
    const since = `toUnixTimestamp64Milli(now64(3)) - ${WINDOW_MS}`;
    const [incidents, [sessions]] = await Promise.all([
      rows<{ id: string; revision: number }>(
        `SELECT id, revision FROM incidents WHERE stored_at_ms > ${since} ORDER BY stored_at_ms DESC LIMIT ${MAX_IDS}`,
      ),
      rows<{ sessions: number; untilMs: number }>(
        `SELECT countIf(stored_at_ms > ${sessionsUntilMs ?? 0}) AS sessions, max(stored_at_ms) AS untilMs
          FROM sessions WHERE stored_at_ms > ${since}`,
      ),
    ]);
    const before = seen;
    const known = sessionsUntilMs;
    const keyed = incidents.map(({ id, revision }) => ({ id, key: `${id} ${revision}` }));
    seen = new Set(keyed.map(({ key }) => key));
    sessionsUntilMs = Math.max(known ?? 0, sessions?.untilMs ?? 0);
    return {
      incidentIds: before === undefined ? [] : keyed.filter(({ key }) => !before.has(key)).map(({ id }) => id),
      sessions: known === undefined ? 0 : (sessions?.sessions ?? 0),
      others: 0,
    };
  };
}
