import { describe, expect, test } from 'vitest';
import { createDelivery, type DeliveryOptions } from '../../src/delivery/delivery.js';
import type { Sink } from '../../src/delivery/sink.js';
import { incidentRecord, OK, origin, RETRY, recordingSink, sessionRecord, UNREACHABLE } from './delivery-kit.js';
import { fakeRuntime } from './fake-runtime.js';

function start(sink: Sink, options: Partial<DeliveryOptions> = {}) {
  const runtime = fakeRuntime();
  const delivery = createDelivery({ sinks: [sink], runtime, origin, ...options });
  return { runtime, delivery };
}

describe('when records leave', () => {
  test('a calm record waits 5 s for others, an urgent one takes it along after 250 ms', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    delivery.add(sessionRecord('a'), false);
    await runtime.advance(4999);
    expect(sink.sends).toHaveLength(0);
    await runtime.advance(1);
    expect(sink.sends[0]?.ids).toEqual(['a.1']);

    delivery.add(sessionRecord('b'), false);
    delivery.add(incidentRecord('c'), true);
    await runtime.advance(249);
    expect(sink.sends).toHaveLength(1);
    await runtime.advance(1);
    expect(sink.sends[1]?.ids).toEqual(['b.1', 'c.1']);
  });

  test('twenty records, or 16 KiB of them, leave at once', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    for (let n = 0; n < 20; n++) delivery.add(sessionRecord(`n${n}`), false);
    expect(sink.sends).toHaveLength(0);
    await runtime.advance(0);
    expect(sink.sends[0]?.ids).toHaveLength(20);

    delivery.add(sessionRecord('big', 1, { text: 'é'.repeat(8192) }), false);
    await runtime.advance(0);
    expect(sink.sends[1]?.ids).toEqual(['big.1']);
  });

  test('only the newest revision of a record leaves, whatever order they came in', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    for (const revision of [1, 3, 2]) delivery.add(sessionRecord('a', revision), false);
    delivery.add(sessionRecord('b'), false);
    await runtime.advance(5000);
    expect(sink.sends.map(({ ids }) => ids)).toEqual([['a.3', 'b.1']]);
  });

  test('a newer revision takes the place of the older one, in the line and in time', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(100);
    delivery.add(sessionRecord('b'), false);
    await runtime.advance(100);
    delivery.add(incidentRecord('a', 2), false);
    await runtime.advance(49);
    expect(sink.sends).toHaveLength(0);
    await runtime.advance(1);
    expect(sink.sends.map(({ ids }) => ids)).toEqual([['a.2', 'b.1']]);
  });

  test('each sink goes its own way', async () => {
    const dead = recordingSink(() => RETRY);
    const alive = recordingSink();
    const { runtime, delivery } = start(dead, { sinks: [dead, alive] });
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    expect(alive.sends).toHaveLength(1);
    delivery.add(sessionRecord('b'), true);
    await runtime.advance(250);
    expect(alive.sends[1]?.ids).toEqual(['b.1']);
  });

  test('one batch at a time, and each says when it was sent', async () => {
    let release: (result: unknown) => void = () => {};
    const sink = recordingSink(() => new Promise((resolve) => (release = resolve)));
    const { runtime, delivery } = start(sink);
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    delivery.add(sessionRecord('b'), true);
    await runtime.advance(1000);
    expect(sink.sends).toHaveLength(1);
    expect(sink.sends[0]?.context.envelope).toMatchObject({
      schema: '1.0',
      session: { id: 'this-page' },
      sentAt: '2026-01-01T00:00:00.250Z',
    });
    expect(sink.sends[0]?.context.envelope.dropped).toEqual({});
    release(OK);
    await runtime.advance(0);
    expect(sink.sends[1]?.ids).toEqual(['b.1']);
  });
});

describe('when a sink fails', () => {
  test('the same batch is tried again with full jitter, 1 s doubling to 60 s', async () => {
    const sink = recordingSink(() => RETRY);
    const { runtime, delivery } = start(sink);
    runtime.chance = 1;
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    let expected = 1;
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      await runtime.advance(waitMs - 1);
      expect(sink.sends).toHaveLength(expected);
      await runtime.advance(1);
      expect(sink.sends).toHaveLength(++expected);
    }
    expect(new Set(sink.sends.map(({ context }) => context.envelope.batch)).size).toBe(1);

    sink.answer = () => OK;
    await runtime.advance(60_000);
    sink.answer = () => RETRY;
    delivery.add(incidentRecord('b'), true);
    await runtime.advance(250);
    const afterRecovery = sink.sends.length;
    await runtime.advance(1000);
    expect(sink.sends).toHaveLength(afterRecovery + 1);
  });

  test('a named time is waited for however long it is, and neither flush nor wake breaks it', async () => {
    const hourMs = 3_600_000;
    const sink = recordingSink(() => ({ ...RETRY, afterMs: 30 * hourMs }));
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    sink.answer = () => OK;
    delivery.wake();
    await runtime.advance(30 * hourMs - 1);
    expect(await delivery.flush()).toBe(false);
    delivery.leaving();
    expect(sink.sends).toHaveLength(1);
    await runtime.advance(1);
    expect(sink.sends).toHaveLength(2);
    expect(await delivery.flush()).toBe(true);
  });

  test('no named time lets all that waits expire', async () => {
    const sink = recordingSink(() => ({ ...RETRY, afterMs: 30 * 24 * 3_600_000 }));
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    sink.answer = () => OK;
    await runtime.advance(36 * 3_600_000 - 1);
    expect(sink.sends).toHaveLength(1);
    await runtime.advance(1);
    expect(sink.sends).toHaveLength(2);
  });

  test('`Retry-After: 0` is no invitation to a loop', async () => {
    const sink = recordingSink(() => ({ ...RETRY, afterMs: 0 }));
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(60_000);
    expect(sink.sends.length).toBeLessThan(10);
  });

  test('a sink that throws, rejects, hangs or answers nonsense harms nobody', async () => {
    const hostile: (() => unknown)[] = [
      () => {
        throw new Error('thrown by the sink');
      },
      () => Promise.reject(new Error('rejected by the sink')),
      () => new Promise(() => {}),
      () => ({ ok: false }),
    ];
    for (const answer of hostile) {
      const sink = recordingSink(answer);
      const { runtime, delivery } = start(sink);
      delivery.add(incidentRecord('a'), true);
      await runtime.advance(250);
      expect(sink.sends).toHaveLength(1);
      sink.answer = () => OK;
      await runtime.advance(31_000);
      expect(sink.sends.at(-1)?.ids).toEqual(['a.1']);
      expect(sink.sends.at(-1)?.context.envelope.dropped).toEqual({});
      expect(await delivery.flush()).toBe(true);
    }
  });

  test('a sink that resolves with nothing has accepted', async () => {
    const sink = recordingSink(async () => {});
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(60_000);
    expect(sink.sends).toHaveLength(1);
  });

  test('a batch that is too large is halved until only the culprit is dropped', async () => {
    const sink = recordingSink((ids) =>
      ids.includes('huge.1') || ids.length > 2 ? { ok: false, retry: false, reason: 'too-large' } : OK,
    );
    const { runtime, delivery } = start(sink);
    for (const id of ['a', 'b', 'huge', 'c', 'd']) delivery.add(sessionRecord(id), true);
    await runtime.advance(250);
    const accepted = sink.sends.filter(({ ids }) => !ids.includes('huge.1') && ids.length <= 2);
    expect(accepted.flatMap(({ ids }) => ids).sort()).toEqual(['a.1', 'b.1', 'c.1', 'd.1']);
    delivery.add(sessionRecord('e'), true);
    await runtime.advance(250);
    expect(sink.sends.at(-1)?.context.envelope.dropped).toEqual({ 'too-large': 1 });
  });

  test('a blocked receiver is left alone for ten minutes and told of once', async () => {
    const blocked: Sink[] = [];
    const sink = recordingSink(() => UNREACHABLE);
    const { runtime, delivery } = start(sink, {
      onBlocked: (event) => {
        blocked.push(event.sink);
        throw new Error('thrown by the app');
      },
    });
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250 + 500 + 1000 + 2000 + 4000 + 8000 + 16_000 + 5 * 30_000);
    expect(sink.sends).toHaveLength(12);
    expect(blocked).toEqual([sink]);
    await runtime.advance(599_999);
    expect(sink.sends).toHaveLength(12);
    await runtime.advance(1);
    expect(sink.sends).toHaveLength(13);
    await runtime.advance(600_000);
    expect(sink.sends).toHaveLength(14);
    expect(blocked).toHaveLength(1);

    // Somebody looks at the page again and again: that is no reason to fill the console.
    sink.answer = () => OK;
    for (let n = 0; n < 10; n++) delivery.wake();
    delivery.leaving();
    await runtime.advance(59_999);
    expect(sink.sends).toHaveLength(14);
    await runtime.advance(1);
    expect(sink.sends).toHaveLength(15);
    expect(sink.sends[14]?.context.envelope.dropped).toEqual({});
    delivery.add(incidentRecord('b'), true);
    await runtime.advance(250);
    expect(sink.sends[15]?.context.envelope.dropped).toEqual({ 'internal-error': 1 });
  });

  test('a page that is hours old calls a receiver blocked no sooner than a new one', async () => {
    const blocked: Sink[] = [];
    const sink = recordingSink(() => UNREACHABLE);
    const { runtime, delivery } = start(sink, { onBlocked: (event) => blocked.push(event.sink) });
    await runtime.advance(3_600_000);
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250 + 170_000);
    expect(sink.sends.length).toBeGreaterThan(8);
    expect(blocked).toEqual([]);
    await runtime.advance(60_000);
    expect(blocked).toEqual([sink]);
  });

  test('what fails as the network goes is no blocked receiver', async () => {
    const blocked: Sink[] = [];
    const sink = recordingSink(() => {
      runtime.online = false;
      return UNREACHABLE;
    });
    const { runtime, delivery } = start(sink, { onBlocked: (event) => blocked.push(event.sink) });
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    for (let n = 0; n < 12; n++) {
      await runtime.advance(30_000);
      runtime.online = true;
      delivery.wake();
      await runtime.advance(0);
    }
    expect(sink.sends).toHaveLength(13);
    expect(blocked).toEqual([]);
  });

  test('while offline nothing is tried; the network coming back tries at once', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    runtime.online = false;
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(600_000);
    expect(await delivery.flush()).toBe(false);
    expect(sink.sends).toHaveLength(0);
    runtime.online = true;
    delivery.wake();
    await runtime.advance(0);
    expect(sink.sends).toHaveLength(1);
  });
});

describe('what is dropped', () => {
  test('a full queue lets the oldest session records go before any incident, and says so', async () => {
    const sink = recordingSink(() => RETRY);
    const { runtime, delivery } = start(sink);
    delivery.add(incidentRecord('first'), true);
    await runtime.advance(250);
    for (let n = 0; n < 70; n++) delivery.add(sessionRecord(`s${n}`), false);
    for (let n = 0; n < 40; n++) delivery.add(incidentRecord(`i${n}`), false);
    sink.answer = () => OK;
    expect(await flushed(delivery, runtime)).toBe(true);
    const got = sink.sends.slice(1).flatMap(({ ids }) => ids);
    expect(got).toHaveLength(100);
    expect(got).not.toContain('s10.1');
    expect(got).toContain('s11.1');
    expect(got).toContain('i0.1');
    const told = sink.sends.map(({ context }) => context.envelope.dropped['queue-full'] ?? 0);
    expect(told.reduce((sum, records) => sum + records)).toBe(11);
    expect(sink.sends.filter(({ context }) => 'queue-full' in context.envelope.dropped)).toHaveLength(1);
  });

  test('the queue holds 256 KiB', async () => {
    const sink = recordingSink(() => RETRY);
    const { runtime, delivery } = start(sink);
    for (let n = 0; n < 10; n++) delivery.add(incidentRecord(`i${n}`, 1, { text: 'x'.repeat(40_000) }), false);
    sink.answer = () => OK;
    await flushed(delivery, runtime);
    expect(sink.sends.flatMap(({ ids }) => ids)).toEqual(['i4.1', 'i5.1', 'i6.1', 'i7.1', 'i8.1', 'i9.1']);
  });

  test('counters wait for an acknowledged batch, and are told once', async () => {
    const sink = recordingSink(() => ({ ok: false, retry: false, reason: 'rejected' }));
    const { runtime, delivery } = start(sink);
    delivery.drop('before-send');
    delivery.drop('sampled', 3);
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    sink.answer = () => ({ ok: true, rejected: ['b'] });
    delivery.add(sessionRecord('b'), true);
    await runtime.advance(250);
    delivery.add(sessionRecord('c'), true);
    await runtime.advance(250);
    expect(sink.sends.map(({ context }) => context.envelope.dropped)).toEqual([
      { 'before-send': 1, sampled: 3 },
      { 'before-send': 1, sampled: 3, rejected: 1 },
      { rejected: 1 },
    ]);
  });

  test('a record that is no JSON or too large for any batch is counted, not thrown', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    delivery.add(sessionRecord('a', 1, circular), true);
    delivery.add(sessionRecord('b', 1, { text: 'x'.repeat(60_000) }), true);
    delivery.add(sessionRecord('c'), true);
    await runtime.advance(250);
    expect(sink.sends[0]).toMatchObject({
      ids: ['c.1'],
      context: { envelope: { dropped: { 'internal-error': 1, 'too-large': 1 } } },
    });
  });
});

describe('flush and close', () => {
  test('flush sends everything in order, holds the process meanwhile, and tells whether it is safe', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    expect(await delivery.flush()).toBe(true);
    for (let n = 0; n < 45; n++) delivery.add(sessionRecord(`n${n}`), false);
    const flushing = delivery.flush();
    expect(runtime.holds).toBe(1);
    await runtime.advance(0);
    expect(await flushing).toBe(true);
    expect(runtime.holds).toBe(0);
    expect(sink.sends.map(({ ids }) => ids.length)).toEqual([20, 20, 5]);

    sink.answer = () => RETRY;
    delivery.add(sessionRecord('late'), false);
    expect(await flushed(delivery, runtime)).toBe(false);
    expect(runtime.holds).toBe(0);
  });

  test('a flush during a back-off tries now', async () => {
    const sink = recordingSink(() => RETRY);
    const { runtime, delivery } = start(sink);
    runtime.chance = 1;
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    sink.answer = () => OK;
    expect(await flushed(delivery, runtime)).toBe(true);
  });

  test('close flushes, closes the sink and leaves no timer', async () => {
    const sink = recordingSink();
    let closed = 0;
    sink.close = () => {
      closed++;
      throw new Error('thrown by the sink');
    };
    const { runtime, delivery } = start(sink);
    delivery.add(sessionRecord('a'), false);
    const closing = delivery.close();
    await runtime.advance(0);
    await closing;
    await delivery.close();
    delivery.add(sessionRecord('b'), true);
    delivery.leaving();
    delivery.wake();
    await runtime.advance(60_000);
    expect(sink.sends.map(({ ids }) => ids)).toEqual([['a.1']]);
    expect(closed).toBe(1);
    expect(runtime.timers).toBe(0);
    expect(runtime.holds).toBe(0);
  });

  test('without sinks nothing is done', async () => {
    const runtime = fakeRuntime();
    const delivery = createDelivery({ sinks: [], runtime, origin });
    delivery.add(sessionRecord('a'), true);
    expect(runtime.timers).toBe(0);
    expect(await delivery.flush()).toBe(true);
  });
});

async function flushed(
  delivery: ReturnType<typeof createDelivery>,
  runtime: ReturnType<typeof fakeRuntime>,
): Promise<boolean> {
  const flushing = delivery.flush();
  await runtime.advance(0);
  return flushing;
}

describe('limits', () => {
  test('a burst of 10,000 failures leaves at 60 records a minute, the newest state of each, and the rest is counted', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    for (let n = 0; n < 10_000; n++) {
      delivery.add(incidentRecord(`i${n % 50}`, Math.floor(n / 50) + 1), true);
      if (n % 100 === 99) await runtime.advance(600);
    }
    const inTheMinute = sink.sends.flatMap(({ ids }) => ids).length;
    expect(inTheMinute).toBeGreaterThanOrEqual(60);
    expect(inTheMinute).toBeLessThanOrEqual(120);
    await runtime.advance(60_000);
    const newest = new Set(sink.sends.flatMap(({ ids }) => ids).filter((id) => id.endsWith('.200')));
    expect(newest.size).toBe(50);
    expect(sink.sends.every(({ context }) => Object.keys(context.envelope.dropped).length === 0)).toBe(true);
  });

  test('a quiet hour saves nothing up for a burst', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink);
    await runtime.advance(3_600_000);
    for (let n = 0; n < 90; n++) delivery.add(incidentRecord(`i${n}`), true);
    await runtime.advance(250);
    expect(sink.sends.flatMap(({ ids }) => ids)).toHaveLength(60);
  });

  test('incidents and sessions beyond the limit of a page load are counted, revisions of known ones are not held back', async () => {
    const sink = recordingSink();
    const { runtime, delivery } = start(sink, { limits: { recordsPerSession: 2 } });
    for (const id of ['a', 'b', 'c', 'd']) delivery.add(incidentRecord(id), true);
    delivery.add(incidentRecord('a', 2), true);
    await runtime.advance(250);
    expect(sink.sends.map(({ ids, context }) => [ids, context.envelope.dropped])).toEqual([
      [['a.2', 'b.1'], { 'rate-limited': 2 }],
    ]);
  });

  test('the mildest incidents make room first', async () => {
    const sink = recordingSink(() => RETRY);
    const { runtime, delivery } = start(sink);
    const severities = ['error', 'info', 'warning'];
    for (let n = 0; n < 150; n++) {
      delivery.add(
        incidentRecord(`${severities[n % 3]}-${n}`, 1, { diagnosis: { severity: severities[n % 3] } }),
        false,
      );
    }
    sink.answer = () => OK;
    expect(await flushed(delivery, runtime)).toBe(true);
    const got = sink.sends.flatMap(({ ids }) => ids);
    expect(got.filter((id) => id.startsWith('info'))).toEqual([]);
    expect(got.filter((id) => id.startsWith('warning'))).toHaveLength(50);
    expect(got.filter((id) => id.startsWith('error'))).toHaveLength(50);
  });
});
