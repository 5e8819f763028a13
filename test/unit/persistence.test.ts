import { describe, expect, test } from 'vitest';
import { createDelivery } from '../../src/delivery/delivery.js';
import {
  incidentRecord,
  OK,
  originOf,
  RETRY,
  type RecordingSink,
  recordingSink,
  sessionRecord,
} from './delivery-kit.js';
import { type FakeRuntime, fakeRuntime } from './fake-runtime.js';

const name = 'https://collector.example/v1/records';
const prefix = `socket.io-diagnostics:1:${name}:`;
const startMs = Date.UTC(2026, 0, 1);

async function page(
  session: string,
  sink: RecordingSink,
  world: Parameters<typeof fakeRuntime>[0],
  storage?: false,
): Promise<{ runtime: FakeRuntime; delivery: ReturnType<typeof createDelivery> }> {
  const runtime = fakeRuntime(world);
  const delivery = createDelivery({ sinks: [sink], runtime, origin: originOf(session), storage });
  await runtime.advance(0);
  return { runtime, delivery };
}

/** What all tabs together have stored. */
function textOf(stored: Map<string, string>): string {
  return [...stored.values()].join('\n');
}

function recordsOf(stored: Map<string, string>): readonly { readonly kind: string; readonly id: string }[] {
  return [...stored.values()].flatMap((text) =>
    JSON.parse(text)[4].entries.map((entry: { record: object }) => entry.record),
  );
}

function sessionsOf(sink: RecordingSink): string[] {
  return sink.sends.map(({ context }) => context.envelope.session.id);
}

describe('a page that is left', () => {
  test('sends what waits by means that survive, and once', async () => {
    let release: (result: unknown) => void = () => {};
    const sink = recordingSink(() => new Promise((resolve) => (release = resolve)), name);
    const stored = new Map<string, string>();
    const { runtime, delivery } = await page('one', sink, { stored });
    for (let n = 0; n < 25; n++) delivery.add(sessionRecord(`n${n}`), false);
    delivery.leaving(true);
    delivery.leaving(true);
    expect(sink.sends.map(({ ids, context }) => [ids.length, context.leaving])).toEqual([
      [20, true],
      [5, true],
    ]);
    expect(textOf(stored)).toContain('n24');
    release(OK);
    await runtime.advance(0);
    expect(textOf(stored)).toContain('n0"');
    expect(textOf(stored)).not.toContain('n24');
  });

  test('sends a batch that was under way again, as the same batch', async () => {
    const releases: ((result: unknown) => void)[] = [];
    const sink = recordingSink(() => new Promise((resolve) => releases.push(resolve)), name);
    const { runtime, delivery } = await page('one', sink, {});
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    delivery.leaving(true);
    expect(sink.sends.map(({ context }) => context.leaving)).toEqual([false, true]);
    expect(new Set(sink.sends.map(({ context }) => context.envelope.batch)).size).toBe(1);
    // The first one was cut by the browser; the other one decides.
    releases[0]?.(RETRY);
    await runtime.advance(20_000);
    releases[1]?.(OK);
    await runtime.advance(0);
    expect(runtime.stored.size).toBe(0);
    expect(sink.sends).toHaveLength(2);
  });

  test('counts nothing as refused that another send of the same batch brought in', async () => {
    const releases: ((result: unknown) => void)[] = [];
    const sink = recordingSink(() => new Promise((resolve) => releases.push(resolve)), name);
    const { runtime, delivery } = await page('one', sink, {});
    delivery.add(sessionRecord('a'), true);
    await runtime.advance(250);
    delivery.leaving(true);
    releases[0]?.({ ok: false, retry: false, reason: 'rejected' });
    await runtime.advance(0);
    releases[1]?.(OK);
    await runtime.advance(0);
    delivery.wake();
    delivery.add(sessionRecord('b'), true);
    await runtime.advance(250);
    expect(sink.sends.at(-1)?.ids).toEqual(['b.1']);
    expect(sink.sends.at(-1)?.context.envelope.dropped).toEqual({});
  });

  test('and comes back has its copies to itself again', async () => {
    const stored = new Map<string, string>();
    const { runtime, delivery } = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    delivery.leaving(true);
    delivery.wake();
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    const other = recordingSink(() => OK, name);
    await page('two', other, { stored, startMs: startMs + 2000 });
    expect(recordsOf(stored)).toHaveLength(1);
    expect(other.sends).toHaveLength(0);
  });

  test('leaves nothing in the storage when everything was acknowledged, or when it may not', async () => {
    const sink = recordingSink(() => OK, name);
    const { runtime, delivery } = await page('one', sink, {});
    delivery.add(sessionRecord('a'), false);
    delivery.leaving(true);
    await runtime.advance(0);
    expect(runtime.stored.size).toBe(0);

    const refused = await page(
      'two',
      recordingSink(() => RETRY, name),
      {},
      false,
    );
    refused.delivery.add(sessionRecord('a'), true);
    await refused.runtime.advance(250);
    refused.delivery.leaving(true);
    expect(refused.runtime.stored.size).toBe(0);

    const nameless = await page(
      'three',
      recordingSink(() => RETRY),
      {},
    );
    nameless.delivery.add(sessionRecord('a'), true);
    await nameless.runtime.advance(250);
    expect(nameless.runtime.stored.size).toBe(0);
  });
});

describe('the next page', () => {
  test('sends what the last one could not, under the session it belongs to', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    first.delivery.add(incidentRecord('a', 7), true);
    await first.runtime.advance(250);
    first.delivery.leaving(true);
    await first.runtime.advance(0);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 60_000 });
    next.delivery.add(incidentRecord('b'), true);
    await next.runtime.advance(250);
    expect(sink.sends.map(({ ids }) => ids)).toEqual([['a.7'], ['b.1']]);
    expect(sessionsOf(sink)).toEqual(['one', 'two']);
    expect(stored.size).toBe(0);
  });

  test('keeps to the time that the collector asked the last one to wait', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => ({ ...RETRY, afterMs: 3_600_000 }), name),
      { stored },
    );
    first.delivery.add(incidentRecord('a'), true);
    await first.runtime.advance(250);
    first.delivery.leaving(true);
    await first.runtime.advance(0);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 1_800_000 });
    await next.runtime.advance(1_700_000);
    expect(sink.sends).toHaveLength(0);
    await next.runtime.advance(101_000);
    expect(sink.sends).toHaveLength(1);
  });

  test('does not send what is older than 48 hours, and says so', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    first.delivery.add(incidentRecord('a'), true);
    await first.runtime.advance(250);
    first.delivery.leaving(true);
    await first.runtime.advance(0);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 49 * 3_600_000 });
    expect(recordsOf(stored)).toEqual([]);
    next.delivery.add(incidentRecord('b'), true);
    await next.runtime.advance(250);
    expect(sink.sends.map(({ ids, context }) => [ids, context.envelope.dropped])).toEqual([[['b.1'], { expired: 1 }]]);
  });

  test('takes what a wrong clock dated into the future for new, no longer than anything else', async () => {
    const dayMs = 24 * 3_600_000;
    const stored = new Map<string, string>();
    for (const atMs of [startMs + 30 * dayMs, startMs]) {
      const { runtime, delivery } = await page(
        'early',
        recordingSink(() => RETRY, name),
        { stored, startMs: atMs },
      );
      if (atMs > startMs) delivery.add(incidentRecord('a'), true);
      await runtime.advance(250);
      delivery.leaving(true);
      await runtime.advance(0);
    }
    expect(recordsOf(stored)).toHaveLength(1);
    await page(
      'late',
      recordingSink(() => RETRY, name),
      { stored, startMs: startMs + 3 * dayMs },
    );
    expect(recordsOf(stored)).toEqual([]);
  });

  test('keeps to no time that is longer than records are kept', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => ({ ...RETRY, afterMs: 365 * 24 * 3_600_000 }), name),
      { stored },
    );
    first.delivery.add(incidentRecord('a'), true);
    await first.runtime.advance(250);
    first.delivery.leaving(true);
    await first.runtime.advance(0);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 49 * 3_600_000 });
    next.delivery.add(incidentRecord('b'), true);
    await next.runtime.advance(250);
    expect(sink.sends.map(({ ids }) => ids)).toEqual([['b.1']]);
  });

  test('takes over what a crashed tab had, but not what a living one is at work on', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    first.delivery.add(incidentRecord('a'), true);
    await first.runtime.advance(250);

    const early = recordingSink(() => OK, name);
    await page('two', early, { stored, startMs: startMs + 60_000 });
    expect(early.sends).toHaveLength(0);
    const late = recordingSink(() => OK, name);
    await page('three', late, { stored, startMs: startMs + 600_000 });
    expect(late.sends.map(({ ids }) => ids)).toEqual([['a.1']]);
  });

  test('two of them share what is left', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    first.delivery.add(incidentRecord('a'), true);
    await first.runtime.advance(250);
    first.delivery.leaving(true);
    await first.runtime.advance(0);

    const sinks = [recordingSink(() => RETRY, name), recordingSink(() => RETRY, name)];
    for (const sink of sinks) await page('later', sink, { stored, startMs: startMs + 1000 });
    expect(sinks.map(({ sends }) => sends.length)).toEqual([1, 0]);
  });
});

describe('the storage', () => {
  test('holds 100 records; session records go before incidents', async () => {
    const stored = new Map<string, string>();
    for (const tab of ['one', 'two']) {
      const { runtime, delivery } = await page(
        tab,
        recordingSink(() => RETRY, name),
        { stored },
      );
      for (let n = 0; n < 40; n++) delivery.add(sessionRecord(`${tab}-s${n}`), true);
      for (let n = 0; n < 40; n++) delivery.add(incidentRecord(`${tab}-i${n}`), true);
      await runtime.advance(250);
    }
    expect(recordsOf(stored)).toHaveLength(100);
    expect(recordsOf(stored).filter(({ kind }) => kind === 'incident')).toHaveLength(80);
  });

  test('that is full, denied or holds anything at all is survived', async () => {
    for (const content of [
      '',
      'null',
      '{}',
      '[1,2,3,4,{"entries":[null,1,{"record":{}}],"tallies":[{}]}]',
      '[1,2,3,4,',
      '<',
    ]) {
      const sink = recordingSink(() => RETRY, name);
      const { runtime, delivery } = await page('one', sink, {
        storage: { keys: () => [`${prefix}other`], get: () => content, set: () => false, remove: () => {} },
      });
      delivery.add(incidentRecord('a'), true);
      await runtime.advance(250);
      delivery.leaving(true);
      sink.answer = () => OK;
      delivery.wake();
      await runtime.advance(0);
      expect(sink.sends.at(-1)?.ids).toEqual(['a.1']);
      expect(sink.sends.at(-1)?.context.envelope.dropped).toEqual({});
    }
  });

  test('with a time in it that nobody keeps to is not asked for in a loop', async () => {
    const stored = new Map([[`${prefix}other`, `[${startMs},99999999999999999,99999999999999999,0,{}]`]]);
    const sink = recordingSink(() => OK, name);
    const { runtime } = await page('one', sink, { stored });
    const asked = runtime.timers;
    await runtime.advance(49 * 3_600_000);
    expect([...stored]).toEqual([]);
    expect(runtime.timers).toBeLessThanOrEqual(asked);
  });

  test.each([
    ['', 'https://old.example/v1/records'],
    [', also where its name begins as this one does', `${name}:8080/v1/records`],
  ])('of a receiver that no page has any more is not kept for longer than records are%s', async (_, old) => {
    const gone = `socket.io-diagnostics:1:${old}:tab`;
    const stored = new Map([[gone, `[${startMs},0,0,0,{"missing":0,"tallies":[],"entries":[]}]`]]);
    const sink = recordingSink(() => OK, name);
    await page('one', sink, { stored, startMs: startMs + 47 * 3_600_000 });
    expect([...stored.keys()]).toEqual([gone]);
    await page('two', sink, { stored, startMs: startMs + 48 * 3_600_000 });
    expect([...stored.keys()]).toEqual([]);
  });

  test('is not shared with a receiver whose name goes on where this one ends, nor with another app', async () => {
    const stored = new Map<string, string>();
    const sink = (given: string) => recordingSink(() => (given === name ? OK : RETRY), given);
    const others = [
      { sink: sink(`${name}:8080/v1/records`), origin: originOf('longer') },
      { sink: recordingSink(() => RETRY, name), origin: { ...originOf('shop'), app: { name: 'shop' } } },
    ];
    for (const { sink, origin } of others) {
      const runtime = fakeRuntime({ stored });
      const delivery = createDelivery({ sinks: [sink], runtime, origin });
      delivery.add(incidentRecord(origin.session.id), true);
      await runtime.advance(250);
      delivery.leaving(true);
      await runtime.advance(0);
    }
    const own = sink(name);
    const { runtime, delivery } = await page('one', own, { stored });
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    expect(own.sends.map(({ ids }) => ids)).toEqual([['a.1']]);
    expect(recordsOf(stored).map(({ id }) => id)).toEqual(['longer', 'shop']);

    const shop = recordingSink(() => OK, name);
    const next = fakeRuntime({ stored });
    createDelivery({ sinks: [shop], runtime: next, origin: { ...originOf('shop-2'), app: { name: 'shop' } } });
    // It keeps to the pause that the receiver's failure left.
    await next.advance(60_000);
    expect(shop.sends.map(({ ids }) => ids)).toEqual([['shop.1']]);
  });

  test('of another version of the format is left alone', async () => {
    const newer = `socket.io-diagnostics:2:${name}:tab`;
    const stored = new Map([[newer, '[1,2,3,4,{}]']]);
    const sink = recordingSink(() => OK, name);
    const { runtime, delivery } = await page('one', sink, { stored });
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(250);
    expect([...stored]).toEqual([[newer, '[1,2,3,4,{}]']]);
  });

  test('has a copy of a record from the moment it is handed over until it is acknowledged', async () => {
    const sink = recordingSink(() => OK, name);
    const { runtime, delivery } = await page('one', sink, {});
    delivery.add(sessionRecord('a'), false);
    await runtime.advance(0);
    expect(recordsOf(runtime.stored).map(({ id }) => id)).toEqual(['a']);
    await runtime.advance(5000);
    expect(sink.sends).toHaveLength(1);
    expect(runtime.stored.size).toBe(0);
  });
});

describe('counters', () => {
  test('outlive their page and are told by the next one, once', async () => {
    const stored = new Map<string, string>();
    const first = await page(
      'one',
      recordingSink(() => RETRY, name),
      { stored },
    );
    first.delivery.drop('before-send', 3);
    await first.runtime.advance(0);
    first.delivery.leaving(true);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 1000 });
    expect(sink.sends).toHaveLength(0);
    next.delivery.drop('sampled');
    next.delivery.add(sessionRecord('a'), true);
    await next.runtime.advance(250);
    expect(sink.sends.map(({ ids, context: { envelope } }) => [envelope.session.id, ids, envelope.dropped])).toEqual([
      ['one', [], { 'before-send': 3 }],
      ['two', ['a.1'], { sampled: 1 }],
    ]);
    expect(stored.size).toBe(0);
  });

  test('are told once where a tab that slept finds its copies taken over, whatever becomes of its batch', async () => {
    for (const answer of [OK, { ok: false, retry: false, reason: 'rejected' }]) {
      const stored = new Map<string, string>();
      let release: (result: unknown) => void = () => {};
      const slow = recordingSink(() => new Promise((resolve) => (release = resolve)), name);
      const sleeper = await page('one', slow, { stored });
      sleeper.delivery.drop('before-send');
      sleeper.delivery.add(sessionRecord('a'), true);
      await sleeper.runtime.advance(250);
      sleeper.delivery.drop('sampled');
      await sleeper.runtime.advance(250);

      const sink = recordingSink(() => OK, name);
      await page('two', sink, { stored, startMs: startMs + 600_000 });
      release(answer);
      await sleeper.runtime.advance(0);
      slow.answer = () => OK;
      sleeper.delivery.drop('sampled');
      sleeper.delivery.add(sessionRecord('b'), true);
      await sleeper.runtime.advance(250);
      // As the collector adds them up: each batch once, however often it comes.
      const told = new Map(
        [...sink.sends, ...slow.sends].map(({ context: { envelope } }) => [envelope.batch, envelope.dropped]),
      );
      const sum = (reason: 'sampled' | 'before-send') =>
        [...told.values()].reduce((records, dropped) => records + (dropped[reason] ?? 0), 0);
      expect([sum('sampled'), sum('before-send')]).toEqual([2, 1]);
    }
  });

  test('of many pages become one, and none is lost', async () => {
    const stored = new Map<string, string>();
    for (let n = 0; n < 50; n++) {
      const { runtime, delivery } = await page(
        `p${n}`,
        recordingSink(() => RETRY, name),
        { stored, startMs: startMs + n * 1000 },
      );
      delivery.drop('before-send');
      await runtime.advance(0);
      delivery.leaving(true);
      await runtime.advance(0);
    }
    const sink = recordingSink(() => OK, name);
    const last = await page('last', sink, { stored, startMs: startMs + 60_000 });
    last.delivery.add(sessionRecord('a'), true);
    await last.runtime.advance(250);
    const told = sink.sends.map(({ context }) => context.envelope.dropped['before-send'] ?? 0);
    expect(told.reduce((sum, records) => sum + records)).toBe(50);
    expect(told.length).toBeLessThanOrEqual(21);
  });

  test('keep the id of the batch they left in when its page dies before the answer', async () => {
    const stored = new Map<string, string>();
    const lost = recordingSink(() => new Promise(() => {}), name);
    const first = await page('one', lost, { stored });
    first.delivery.drop('before-send');
    first.delivery.add(sessionRecord('a'), true);
    await first.runtime.advance(250);
    expect(lost.sends).toHaveLength(1);

    const sink = recordingSink(() => OK, name);
    const next = await page('two', sink, { stored, startMs: startMs + 600_000 });
    await next.runtime.advance(0);
    const told = sink.sends.filter(({ context }) => context.envelope.dropped['before-send']);
    expect(told.map(({ context }) => context.envelope.batch)).toEqual([lost.sends[0]?.context.envelope.batch]);
    expect(sink.sends.flatMap(({ ids }) => ids)).toEqual(['a.1']);
  });
});
