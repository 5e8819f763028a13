import { expect, test } from 'vitest';
import type { TextStorage } from '../../src/runtime/runtime.js';
import type { EndedConnection } from '../../src/signals/ended-connections.js';
import { createStoredEnds } from '../../src/signals/stored-ends.js';
import type { TargetFacts } from '../../src/signals/timeline.js';

const END: EndedConnection = {
  at: 0,
  attempt: 1,
  transport: 'websocket',
  reason: 'transport close',
  transportAgeMs: 60_000,
  quietMs: 60_000,
};
const HOUR_MS = 3_600_000;

function page(stored: Map<string, string>, nowMs: number, host = 'api.example') {
  const storage: TextStorage = {
    get: (key) => stored.get(key),
    set(key, value) {
      stored.set(key, value);
      return true;
    },
    remove: (key) => void stored.delete(key),
    keys: () => [...stored.keys()],
  };
  const target: TargetFacts = { secure: true, host, port: '443', path: '/socket.io/', sameOrigin: false };
  return createStoredEnds(
    storage,
    () => nowMs,
    () => target,
  );
}

test('the next page load knows how connections to the same server ended, with times before its own', () => {
  const stored = new Map<string, string>();
  page(stored, 1_000_000).write([{ ...END, at: 500 }], 700);
  expect(page(stored, 1_010_000).read()).toEqual([{ ...END, at: -10_200, attempt: 0 }]);
  expect(page(stored, 1_010_000, 'other.example').read()).toEqual([]);
  expect([...stored.values()].join()).toContain('https://api.example:443/socket.io/');
});

test('two tabs keep what each of them saw, once', () => {
  const stored = new Map<string, string>();
  page(stored, 1_000_000).write([END], 0);
  const second = page(stored, 1_060_000);
  const known = second.read();
  second.write([...known, { ...END, at: 10 }], 10);
  page(stored, 1_061_000).write([{ ...END, at: 0 }], 61_000);
  expect(
    page(stored, 1_100_000)
      .read()
      .map(({ at }) => at),
  ).toEqual([-100_000, -40_000]);
});

test('it is bounded in ends, in servers and in time', () => {
  const stored = new Map<string, string>();
  for (let host = 0; host < 50; host += 1) {
    const ends = Array.from({ length: 100 }, (_, index) => ({ ...END, at: index * 1_000 }));
    page(stored, HOUR_MS + host * 1_000, `${host}.example`).write(ends, 100_000);
  }
  const text = [...stored.values()].join('');
  expect(text.length).toBeLessThan(10_000);
  expect(page(stored, 2 * HOUR_MS, '49.example').read()).toHaveLength(12);
  expect(page(stored, 2 * HOUR_MS, '45.example').read()).toHaveLength(0);
  expect(page(stored, 8 * HOUR_MS, '49.example').read()).toHaveLength(0);
  // A clock that was set back.
  expect(page(stored, 1_000, '49.example').read()).toHaveLength(0);
});

test.each(['', '{', 'null', '[]', '"x"', '{"https://api.example:443/socket.io/":[null,1,{"at":"x"},{"at":1}]}'])(
  'whatever else is stored there, such as %s, is nothing',
  (text) => {
    const stored = new Map([['socket.io-diagnostics:1:ended-connections', text]]);
    expect(page(stored, 1_000).read()).toEqual([]);
    page(stored, 1_000).write([END], 0);
    expect(page(stored, 2_000).read()).toHaveLength(1);
  },
);
