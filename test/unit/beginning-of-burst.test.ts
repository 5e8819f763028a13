import { expect, test } from 'vitest';
import { beginningOfBurst } from '../../src/incidents/beginning-of-burst.js';
import type { Signal } from '../../src/signals/signal.js';

const signals = (...told: [kind: Signal['kind'], at: number][]) =>
  told.map(([kind, at]) => ({ kind, at, attempt: 1 })) as Signal[];

test.each<[string, Signal[], number]>([
  ['what the engine said first', signals(['connected', 5], ['engine-closed', 100], ['disconnected', 101]), 100],
  ['not a namespace that was refused long ago', signals(['connect-error', 20], ['engine-closed', 5_000]), 5_000],
  ['the first of several transports', signals(['transport-failed', 20], ['connect-error', 9_000]), 20],
])('a failure begins with %s', (_what, told, since) => {
  expect(beginningOfBurst(told, told.at(-1)?.at ?? 0)).toBe(since);
});
