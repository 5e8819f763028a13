import { expect, test } from 'vitest';
import { resolveOptions } from '../../src/options.js';
import { createSharedDeliveries } from '../../src/shared-deliveries.js';
import { OK, recordingSink, sessionRecord } from './delivery-kit.js';
import { fakeRuntime } from './fake-runtime.js';

function page() {
  const runtime = fakeRuntime();
  const deliveries = createSharedDeliveries(runtime, { id: 'page', startedAt: '2026-01-01T00:00:00.000Z' });
  return {
    runtime,
    join: (given: object) =>
      deliveries.join(
        resolveOptions(given, () => {}),
        given,
      ),
  };
}

test('equal options are one way, whatever object they come in', () => {
  const { join } = page();
  const collector = recordingSink();
  const circular: Record<string, unknown> = { collector: '/v1/records' };
  circular.attributes = circular;
  const same: (() => object)[] = [
    () => ({ collector: 'https://collector.example/v1/records', app: { name: 'chat' } }),
    () => ({ collector }),
    () => ({ collector: ['/v1/records', collector], attributes: { plan: 'team' } }),
    () => circular,
    () => ({}),
  ];
  const joined = same.map((given) => {
    const delivery = join(given());
    expect(join(given())).toBe(delivery);
    return delivery;
  });
  const others = [
    { collector: 'https://collector.example/v1/records', app: { name: 'shop' } },
    { collector: recordingSink() },
    { collector: ['/v1/records', collector], attributes: { plan: 'free' } },
    { ...circular },
    { collector, storage: false },
  ].map(join);
  expect(new Set([...joined, ...others]).size).toBe(joined.length + others.length);
});

test('sockets that come and go in a loop stay within the limits', async () => {
  const { runtime, join } = page();
  const sink = recordingSink(() => OK, 'https://collector.example/v1/records');
  const given = () => ({ collector: sink });
  for (let n = 0; n < 500; n++) {
    const delivery = join(given());
    delivery.add(sessionRecord(`s${n}`), false);
    await delivery.leave();
    await runtime.advance(10);
  }
  const sent = sink.sends.flatMap(({ ids }) => ids).length;
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThanOrEqual(70);
  const counted = () => sink.sends.reduce((sum, { context }) => sum + (context.envelope.dropped['queue-full'] ?? 0), 0);
  const last = join(given());
  await runtime.advance(10 * 60_000);
  last.add(sessionRecord('last'), true);
  await runtime.advance(60_000);
  expect(sink.sends.flatMap(({ ids }) => ids).length + counted()).toBe(501);
});

test('who joins while the last one leaves finds a sink that is open', async () => {
  const { runtime, join } = page();
  let release: (result: unknown) => void = () => {};
  let closes = 0;
  const sink = recordingSink(() => new Promise((resolve) => (release = resolve)));
  sink.close = () => void closes++;
  const given = { collector: sink };
  const first = join(given);
  first.add(sessionRecord('a'), true);
  const leaving = first.leave();
  const second = join(given);
  release(OK);
  await leaving;
  expect(closes).toBe(0);
  sink.answer = () => OK;
  second.add(sessionRecord('b'), true);
  await runtime.advance(250);
  expect(sink.sends.map(({ ids }) => ids)).toEqual([['a.1'], ['b.1']]);
  await second.leave();
  expect(closes).toBe(1);
});

test('a batch tells the network that it is sent over', async () => {
  let networkType: string | undefined = 'wifi';
  const runtime = fakeRuntime({ networkType: () => networkType });
  const deliveries = createSharedDeliveries(runtime, { id: 'page', startedAt: '2026-01-01T00:00:00.000Z' });
  const given = { collector: 'https://collector.example/v1/records' };
  const options = resolveOptions(given, () => {});
  const delivery = deliveries.join(options, given);
  const told = [];
  for (const next of ['cellular', undefined, 'none']) {
    delivery.add(sessionRecord(`${next}`), true);
    await delivery.flush();
    told.push(JSON.parse(runtime.posts.at(-1)?.body ?? '').session.runtime);
    networkType = next;
  }
  const runtimeTold = { kind: 'browser', engine: 'chromium', pageScheme: 'https:', pageHost: 'app.example' };
  expect(told).toEqual([
    { ...runtimeTold, engineVersion: '131', networkType: 'wifi' },
    { ...runtimeTold, engineVersion: '131', networkType: 'cellular' },
    { ...runtimeTold, engineVersion: '131' },
  ]);
});
