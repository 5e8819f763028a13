import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickHouseMigrations } from '../../src/stores/clickhouse/clickhouse-migrations.js';
import { openStore } from '../../src/stores/open-store.js';
import { sampleEnvelope, sampleIncident, sampleSession } from '../sample-envelope.js';
import { batchOf } from '../store-contract.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

const databaseOf = (place: string) => new URL(place.replace(/^clickhouse/, 'http')).pathname.slice(1);

describe('the tables of a cluster', () => {
  let clickHouse: ClickHouse;
  beforeAll(async () => {
    clickHouse = await startClickHouse({ cluster: true, replicated: true });
  });
  afterAll(() => clickHouse.close());

  it('are replicated, with Distributed tables over those that are sharded', async () => {
    const database = databaseOf(await clickHouse.newStore());
    const statements = clickHouseMigrations.flatMap((migration) => migration.statements({ database, cluster: 'one' }));
    // As every server of the cluster gets them; the engine makes the tables, and cannot replicate anything here, nor change what is replicated.
    for (const statement of statements) {
      if (!/^ALTER TABLE \w+_local /.test(statement)) await clickHouse.sql(statement, database);
    }
    const rows = await clickHouse.sql(
      `SELECT name, engine_full FROM system.tables WHERE database = '${database}' ORDER BY name FORMAT TSVRaw`,
    );
    const engines = Object.fromEntries(
      rows
        .trimEnd()
        .split('\n')
        .map((row) => row.split('\t') as [string, string]),
    );
    const everywhere = (name: string) =>
      expect.stringContaining(`('/clickhouse/tables/all/${database}/${name}', '{shard}-{replica}'`);
    const sharded = (name: string) =>
      expect.stringContaining(`('/clickhouse/tables/{shard}/${database}/${name}', '{replica}'`);
    const distributed = (name: string, key: string) =>
      `Distributed('one', '${database}', '${name}', cityHash64(${key}))`;
    expect(engines).toEqual({
      dropped: distributed('dropped_local', 'batch'),
      dropped_local: sharded('dropped_local'),
      facets: everywhere('facets'),
      first_seen: everywhere('first_seen'),
      health_checks: everywhere('health_checks'),
      incidents: distributed('incidents_local', 'id'),
      incidents_local: sharded('incidents_local'),
      other_records: distributed('other_records_local', 'id'),
      other_records_local: sharded('other_records_local'),
      sessions: distributed('sessions_local', 'id'),
      sessions_local: sharded('sessions_local'),
      state: everywhere('state'),
    });
    expect(engines.incidents_local).toMatch(/^ReplicatedReplacingMergeTree\(.*, version\) ORDER BY \(sort_ms, id\)/);
    expect(engines.first_seen).toMatch(/^ReplicatedAggregatingMergeTree\(/);
  });
});

describe('the days that are kept', () => {
  let clickHouse: ClickHouse;
  beforeAll(async () => {
    clickHouse = await startClickHouse();
  });
  afterAll(() => clickHouse.close());

  it.each([1, 36_500, 999_999_999])('delete nothing that is younger (%i)', async (keepDays) => {
    const place = await clickHouse.newStore();
    const database = databaseOf(place);
    const store = await openStore(place, { keepDays });
    await store.write([
      batchOf(sampleEnvelope({ records: [sampleIncident({ openedAt: '9999-01-01T00:00:00Z' }), sampleSession()] })),
    ]);
    await store.close();
    for (const table of ['incidents', 'sessions']) {
      await clickHouse.sql(`OPTIMIZE TABLE ${table} FINAL`, database);
      expect(await clickHouse.sql(`SELECT count() FROM ${table}`, database)).toBe('1\n');
    }
  });

  it('are changed by whoever says so, and left as they are by who does not', async () => {
    const place = await clickHouse.newStore();
    const ttl = async () =>
      /toIntervalDay\((\d+)\)/.exec(
        await clickHouse.sql(
          `SELECT engine_full FROM system.tables WHERE database = '${databaseOf(place)}' AND name = 'incidents'`,
        ),
      )?.[1];
    for (const [keepDays, expected] of [
      [undefined, undefined],
      [7, '7'],
      [undefined, '7'],
      [70, '70'],
    ] as const) {
      await (await openStore(place, { keepDays })).close();
      expect(await ttl()).toBe(expected);
    }
  });
});

describe('a million of rows', () => {
  let clickHouse: ClickHouse;
  beforeAll(async () => {
    clickHouse = await startClickHouse();
  });
  afterAll(() => clickHouse.close());

  it('are not read for a question about a day, nor for one id', async () => {
    const place = await clickHouse.newStore();
    const database = databaseOf(place);
    await (await openStore(place)).close();
    // Thirty days, and one device in fifty whose clock is off by up to ten days.
    await clickHouse.sql(
      `INSERT INTO incidents (id, revision, sort_ms, opened_at_ms, received_at_ms, code)
        SELECT toString(reinterpretAsUUID(MD5(toString(number)))), 1, 1795000000000 + number * 2592 AS at,
          at + if(number % 50 = 0, toInt64(cityHash64(number) % 1728000000) - 864000000, 0), at, 'cut'
        FROM numbers(1000000)`,
      database,
    );
    const granules = async (statement: string) => {
      const plan = await clickHouse.sql(`EXPLAIN indexes = 1 ${statement} FORMAT TSVRaw`, database);
      const counts = [...plan.matchAll(/Granules: (\d+)(?:\/(\d+))?/g)].map(([, read, all]) => [
        Number(read),
        Number(all),
      ]);
      return { read: Math.min(...counts.map(([read]) => read as number)), plan };
    };
    const all = Number(
      await clickHouse.sql(
        `SELECT sum(marks) FROM system.parts WHERE active AND table = 'incidents' AND database = '${database}'`,
      ),
    );
    const day = await granules(
      `SELECT count() FROM incidents FINAL WHERE opened_at_ms >= ${1_795_000_000_000 + 29 * 86_400_000} SETTINGS use_skip_indexes_if_final = 1`,
    );
    expect([day.read < all / 2, day.plan]).toEqual([true, expect.stringContaining('by_time')]);
    const id = (await clickHouse.sql('SELECT id FROM incidents LIMIT 1', database)).trim();
    const one = await granules(`SELECT id, max(revision) FROM incidents WHERE id IN ('${id}') GROUP BY id`);
    expect([one.read < all / 10, one.plan]).toEqual([true, expect.stringContaining('lookup')]);
  });
});
