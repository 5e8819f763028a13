import { describe, expect, onTestFinished } from 'vitest';
import { createRetention } from '../src/create-retention.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { temporaryFolder } from './started-collector.js';
import { storeContract } from './store-contract.js';

describe('SQLite', () => {
  storeContract(() => ({
    newPlace: async () => temporaryFolder(),
    async expire(place) {
      const store = openSqliteStore(place);
      onTestFinished(() => store.close());
      const retention = createRetention({
        clock: { read: async () => Date.now() },
        store: store.retention,
        keepDays: 7,
        maxBytes: undefined,
        logger: { info() {}, error: (text) => expect.fail(text) },
        onDeleted() {},
      });
      await retention.sweep();
      await retention.stop();
    },
  }));
});
