import { defineConfig } from 'vitest/config';

/** Runs with `npm run test:clickhouse`, not with `npm test`: its engine is a download of half a gigabyte. */
export default defineConfig({
  test: {
    name: 'clickhouse',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['collector/test/clickhouse/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
