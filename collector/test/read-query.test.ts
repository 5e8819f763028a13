import { expect, it } from 'vitest';
import { incidentQueryOf, scopeOf } from '../src/server/read-query.js';
import { bucketMsOf } from '../src/stores/trend-buckets.js';

const DAY_MS = 86_400_000;

it('a period begins with a whole bucket, so that the first bar is not cut', () => {
  const untilMs = Date.parse('2026-03-04T05:06:07.089Z');
  for (const [period, periodMs] of Object.entries({ '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS })) {
    const sinceMs = scopeOf({ period, until: String(untilMs) }).sinceMs ?? Number.NaN;
    const earlierMs = untilMs - periodMs - sinceMs;
    expect(sinceMs % bucketMsOf(periodMs)).toBe(0);
    expect(earlierMs).toBeGreaterThan(0);
    expect(earlierMs).toBeLessThan(bucketMsOf(periodMs));
  }
});

it('what is asked for is cut, and has no NUL, up to which alone the database would read it', () => {
  const query = incidentQueryOf({
    search: 'x'.repeat(9_000),
    code: 'cors-origin-not-allowed\0x',
    status: ['open', 'x'],
  });
  expect(query).toMatchObject({ search: 'x'.repeat(500), code: 'cors-origin-not-allowedx', status: 'open' });
});
