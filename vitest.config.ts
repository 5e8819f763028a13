import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/tools/longest-first.js';
import { TellFlaky } from './test/tools/tell-flaky.js';

const minute = 60_000;
const report = process.env.VITEST_REPORT;

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
};

/** What computes comes first, as many at once as two cores bear with what they wait for now and then. */
const computing = { maxWorkers: 3, sequence: { groupOrder: 0 } };

/**
 * What waits comes together: real servers and browsers that sit out real time-outs, each file with processes and browsers of its own. Eight
 * at once leave more than half of two cores idle, so that none of them is kept from its timers.
 */
const waiting = { maxWorkers: 8, sequence: { groupOrder: 1 } };

/** With real processes and browsers: two more tries before a busy machine is taken for a fault; those that needed one are named at the end. */
const real = { retry: 2 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // scripts/test.mjs counts what is in the file.
    reporters: [
      'default',
      new TellFlaky(),
      ...(report ? [['json', { outputFile: report }] as ['json', { outputFile: string }]] : []),
    ],
    projects: [
      {
        test: {
          ...computing,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: Object.values(groups).flat(),
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      { test: { ...computing, name: 'catalogue', include: groups.catalogue, testTimeout: minute } },
      { test: { ...computing, name: 'types', include: groups.types, testTimeout: 2 * minute } },
      {
        test: {
          ...computing,
          ...real,
          name: 'collector',
          include: ['collector/test/**/*.test.ts'],
          exclude: ['collector/test/clickhouse/**'],
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          ...computing,
          name: 'package',
          include: groups.package,
          testTimeout: 2 * minute,
          hookTimeout: 4 * minute,
          globalSetup: 'test/package/_kit/pack.ts',
        },
      },
      {
        test: {
          ...waiting,
          ...real,
          name: 'browser',
          include: groups.browser,
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      },
      { test: { ...waiting, ...real, name: 'live', include: groups.live, testTimeout: minute, hookTimeout: minute } },
      {
        test: {
          ...waiting,
          ...real,
          name: 'demo',
          include: ['examples/**/*.test.ts'],
          testTimeout: minute,
          hookTimeout: 2 * minute,
        },
      },
    ],
  },
});
