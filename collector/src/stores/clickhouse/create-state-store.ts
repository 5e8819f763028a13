import { randomUUID } from 'node:crypto';
import { isFree, type Lease, parseLease } from '../lease.js';
import type { StateStore } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { quote } from './quote.js';

const HOUR_MS = 3_600_000;

/** One row for each name; of two that are written within a millisecond, either may win. */
export function createStateStore(connection: ClickHouseConnection): StateStore {
  /** A lease is a row whose `at_ms` is not a time but how often it has changed. */
  const leaseOf = async (name: string) => {
    const [row] = await connection.rows<{ value: string; turn: number; nowMs: number }>(
      `SELECT argMax(value, at_ms) AS value, max(at_ms) AS turn, toUnixTimestamp64Milli(now64(3)) AS nowMs
        FROM state WHERE name = ${quote(leaseName(name))}`,
    );
    // Times are the server's: collectors have clocks of their own.
    const { value = '', turn = 0, nowMs = 0 } = row ?? {};
    return { lease: parseLease(value), turn, nowMs };
  };
  /**
   * Of all that try the same turn, one is stored: the others have its token, and ClickHouse treats them as repetitions of the same insert
   * (in a replicated table through Keeper). Without a first turn (or after somebody emptied the table), the hour keeps the token from being
   * an earlier one.
   */
  const change = async (name: string, lease: Lease, { turn, nowMs }: { turn: number; nowMs: number }) => {
    const token = `${leaseName(name)} ${turn + 1}${turn === 0 ? ` ${Math.floor(nowMs / HOUR_MS)}` : ''}`;
    await connection.insert('state', [{ name: leaseName(name), value: JSON.stringify(lease), at_ms: turn + 1 }], token);
  };
  return {
    async read(name) {
      const [row] = await connection.rows<{ value: string }>(
        `SELECT value FROM state FINAL WHERE name = ${quote(name)}`,
      );
      return row?.value;
    },
    write: (name, value) => connection.insert('state', [{ name, value, at_ms: Date.now() }], randomUUID()),
    async claim(name, holder, forMs) {
      const found = await leaseOf(name);
      if (!isFree(found.lease, holder, found.nowMs)) return false;
      await change(name, { holder, untilMs: found.nowMs + forMs, forMs }, found);
      const { lease, turn } = await leaseOf(name);
      return turn === found.turn + 1 && lease?.holder === holder;
    },
    async release(name, holder) {
      const found = await leaseOf(name);
      if (found.lease?.holder === holder) await change(name, { holder: '', untilMs: 0, forMs: 0 }, found);
    },
  };
}

function leaseName(name: string): string {
  return `lease of ${name}`;
}
