import type { ClickHouseConnection } from './connect-clickhouse.js';
import { localTable } from './create-table.js';
import { quote } from './quote.js';

/** What the age of a row is counted from: an incident that still changes is not old, and neither is one that a wrong clock backdates. */
const AGES: Readonly<Record<string, string>> = {
  incidents: 'greatest(opened_at_ms, received_at_ms)',
  sessions: 'greatest(started_at_ms, received_at_ms)',
  other_records: 'received_at_ms',
  dropped: 'received_at_ms',
};

/** What `toDateTime` can hold; a record may say that it happened in the year 9999. */
const MAX_SECONDS = 4_294_967_295;

/** A century: with more, an age added to the time of a row would overflow, and the row would be deleted at once. */
const MAX_DAYS = 36_500;

/** Has ClickHouse delete old rows, for all collectors of this database; a collector without this option changes nothing. */
export async function keepDays(connection: ClickHouseConnection, wanted: number): Promise<void> {
  const days = Math.min(wanted, MAX_DAYS);
  const { address } = connection;
  const onCluster = address.cluster === undefined ? '' : ` ON CLUSTER '${address.cluster}'`;
  for (const [table, age] of Object.entries(AGES)) {
    const name = localTable(address, table);
    const seconds = `toDateTime(toUInt32(least(greatest(intDiv(${age}, 1000), 0), ${MAX_SECONDS - days * 86_400})))`;
    const [found] = await connection.rows<{ engine_full: string }>(
      `SELECT engine_full FROM system.tables WHERE database = ${quote(address.database)} AND name = ${quote(name)}`,
    );
    // Each change rewrites the table once, so only if something changes.
    if (found?.engine_full.includes(`toIntervalDay(${days})`)) continue;
    await connection.command(`ALTER TABLE ${name}${onCluster} MODIFY TTL ${seconds} + toIntervalDay(${days})`);
  }
}
