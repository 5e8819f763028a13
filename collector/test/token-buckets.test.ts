import { expect, it } from 'vitest';
import { createTokenBuckets } from '../src/server/token-buckets.js';

const HOUR_MS = 3_600_000;

/** How many may come at once. */
function burst(take: () => number): number {
  let taken = 0;
  while (taken < 1_000 && take() === 0) taken += 1;
  return taken;
}

it('ten seconds of the rate may come at once, an hour of silence saves up no more, and who is refused learns when to come', () => {
  const buckets = createTokenBuckets(2);
  expect(burst(() => buckets.take('one', 0))).toBe(20);
  expect(buckets.take('one', 0)).toBe(1);
  expect(burst(() => buckets.take('two', 0))).toBe(20);
  expect(burst(() => buckets.take('one', 1_000))).toBe(2);
  expect(burst(() => buckets.take('one', HOUR_MS))).toBe(20);
});

it('a clock that is put back takes nothing away', () => {
  const buckets = createTokenBuckets(1);
  expect(buckets.take('one', HOUR_MS)).toBe(0);
  expect(burst(() => buckets.take('one', 0))).toBe(9);
});

it('holds no more names than it has room for, and forgets the one that was used longest ago', () => {
  const buckets = createTokenBuckets(0.1);
  for (const name of ['first', 'second']) expect(burst(() => buckets.take(name, 0))).toBe(1);
  for (let n = 0; n < 99_999; n++) buckets.take(`n${n}`, 0);
  expect(buckets.take('second', 0)).toBeGreaterThan(0);
  expect(buckets.take('first', 0)).toBe(0);
});
