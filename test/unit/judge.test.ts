import { describe, expect, test } from 'vitest';
import { diagnose, matchRules, nextProbe } from '../../src/diagnosis/diagnose.js';
import { createFacts } from '../../src/diagnosis/facts.js';
import type { Rule, Verdict } from '../../src/diagnosis/rule.js';
import { createProbeBudget } from '../../src/probes/probe-budget.js';
import type { ProbeName, Signal } from '../../src/signals/signal.js';
import type { FailureScope, Timeline } from '../../src/signals/timeline.js';
import { pageContext } from './page-context.js';

function timelineOf(signals: readonly Partial<Signal>[], about?: FailureScope): Timeline {
  return {
    schema: 1,
    ...pageContext,
    ...(about && { about }),
    signals: signals.map((signal, index) => ({ at: index * 10, attempt: 1, ...signal })) as Signal[],
    droppedSignals: 0,
  };
}

const facts = createFacts(timelineOf([]));

function ruleOf(code: string, verdict: Partial<Verdict> | undefined, more: Partial<Rule> = {}): Rule {
  return {
    code,
    title: `Title of ${code}`,
    phase: 'connect',
    fixedBy: 'server',
    severity: 'error',
    frequency: 'common',
    since: '0.1.0',
    docs: `/docs/#${code}`,
    needs: [],
    yieldsTo: [],
    match: () => verdict && { certainty: 'suspected', details: {}, evidence: [], ...verdict },
    ...more,
  };
}

const fallback = ruleOf('fallback', {});
const codes = (rules: readonly Rule[]) => matchRules(facts, rules).map(({ rule }) => rule.code);

describe('matching', () => {
  test('what is confirmed comes first, then what is likely, then what is frequent, then the alphabet', () => {
    expect(
      codes([
        ruleOf('rare', {}, { frequency: 'rare' }),
        ruleOf('common-b', {}),
        ruleOf('common-a', {}),
        ruleOf('possible', { likelihood: 'possible' }, { frequency: 'occasional' }),
        ruleOf('likely-but-rare', { likelihood: 'likely' }, { frequency: 'rare' }),
        ruleOf('confirmed-but-rare', { certainty: 'confirmed' }, { frequency: 'rare' }),
        ruleOf('absent', undefined),
      ]),
    ).toEqual(['confirmed-but-rare', 'likely-but-rare', 'common-a', 'common-b', 'possible', 'rare']);
  });

  test('a cause yields to one that explains it only when that one is confirmed', () => {
    const consequence = ruleOf('consequence', { certainty: 'confirmed' }, { yieldsTo: ['origin'] });
    expect(codes([consequence, ruleOf('origin', { certainty: 'suspected' })])).toEqual(['consequence', 'origin']);
    expect(codes([consequence, ruleOf('origin', { certainty: 'confirmed' })])).toEqual(['origin']);
    expect(codes([consequence, ruleOf('other', { certainty: 'confirmed' })])).toEqual(['consequence', 'other']);
  });

  test('a rule that throws does not hold', () => {
    const broken = ruleOf(
      'broken',
      {},
      {
        match() {
          throw new Error('broken');
        },
      },
    );
    expect(codes([broken, ruleOf('fine', {})])).toEqual(['fine']);
    expect(diagnose(facts, [broken], fallback)).toMatchObject({ code: 'fallback' });
  });

  test('the facts and the rules are left as they are', () => {
    const rules = [ruleOf('b', {}), ruleOf('a', {})];
    const before = JSON.stringify([facts, rules]);
    diagnose(facts, rules, fallback);
    expect(JSON.stringify([facts, rules])).toBe(before);
  });
});

describe('the diagnosis', () => {
  const evidence = [{ claim: 'Seen.', signal: 'connect-error' as const, at: 3 }];

  test('carries what the rule says and what the verdict found', () => {
    expect(
      diagnose(facts, [ruleOf('one', { certainty: 'confirmed', details: { port: 1 }, evidence })], fallback),
    ).toEqual({
      code: 'one',
      title: 'Title of one',
      phase: 'connect',
      certainty: 'confirmed',
      severity: 'error',
      fixedBy: 'server',
      details: { port: 1 },
      evidence,
      alternatives: [],
      docs: 'https://socket.io/docs/#one',
    });
  });

  test('lists the others while nothing is confirmed, and inside a class that is', () => {
    const others = [ruleOf('second', {}), ruleOf('third', {}, { frequency: 'rare' })];
    const listed = [
      { code: 'second', title: 'Title of second' },
      { code: 'third', title: 'Title of third' },
    ];
    const suspected = ruleOf('first', { likelihood: 'likely' });
    expect(diagnose(facts, [...others, suspected], fallback)).toMatchObject({ code: 'first', alternatives: listed });
    const asClass = ruleOf('first', { certainty: 'confirmed', asClass: true });
    expect(diagnose(facts, [...others, asClass], fallback)).toMatchObject({ code: 'first', alternatives: listed });
    const confirmed = ruleOf('first', { certainty: 'confirmed' });
    expect(diagnose(facts, [...others, confirmed], fallback)).toMatchObject({ code: 'first', alternatives: [] });
  });

  test('is the fallback when nothing holds, and none when that does not hold either', () => {
    expect(diagnose(facts, [], fallback)).toMatchObject({ code: 'fallback', alternatives: [] });
    expect(diagnose(facts, [], ruleOf('fallback', undefined))).toBeUndefined();
  });
});

describe('the next question', () => {
  const asking = (...needs: ProbeName[]) => matchRules(facts, [ruleOf('suspect', {}, { needs })]);
  const always = () => true;

  test('is the one that separates most, whatever the order in which rules want them', () => {
    const matches = asking('unused-path', 'http-handshake', 'websocket-handshake');
    expect(nextProbe(matches, new Set(), always)).toBe('websocket-handshake');
    expect(nextProbe(matches, new Set<ProbeName>(['websocket-handshake']), always)).toBe('http-handshake');
    expect(nextProbe(matches, new Set(), (name) => name === 'unused-path')).toBe('unused-path');
    expect(nextProbe(matches, new Set(), () => false)).toBeUndefined();
  });

  test('is none once the best answer is confirmed, nothing wants one or all have been asked', () => {
    const confirmed = ruleOf('sure', { certainty: 'confirmed' });
    const suspect = ruleOf('suspect', {}, { needs: ['session'] });
    expect(nextProbe(matchRules(facts, [confirmed, suspect]), new Set(), always)).toBeUndefined();
    expect(nextProbe(asking(), new Set(), always)).toBeUndefined();
    expect(nextProbe([], new Set(), always)).toBeUndefined();
    expect(nextProbe(asking('session'), new Set<ProbeName>(['session']), always)).toBeUndefined();
  });
});

test('a host is asked one round at a time, with a pause in between, whoever asks', () => {
  let nowMs = 0;
  const budget = createProbeBudget(() => nowMs);
  const limits = { maxPerIncident: 6, cooldownMs: 60_000, timeoutMs: 5_000 };
  expect(budget.begin('a:443', limits)).toEqual({ number: 1, asked: new Set(), requestsLeft: 6 });
  expect(budget.begin('a:443', limits)).toBeUndefined();
  expect(budget.begin('b:443', { ...limits, maxPerIncident: 0 })).toBeUndefined();
  expect(budget.begin('b:443', limits)).toBeDefined();
  nowMs = 59_999;
  expect(budget.begin('a:443', limits)).toBeUndefined();
  nowMs = 60_000;
  expect(budget.begin('a:443', limits)).toBeDefined();
});

test('an outage that goes on is asked about again, after twice the time with each round', () => {
  let nowMs = 0;
  const budget = createProbeBudget(() => nowMs);
  const limits = { maxPerIncident: 6, cooldownMs: 60_000, timeoutMs: 5_000 };
  const first = budget.begin('a:443', limits);
  nowMs += 60_000;
  const second = budget.begin('a:443', limits, first);
  expect(second).toMatchObject({ number: 2, requestsLeft: 6 });
  nowMs += 60_000;
  expect(budget.begin('a:443', limits, second)).toBeUndefined();
  nowMs += 60_000;
  expect(budget.begin('a:443', limits, second)).toMatchObject({ number: 3 });
});

describe('facts', () => {
  const transportError = {
    kind: 'connect-error',
    namespace: '/',
    source: 'transport',
    transport: 'polling',
    error: { message: 'xhr poll error', status: 0 },
  } as const;
  const opened = { kind: 'handshake', transport: 'polling', upgrades: [], pingIntervalMs: 25_000 } as const;
  const connected = { kind: 'connected', namespace: '/', transport: 'polling' } as const;
  const closed = {
    kind: 'engine-closed',
    transport: 'polling',
    reason: 'transport close',
    opened: true,
    ageMs: 20,
    closeCode: 1006,
  } as const;

  test('a view is only there for a failure of its kind', () => {
    const signals = [
      opened,
      connected,
      { kind: 'upgrade-failed', transport: 'websocket', how: 'refused' } as const,
      closed,
    ];
    const views = (phase: FailureScope['phase']) => {
      const { connecting, closing, upgrading, refusal } = createFacts(
        timelineOf(signals, { phase, namespace: '/', since: 0 }),
      );
      return Object.entries({ connecting, closing, upgrading, refusal }).flatMap(([name, view]) =>
        view ? [name] : [],
      );
    };
    expect(views('connect')).toEqual([]);
    expect(views('session')).toEqual(['closing']);
    expect(views('upgrade')).toEqual(['upgrading']);
    expect(views('namespace')).toEqual([]);
    expect(createFacts(timelineOf([])).connecting).toBeUndefined();
  });

  test('the failed attempt: the latest, with what the engine knew besides', () => {
    const { connecting } = createFacts(
      timelineOf([
        { ...transportError, error: { message: 'timeout' } },
        {
          kind: 'engine-failed',
          transport: 'polling',
          error: { message: 'xhr poll error', code: 'ECONNRESET' },
          attempt: 2,
        },
        { ...transportError, attempt: 2 },
      ]),
    );
    expect(connecting).toMatchObject({
      signal: { attempt: 2 },
      error: { message: 'xhr poll error', code: 'ECONNRESET', status: 0 },
      cut: true,
      systemError: false,
      blind: false,
      timedOut: false,
      transport: 'polling',
      handshake: undefined,
    });
  });

  test('the failed attempt: nothing but the end of an engine tells of some', () => {
    const silent = { ...closed, opened: false, attempt: 3 };
    expect(createFacts(timelineOf([transportError, silent])).connecting?.signal.kind).toBe('engine-closed');
    expect(createFacts(timelineOf([{ ...transportError, attempt: 3 }, silent])).connecting?.signal.kind).toBe(
      'connect-error',
    );
    expect(createFacts(timelineOf([{ ...silent, reason: 'forced close' }])).connecting).toBeUndefined();
    expect(createFacts(timelineOf([{ ...transportError, source: 'server' }])).connecting).toBeUndefined();
  });

  test('the end of a session: with the handshake before it and the connection after it', () => {
    const session = { phase: 'session', namespace: '/', since: 25 } as const;
    const signals = [opened, connected, { ...connected, at: 22 }, closed, { ...connected, attempt: 2 }];
    expect(createFacts(timelineOf(signals, session)).closing).toMatchObject({
      reason: 'transport close',
      closeCode: 1006,
      hadConnected: true,
      handshake: { pingIntervalMs: 25_000 },
      reconnected: { attempt: 2 },
    });
    const { closeCode: _code, ...older } = closed;
    const told = { kind: 'websocket-closed', closeCode: 1009, wasClean: true } as const;
    expect(createFacts(timelineOf([opened, told, older], { ...session, since: 5 })).closing).toMatchObject({
      closeCode: 1009,
      wasClean: true,
      hadConnected: false,
      reconnected: undefined,
    });
  });

  test('`during` and `probe` begin with the failure, `all` and `last` before it', () => {
    const probe = { kind: 'probe', name: 'session', answer: 'yes', durationMs: 1 } as const;
    const about = { phase: 'connect', namespace: '/', since: 15 } as const;
    const view = createFacts(timelineOf([probe, transportError, transportError], about));
    expect(view.during('connect-error').map(({ at }) => at)).toEqual([20]);
    expect(view.all('connect-error').map(({ at }) => at)).toEqual([10, 20]);
    expect(view.last('connect-error')?.at).toBe(20);
    expect(view.probe('session')).toBeUndefined();
    expect(createFacts(timelineOf([probe], { ...about, since: 0 })).probe('session')).toMatchObject(probe);
  });

  test('the refusal of a namespace is that of the one in question', () => {
    const refused = { ...transportError, source: 'server', namespace: '/a' } as const;
    const about = { phase: 'namespace', namespace: '/a', since: 0 } as const;
    expect(createFacts(timelineOf([refused, { ...refused, namespace: '/b' }], about)).refusal?.namespace).toBe('/a');
    expect(createFacts(timelineOf([{ ...refused, namespace: '/b' }], about)).refusal).toBeUndefined();
  });

  test('an upgrade that the end of the engine took along is none', () => {
    const about = { phase: 'upgrade', namespace: '/', since: 0 } as const;
    const gone = { kind: 'upgrade-failed', transport: 'websocket', how: 'engine-closed' } as const;
    expect(createFacts(timelineOf([gone], about)).upgrading).toBeUndefined();
    expect(createFacts(timelineOf([{ kind: 'upgrade-overdue', afterMs: 10_000 }, gone], about)).upgrading?.kind).toBe(
      'upgrade-overdue',
    );
  });
});

test('a failure that passes by itself is no mistake of the set-up', () => {
  const about = { phase: 'connect', namespace: '/', since: 0 } as const;
  const failed = { kind: 'connect-error', namespace: '/', source: 'transport', error: { message: 'xhr poll error' } };
  const rules = [ruleOf('set-up', { likelihood: 'likely' }, { isSetup: true }), ruleOf('outage', {})];
  const best = (signals: readonly Partial<Signal>[]) =>
    diagnose(createFacts(timelineOf(signals, about)), rules, fallback)?.code;
  expect(best([failed as Partial<Signal>])).toBe('set-up');
  const connected = { kind: 'connected', namespace: '/', transport: 'polling', attempt: 2 } as const;
  expect(best([failed as Partial<Signal>, connected])).toBe('outage');
});
