import type { ClickHouseConnection } from './connect-clickhouse.js';
import { quote } from './quote.js';

/** Their text is some hundred kilobytes. */
export const IDS_PER_QUERY = 2000;

export interface Stored {
  readonly revision: number;
  readonly sortMs: number;
}

/** Highest revision and place in the table by id, from the projection that is sorted by id. */
export async function lookUp(
  connection: ClickHouseConnection,
  table: 'incidents' | 'sessions',
  ids: readonly string[],
): Promise<ReadonlyMap<string, Stored>> {
  const stored = new Map<string, Stored>();
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
    const list = ids
      .slice(from, from + IDS_PER_QUERY)
      .map(quote)
      .join(', ');
    const rows = await connection.rows<{ id: string } & Stored>(
      `SELECT id, max(revision) AS revision, argMax(sort_ms, revision) AS sortMs FROM ${table} WHERE id IN (${list}) GROUP BY id`,
    );
    for (const { id, revision, sortMs } of rows) stored.set(id, { revision, sortMs });
  }
  return stored;
}
