import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/stores/open-store.js';
import { storeContract } from '../store-contract.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

describe.each([
  { name: 'ClickHouse', cluster: false },
  { name: 'ClickHouse through Distributed tables', cluster: true },
])('$name', ({ cluster }) => {
  let clickHouse: ClickHouse;
  beforeAll(async () => {
    clickHouse = await startClickHouse({ cluster });
  });
  afterAll(() => clickHouse.close());

  storeContract(() => ({
    newPlace: () => clickHouse.newStore(),
    async expire(place) {
      await (await openStore(place, { keepDays: 7 })).close();
      const database = new URL(place.replace('clickhouse:', 'http:')).pathname.slice(1);
      // What ClickHouse does by itself within hours.
      for (const table of ['incidents', 'sessions', 'other_records', 'dropped']) {
        await clickHouse.sql(`OPTIMIZE TABLE ${table}${cluster ? '_local' : ''} FINAL`, database);
      }
    },
  }));
});
