import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AlertCheck } from '../src/alerts/alert-check.js';
import { createAlertLease, LostLease } from '../src/alerts/alert-lease.js';
import type { AlertMessage } from '../src/alerts/alert-message.js';
import { createAlertOutbox } from '../src/alerts/alert-outbox.js';
import type { FirstSeenRule, ThresholdRule } from '../src/alerts/alert-rule.js';
import { type AlertState, emptyAlertState } from '../src/alerts/alert-state.js';
import { checkFirstSeen } from '../src/alerts/check-first-seen.js';
import { checkThreshold } from '../src/alerts/check-threshold.js';
import { createReleaseHistory } from '../src/alerts/release-history.js';
import type { WebhookAnswer } from '../src/alerts/send-webhook.js';
import type { CauseRank, FirstSeen, ReleaseRow, Scope } from '../src/stores/store.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

type Told = Omit<AlertMessage, 'id' | 'text' | 'url' | 'at'>;

function rankOf(code: string, sessions: number, more: Partial<CauseRank> = {}): CauseRank {
  const words = { phase: 'connect', fixedBy: 'server', severity: 'error' };
  return {
    code,
    title: code,
    ...words,
    sessions,
    incidents: 0,
    open: 0,
    confirmed: 0,
    lastAtMs: 0,
    trend: [],
    ...more,
  };
}

/** Looks as often as is said, at what the store is said to have. */
function lookingAt() {
  const told: Told[] = [];
  const asked: Scope[] = [];
  const state = emptyAlertState();
  const world = {
    told,
    asked,
    state,
    nowMs: NOW_MS,
    ranks: [] as CauseRank[],
    sessions: 0,
    room: 100,
    store: {
      rankCauses: async (scope: Scope) => {
        asked.push(scope);
        return world.ranks;
      },
      overview: async (scope: Scope) => {
        asked.push(scope);
        return { sessions: world.sessions } as never;
      },
    },
    check: (): AlertCheck => ({
      state,
      nowMs: world.nowMs,
      room: () => told.length < world.room,
      tell: (facts) => told.push(facts),
    }),
    threshold: (rule: ThresholdRule) => checkThreshold(world.store, rule, world.check()),
    states: () => told.map(({ status, code, rule }) => [status, code, rule].join(' ')),
  };
  return world;
}

describe('a threshold', () => {
  it.each([
    [
      { name: 'a', windowMinutes: 30, app: 'shop' },
      { app: 'shop', sinceMs: NOW_MS - 30 * MINUTE_MS, untilMs: NOW_MS + MINUTE_MS },
    ],
    [
      { name: 'a', environment: 'live' },
      { environment: 'live', sinceMs: NOW_MS - HOUR_MS, untilMs: NOW_MS + MINUTE_MS },
    ],
    [
      { name: 'a', windowMinutes: 1 },
      { sinceMs: NOW_MS - MINUTE_MS, untilMs: NOW_MS + MINUTE_MS },
    ],
  ])('of %j counts causes and all sessions over the same window', async (rule, scope) => {
    const world = lookingAt();
    await world.threshold({ ...rule, share: 0.5 });
    expect(world.asked).toEqual([scope, scope]);
    world.asked.length = 0;
    await world.threshold(rule);
    expect(world.asked).toEqual([scope]);
  });

  it.each<[Partial<ThresholdRule>, number, number, boolean]>([
    [{}, 10, 0, true],
    [{}, 9, 0, false],
    [{ sessions: 3 }, 3, 0, true],
    [{ sessions: 3 }, 2, 0, false],
    [{ sessions: 3, share: 0.1 }, 3, 30, true],
    [{ sessions: 3, share: 0.1 }, 3, 31, false],
    [{ sessions: 3, share: 0.1 }, 2, 3, false],
    // Sampled sessions may stand for fewer than are affected.
    [{ sessions: 3, share: 1 }, 3, 1, true],
  ])('of %j with %i of %i sessions: %s', async (rule, affected, sessions, holds) => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', affected)];
    world.sessions = sessions;
    await world.threshold({ name: 'a', ...rule });
    expect(world.states()).toEqual(holds ? ['firing cause a'] : []);
  });

  it('is about failures where it names no cause', async () => {
    const world = lookingAt();
    world.ranks = [
      rankOf('info', 99, { severity: 'info' }),
      rankOf('misuse', 99, { phase: 'usage' }),
      rankOf('failure', 99),
    ];
    await world.threshold({ name: 'a' });
    expect(world.states()).toEqual(['firing failure a']);
    await world.threshold({ name: 'b', code: 'misuse' });
    expect(world.states()).toEqual(['firing failure a', 'firing misuse b']);
  });

  it('is quiet after it was told, until it has not held for exactly a window', async () => {
    const world = lookingAt();
    const rule = { name: 'a', sessions: 5, windowMinutes: 30 };
    const at = async (minute: number, affected: number) => {
      world.nowMs = NOW_MS + minute * MINUTE_MS;
      world.ranks = affected === 0 ? [] : [rankOf('cause', affected)];
      await world.threshold(rule);
      return world.told.length;
    };
    expect(await at(0, 5)).toBe(1);
    for (let minute = 1; minute < 100; minute += 1) expect(await at(minute, 50)).toBe(1);
    expect(await at(100, 4)).toBe(1);
    expect(await at(129, 0)).toBe(1);
    // It held again: the quiet begins anew.
    expect(await at(130, 5)).toBe(1);
    expect(await at(131, 4)).toBe(1);
    expect(await at(160, 4)).toBe(1);
    expect(await at(161, 4)).toBe(2);
    expect(world.told[1]).toMatchObject({
      status: 'resolved',
      sessions: 4,
      since: new Date(NOW_MS).toISOString(),
      windowMinutes: 30,
    });
    expect(world.state.firing).toEqual({});
    expect(await at(162, 4)).toBe(2);
    expect(await at(163, 5)).toBe(3);
    expect(world.states()).toEqual(['firing cause a', 'resolved cause a', 'firing cause a']);
  });

  it('tells how many sessions there are only where it is about a share of them', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 12)];
    world.sessions = 99.6;
    await world.threshold({ name: 'a' });
    await world.threshold({ name: 'b', share: 0.1 });
    world.sessions = 11;
    await world.threshold({ name: 'c', share: 0.1 });
    expect(world.told.map(({ ofSessions }) => ofSessions)).toEqual([undefined, 100, 12]);
  });

  it('ends after a window where the clock was put back meanwhile', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 50)];
    world.nowMs = NOW_MS + 70 * 365 * 24 * HOUR_MS;
    await world.threshold({ name: 'a' });
    world.ranks = [];
    await world.threshold({ name: 'a' });
    world.nowMs = NOW_MS;
    await world.threshold({ name: 'a' });
    world.nowMs += HOUR_MS - 1;
    await world.threshold({ name: 'a' });
    expect(world.states()).toEqual(['firing cause a']);
    world.nowMs += 1;
    await world.threshold({ name: 'a' });
    expect(world.states()).toEqual(['firing cause a', 'resolved cause a']);
  });

  it('ends nothing that another rule began', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 50)];
    await world.threshold({ name: 'a', sessions: 5 });
    await world.threshold({ name: 'b', sessions: 5 });
    world.ranks = [rankOf('cause', 20)];
    for (const hours of [1, 2.5]) {
      world.nowMs = NOW_MS + hours * HOUR_MS;
      await world.threshold({ name: 'a', sessions: 30 });
      await world.threshold({ name: 'b', sessions: 5 });
    }
    expect(world.states()).toEqual(['firing cause a', 'firing cause b', 'resolved cause a']);
  });

  it('is told later where there is no room now, and no more than 500 hold at once', async () => {
    const world = lookingAt();
    world.room = 1;
    world.ranks = Array.from({ length: 700 }, (_, n) => rankOf(`cause-${n}`, 10));
    await world.threshold({ name: 'a' });
    expect(world.states()).toEqual(['firing cause-0 a']);
    expect(Object.keys(world.state.firing)).toHaveLength(1);
    world.room = 10_000;
    await world.threshold({ name: 'a' });
    expect(world.told).toHaveLength(500);
    await world.threshold({ name: 'a' });
    expect(world.told).toHaveLength(500);
  });
});

describe('what came with a release', () => {
  const row = (code: string, more: Partial<FirstSeen> = {}): FirstSeen => ({
    app: 'chat',
    environment: 'live',
    release: '1.1',
    code,
    firstReceivedAtMs: NOW_MS,
    ...more,
  });
  const look = (world: ReturnType<typeof lookingAt>, rule: FirstSeenRule, recent: FirstSeen[], isNew = true) =>
    checkFirstSeen(
      { store: world.store, history: { since: async () => [], isNew: async () => isNew }, recent },
      rule,
      world.check(),
    );
  const rule: FirstSeenRule = { name: 'new', firstSeen: true };

  it('is told once, when it has come to enough sessions of that release', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('other', 9), rankOf('cause', 2)];
    await look(world, rule, [row('cause')]);
    expect(world.told).toEqual([]);
    expect(world.asked).toEqual([{ app: 'chat', environment: 'live', release: '1.1' }]);
    world.ranks = [rankOf('other', 9), rankOf('cause', 3)];
    await look(world, rule, [row('cause')]);
    await look(world, rule, [row('cause')]);
    expect(world.told).toMatchObject([{ status: 'first-seen', code: 'cause', release: '1.1', sessions: 3 }]);
    // By another rule, in another environment or release it is another thing.
    await look(world, { ...rule, name: 'newer' }, [row('cause')]);
    await look(world, rule, [row('cause', { environment: 'staging' }), row('cause', { release: '1.2' })]);
    expect(world.told.map(({ rule: name, environment, release }) => [name, environment, release].join(' '))).toEqual([
      'new live 1.1',
      'newer live 1.1',
      'new live 1.2',
      'new staging 1.1',
    ]);
  });

  it('is not told where an earlier release had it, then or later', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 9)];
    await look(world, rule, [row('cause')], false);
    await look(world, rule, [row('cause')], true);
    expect(world.told).toEqual([]);
  });

  it.each<[Partial<FirstSeenRule>, boolean]>([
    [{ app: 'chat' }, true],
    [{ app: 'shop' }, false],
    [{ environment: 'live' }, true],
    [{ environment: 'staging' }, false],
    [{ code: 'cause' }, true],
    [{ code: 'another' }, false],
    [{ sessions: 4 }, true],
    [{ sessions: 5 }, false],
    [{ code: 'usage' }, true],
    [{ code: 'info' }, true],
  ])('by a rule that says %j: %s', async (narrowed, isTold) => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 4), rankOf('usage', 4, { phase: 'usage' }), rankOf('info', 4, { severity: 'info' })];
    // What the store has no incident of any more, by retention, is not told.
    await look(world, { ...rule, ...narrowed }, [row('cause'), row('usage'), row('info'), row('deleted')]);
    expect(world.told).toHaveLength(isTold ? 1 : 0);
  });

  it('waits for room, and counts no more than 20 releases in one look', async () => {
    const world = lookingAt();
    world.ranks = [rankOf('cause', 9)];
    world.room = 0;
    await look(world, rule, [row('cause')]);
    expect([world.told, world.asked, Object.keys(world.state.seen)]).toEqual([[], [], []]);
    world.room = 100;
    const many = Array.from({ length: 30 }, (_, n) => row('cause', { release: `2.${n}` }));
    await look(world, rule, many);
    expect([world.told.length, world.asked.length, world.told[0]?.release]).toEqual([20, 20, '2.29']);
    await look(world, rule, many);
    expect([world.told.length, world.asked.length]).toEqual([30, 30]);
  });

  it.each<[string, FirstSeen[], ReleaseRow[], boolean]>([
    ['no earlier release had it', [row('', { release: '1.0', firstReceivedAtMs: 1 }), row('cause')], [], true],
    ['an earlier one had it', [row('cause', { release: '1.0', firstReceivedAtMs: 1 }), row('cause')], [], false],
    ['it is the first of its app', [row('cause')], [], false],
    ['an earlier one was well', [row('cause')], [releaseRow('chat', '1.0', NOW_MS - 1)], true],
    ['another one came later', [row('cause')], [releaseRow('chat', '1.2', NOW_MS)], false],
    ['only itself was seen', [row('cause')], [releaseRow('chat', '1.1', NOW_MS - 1)], false],
    ['another app has an earlier one', [row('cause')], [releaseRow('shop', '1.0', NOW_MS - 1)], false],
    [
      'it says no release',
      [row('', { release: '1.0', firstReceivedAtMs: 1 }), row('cause', { release: '' })],
      [],
      false,
    ],
  ])('is what it is: %s', async (_when, seen, releases, isNew) => {
    const history = createReleaseHistory({
      listFirstSeen: async (sinceMs) => seen.filter(({ firstReceivedAtMs }) => firstReceivedAtMs >= sinceMs),
      compareReleases: async () => releases,
    });
    const recent = await history.since(NOW_MS - HOUR_MS);
    expect(recent.map(({ code }) => code)).toContain('cause');
    expect(await history.isNew(seen.at(-1) as FirstSeen)).toBe(isNew);
  });

  function releaseRow(app: string, release: string, firstAtMs: number): ReleaseRow {
    return { app, release, firstAtMs } as ReleaseRow;
  }
});

describe('what waits for the webhook', () => {
  const taken: WebhookAnswer = { isTaken: true, outcome: '200', isAway: false };
  const away: WebhookAnswer = { isTaken: false, outcome: '502', isAway: true };
  const refused: WebhookAnswer = { isTaken: false, outcome: '400', isAway: false };

  function waiting(...codes: string[]) {
    const sent: string[] = [];
    const outcomes: string[] = [];
    const logged: string[] = [];
    const saves: number[] = [];
    const state: AlertState = emptyAlertState();
    const world = {
      ...{ sent, outcomes, logged, saves, state },
      nowMs: NOW_MS,
      answer: ((_code: string) => taken) as (code: string) => WebhookAnswer,
      isStopped: false,
      ensure: async () => {},
      tell: (code: string) =>
        outbox.tell(state, {
          ...{ status: 'firing', rule: 'a', code, title: code, sessions: 1, windowMinutes: 1 },
          since: new Date(NOW_MS).toISOString(),
        }),
      deliver: () =>
        outbox.deliver(state, {
          ensure: () => world.ensure(),
          save: async ({ outbox: left }) => void saves.push(left.length),
          isStopped: () => world.isStopped,
        }),
    };
    const outbox = createAlertOutbox({
      publicUrl: undefined,
      format: 'json',
      async send({ body }) {
        const { code } = JSON.parse(body) as AlertMessage;
        sent.push(code);
        return world.answer(code);
      },
      now: () => world.nowMs,
      logger: { info: (line) => logged.push(line), error: (line) => logged.push(line) },
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    for (const code of codes) world.tell(code);
    return world;
  }

  it('is sent in order, and each answer is kept before the next goes', async () => {
    const world = waiting('one', 'two', 'three');
    await world.deliver();
    expect([world.sent, world.saves, world.outcomes]).toEqual([
      ['one', 'two', 'three'],
      [2, 1, 0],
      ['taken', 'taken', 'taken'],
    ]);
    await world.deliver();
    expect(world.sent).toHaveLength(3);
    expect(world.logged).toEqual([]);
  });

  it('comes again after 30 seconds, then twice as long each time up to 15 minutes, until a day has passed', async () => {
    const world = waiting('one');
    world.answer = () => away;
    const triesMs: number[] = [];
    for (; world.state.outbox.length > 0 && world.nowMs < NOW_MS + 30 * HOUR_MS; world.nowMs += 1000) {
      const before = world.sent.length;
      await world.deliver();
      if (world.sent.length > before) triesMs.push(world.nowMs - NOW_MS);
    }
    const gapsS = triesMs.slice(1).map((ms, index) => (ms - (triesMs[index] ?? 0)) / 1000);
    expect(gapsS.slice(0, 7)).toEqual([30, 60, 120, 240, 480, 900, 900]);
    expect(new Set(gapsS.slice(5))).toEqual(new Set([900]));
    // The first try after a day is the last.
    expect(triesMs.at(-1)).toBeGreaterThanOrEqual(24 * HOUR_MS);
    expect(triesMs.at(-2)).toBeLessThan(24 * HOUR_MS);
    expect(world.outcomes.filter((outcome) => outcome === 'given-up')).toHaveLength(1);
    expect(world.logged).toEqual([
      'The webhook did not accept an alert (502); the alert is retried for a day.',
      'Gave up on an alert: the webhook did not accept it for a day.',
    ]);
  });

  it.each([
    [10_000, 30],
    [40_000, 40],
  ])('that asks for %i ms is left alone for %i seconds', async (retryAfterMs, waitS) => {
    const world = waiting('one');
    world.answer = () => ({ ...away, retryAfterMs });
    await world.deliver();
    world.nowMs += waitS * 1000 - 1;
    await world.deliver();
    expect(world.sent).toHaveLength(1);
    world.nowMs += 1;
    world.answer = () => taken;
    await world.deliver();
    expect(world.sent).toHaveLength(2);
    expect(world.logged.at(-1)).toBe('The webhook accepts alerts again.');
  });

  it('is sent at once where it waits for a time of a clock that was put back', async () => {
    const world = waiting();
    world.nowMs += 70 * 365 * 24 * HOUR_MS;
    world.tell('one');
    world.answer = () => away;
    await world.deliver();
    world.nowMs = NOW_MS;
    world.answer = () => taken;
    await world.deliver();
    expect([world.sent, world.outcomes]).toEqual([
      ['one', 'one'],
      ['failed', 'taken'],
    ]);
  });

  it('waits behind one that a webhook did not take because it is away, not behind one it refused', async () => {
    const world = waiting('one', 'two', 'three');
    world.answer = (code) => (code === 'one' ? refused : code === 'two' ? away : taken);
    await world.deliver();
    expect([world.sent, world.saves]).toEqual([
      ['one', 'two'],
      [3, 3],
    ]);
    world.answer = () => taken;
    await world.deliver();
    expect(world.sent).toEqual(['one', 'two', 'three']);
    expect(world.state.outbox).toHaveLength(2);
  });

  it('is sent by nobody whose turn is over, and not counted as tried by whoever ends', async () => {
    const world = waiting('one', 'two');
    world.ensure = () => Promise.reject(new LostLease());
    await expect(world.deliver()).rejects.toThrow(LostLease);
    expect(world.sent).toEqual([]);
    world.ensure = async () => {};
    world.answer = () => {
      world.isStopped = true;
      return away;
    };
    await world.deliver();
    expect([world.sent, world.saves, world.outcomes, world.state.outbox[0]?.attempts]).toEqual([['one'], [], [], 0]);
    world.answer = () => taken;
    await world.deliver();
    expect([world.sent, world.saves]).toEqual([['one', 'one'], [1]]);
  });
});

describe('the right to tell', () => {
  function leases(leaseMs = 10_000) {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const logged: string[] = [];
    const asked: [string, string, number][] = [];
    const released: string[] = [];
    let owner: string | undefined;
    const state = {
      read: async () => undefined,
      async write() {},
      async claim(name: string, holder: string, forMs: number) {
        asked.push([name, holder, forMs]);
        owner ??= holder;
        return owner === holder;
      },
      async release(_name: string, holder: string) {
        released.push(holder);
        if (owner === holder) owner = undefined;
      },
    };
    const open = () =>
      createAlertLease({
        ...{ state, name: 'alerts', leaseMs },
        logger: { info: (line) => logged.push(line), error: (line) => logged.push(line) },
      });
    return {
      ...{ open, logged, asked, released },
      expire() {
        owner = undefined;
      },
    };
  }

  it('is one collector’s until it gives it back or is silent, and each change is told once', async () => {
    const { open, logged, asked, expire } = leases();
    const [one, two] = [open(), open()];
    expect([await one.claim(), await two.claim(), await one.claim(), await two.claim()]).toEqual([
      'taken',
      'elsewhere',
      'kept',
      'elsewhere',
    ]);
    expect(asked[0]).toEqual(['alerts', expect.any(String), 10_000]);
    expect(asked[0]?.[1]).not.toBe(asked[1]?.[1]);
    expect(logged).toEqual([
      'Another collector on this store sends the alerts; this one takes over 10 seconds after its last sign of life.',
    ]);
    await one.release();
    expect(await two.claim()).toBe('taken');
    expect(logged.slice(1)).toEqual(['This collector now sends the alerts.']);
    expect(await one.claim()).toBe('elsewhere');
    expire();
    expect(await one.claim()).toBe('taken');
    expect(logged.slice(2)).toEqual([
      expect.stringMatching(/^Another collector on this store sends/),
      'This collector now sends the alerts.',
    ]);
  });

  it('is not known to be unbroken once it has run out, even if nobody took it', async () => {
    const { open } = leases();
    const lease = open();
    await lease.claim();
    vi.advanceTimersByTime(9999);
    expect(await lease.claim()).toBe('kept');
    vi.advanceTimersByTime(10_000);
    expect(await lease.claim()).toBe('taken');
  });

  it('is asked for again when half of its time is over, and a message is sent only if it was kept', async () => {
    const { open, asked, expire } = leases();
    const lease = open();
    await lease.claim();
    vi.advanceTimersByTime(4999);
    await lease.ensure();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await lease.ensure();
    expect(asked).toHaveLength(2);
    vi.advanceTimersByTime(5000);
    expire();
    await open().claim();
    await expect(lease.ensure()).rejects.toThrow(LostLease);
    await expect(lease.ensure()).rejects.toThrow(LostLease);
  });

  it('is given back by nobody who does not have it', async () => {
    const { open, released } = leases();
    const [one, two] = [open(), open()];
    await one.claim();
    await two.claim();
    await two.release();
    expect(released).toEqual([]);
    await one.release();
    expect(released).toHaveLength(1);
  });
});
