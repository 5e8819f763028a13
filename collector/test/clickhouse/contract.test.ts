import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/stores/open-store.js';
import { storeContract } from '../store-contract.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

const given = process.env.CLICKHOUSE_URL;
const kinds = [
  { name: 'ClickHouse', cluster: false },
  { name: 'ClickHouse through Distributed tables', cluster: true },
];

describe.each(given === undefined ? kinds : [{ name: 'CLICKHOUSE_URL', cluster: given.includes('cluster=') }])(
  '$name',
  ({ cluster }) => {
    let clickHouse: ClickHouse;
    beforeAll(async () => {
      clickHouse = await startClickHouse({ cluster });
    });
    afterAll(() => clickHouse.close());

    storeContract(() => ({
      newPlace: () => clickHouse.newStore(),
      async expire(place) {
        await (await openStore(place, { keepDays: 7 })).close();
        const database = new URL(place.replace(/^clickhouse/, 'http')).pathname.slice(1);
        // What ClickHouse does by itself within hours.
        for (const table of ['incidents', 'sessions', 'other_records', 'dropped']) {
          await clickHouse.sql(`OPTIMIZE TABLE ${table}${cluster ? '_local' : ''} FINAL`, database);
        }
      },
    }));
  },
);
