import { defineConfig } from 'vitest/config';

const minute = 60_000;

/** Groups that have a folder of their own; every other test under test/ is in `unit`, so that none is left out. */
const groups = {
  catalogue: [
    'test/catalogue.test.ts',
    'test/variations.test.ts',
    'test/causes-page.test.ts',
    'test/wire-schema.test.ts',
  ],
  browser: ['test/browser/**/*.test.ts'],
  package: ['test/package/**/*.test.ts'],
  types: ['test/types/**/*.test.ts'],
  live: ['test/live/**/*.test.ts'],
  liveInNode: ['test/live/node-*.test.ts'],
};

export default defineConfig({
  test: {
    // The faults listen on real ports and time real time-outs: two at once is what two cores bear.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: Object.values(groups).flat(),
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      { test: { name: 'catalogue', include: groups.catalogue, testTimeout: minute } },
      { test: { name: 'types', include: groups.types, testTimeout: 2 * minute, sequence: { groupOrder: 1 } } },
      {
        test: {
          name: 'collector',
          include: ['collector/test/**/*.test.ts'],
          exclude: ['collector/test/clickhouse/**'],
          testTimeout: minute,
          hookTimeout: minute,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // One browser at a time: throttled timers and starved workers look like the faults that are tested.
        test: {
          name: 'browser',
          include: groups.browser,
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'package',
          include: groups.package,
          testTimeout: 2 * minute,
          hookTimeout: 4 * minute,
          maxWorkers: 1,
          globalSetup: 'test/package/_kit/pack.ts',
          sequence: { groupOrder: 4 },
        },
      },
      {
        // Real time-outs beside real work: one at a time, and a second try before a busy machine is taken for a wrong answer.
        test: {
          name: 'live',
          include: groups.live,
          exclude: groups.liveInNode,
          testTimeout: minute,
          retry: 1,
          maxWorkers: 1,
          sequence: { groupOrder: 6 },
        },
      },
      {
        test: {
          name: 'live-node',
          include: groups.liveInNode,
          testTimeout: minute,
          retry: 1,
          maxWorkers: 3,
          sequence: { groupOrder: 7 },
        },
      },
      {
        test: {
          name: 'demo',
          include: ['examples/**/*.test.ts'],
          testTimeout: minute,
          hookTimeout: 2 * minute,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
