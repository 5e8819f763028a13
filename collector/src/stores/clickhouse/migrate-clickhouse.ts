import { CollectorError } from '../../collector-error.js';
import { StoreFailure } from '../store-failure.js';
import { clickHouseMigrations } from './clickhouse-migrations.js';
import { connectClickHouse } from './connect-clickhouse.js';
import { createTable } from './create-table.js';
import type { ClickHouseAddress } from './parse-clickhouse-address.js';
import { quote } from './quote.js';

/**
 * Migrates the tables to the version that this collector supports; resolves with the names of what was applied, here or by a collector that
 * started at the same time. Needs no right to change tables if there is nothing to change.
 */
export async function migrateClickHouse(address: ClickHouseAddress): Promise<readonly string[]> {
  const connection = await connectClickHouse(address, { forMigration: true });
  const { cluster } = address;
  const history = createTable(address, {
    name: 'schema_migrations',
    columns: 'version UInt32, name String, applied_at DateTime64(3) DEFAULT now64(3)',
    engine: 'ReplacingMergeTree',
    orderBy: 'version',
  });
  const applied: string[] = [];
  try {
    const [found] = await connection.rows<{ tables: number }>(
      `SELECT count() AS tables FROM system.tables WHERE database = ${quote(address.database)} AND name = 'schema_migrations'`,
    );
    const done =
      found?.tables === 0
        ? new Set<number>()
        : new Set(
            (await connection.rows<{ version: number }>('SELECT DISTINCT version FROM schema_migrations')).map(
              ({ version }) => version,
            ),
          );
    const newest = Math.max(0, ...done);
    const known = clickHouseMigrations.at(-1)?.version ?? 0;
    if (newest > known) {
      throw new CollectorError(
        `${address.shown} was migrated by a newer collector (it is at version ${newest}, this collector supports ${known}). Update the collector or choose another database.`,
      );
    }
    const due = clickHouseMigrations.filter(({ version }) => !done.has(version));
    if (due.length > 0) for (const statement of history) await connection.command(statement);
    for (const { version, name, statements } of due) {
      for (const statement of statements({
        database: address.database,
        ...(cluster === undefined ? {} : { cluster }),
      })) {
        await connection.command(statement);
      }
      await connection.command(`INSERT INTO schema_migrations (version, name) VALUES (${version}, ${quote(name)})`);
      applied.push(`${version} ${name}`);
    }
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    throw new CollectorError(`${address.shown}: ${error.message}. ${error.advice ?? ''}`.trim());
  } finally {
    await connection.close();
  }
  return applied;
}
