import { describe, expect, test } from 'vitest';
import { rules } from '../../src/causes/rules.js';
import { rule as unclassified } from '../../src/causes/unclassified.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { createFacts } from '../../src/diagnosis/facts.js';
import type { SignalBody } from '../../src/signals/signal.js';
import { createTimelineRecorder } from '../../src/signals/timeline-recorder.js';
import { contextWith } from './page-context.js';

/** A client that is connected for the given times, one connection after the other, and how each of them ends. */
interface Story {
  readonly agesMs: readonly number[];
  readonly end?: Partial<Extract<SignalBody, { kind: 'engine-closed' }>>;
  /** Between an end and the next connection; by default the client's own random delay. */
  readonly awayMs?: (ageMs: number) => number;
  /** Told in between: what becomes of the first attempt to come back. */
  readonly refused?: boolean;
  /** Told on each connection after it was opened. */
  readonly page?: readonly { readonly afterMs: number; readonly event: 'frozen' | 'resumed' }[];
}

const AWAY_MS = [700, 1_400, 900, 1_250, 520, 1_010];

/** What the last end is called, once the client is back. */
function answerOf({ agesMs, end = {}, awayMs, refused = false, page = [] }: Story) {
  let nowMs = 0;
  const recorder = createTimelineRecorder(
    () => nowMs,
    () => contextWith({ transports: ['websocket'] }),
  );
  const transport = 'websocket';
  const connect = () => {
    recorder.newAttempt();
    recorder.add({ kind: 'attempt-started' });
    nowMs += 20;
    const limits = { pingIntervalMs: 25_000, pingTimeoutMs: 20_000, maxPayloadBytes: 1e6 };
    recorder.add({ kind: 'handshake', transport, upgrades: [], ...limits });
    recorder.add({ kind: 'engine-opened', transport });
    recorder.add({ kind: 'connected', namespace: '/', transport });
  };
  connect();
  let since = 0;
  agesMs.forEach((ageMs, index) => {
    let passed = 0;
    for (const { afterMs, event } of page) {
      nowMs += afterMs - passed;
      passed = afterMs;
      recorder.add({ kind: 'page', event });
    }
    nowMs += ageMs - passed;
    since = recorder.at();
    const times = { ageMs: ageMs + 20, transportAgeMs: ageMs, quietMs: ageMs % 25_000 };
    const watched = index < 2 ? {} : { traffic: { packets: 0, longestQuietMs: ageMs > 25_000 ? 25_000 : 0 } };
    const cut = { reason: 'transport close', opened: true, closeCode: 1006, wasClean: false };
    recorder.add({ kind: 'engine-closed', transport, ...cut, ...times, ...watched, ...end });
    recorder.add({
      kind: 'disconnected',
      namespace: '/',
      reason: String(end.reason ?? cut.reason),
      hadConnected: true,
    });
    if (refused) {
      nowMs += 100;
      recorder.newAttempt();
      recorder.add({ kind: 'attempt-started' });
      const error = { message: 'websocket error' } as const;
      recorder.add({ kind: 'connect-error', namespace: '/', source: 'transport', transport, error });
    }
    nowMs += awayMs?.(ageMs) ?? AWAY_MS[index % AWAY_MS.length] ?? 0;
    connect();
  });
  const about = { phase: 'session', namespace: '/', since } as const;
  const told = diagnose(createFacts(recorder.snapshot(about)), rules, unclassified);
  return told && { code: told.code, certainty: told.certainty, others: told.alternatives.map(({ code }) => code) };
}

const REGULAR = [15_004, 15_001, 15_009, 15_002];

describe('a rhythm of cuts', () => {
  test('two are suspected, three are sure, and what nothing tells apart is listed', () => {
    expect(answerOf({ agesMs: REGULAR.slice(0, 1) })).toMatchObject({ code: 'connection-cut', certainty: 'confirmed' });
    expect(answerOf({ agesMs: REGULAR.slice(0, 2) })).toMatchObject({
      code: 'proxy-idle-timeout',
      certainty: 'suspected',
    });
    const told = answerOf({ agesMs: REGULAR.slice(0, 3) });
    expect(told).toMatchObject({ code: 'proxy-idle-timeout', certainty: 'confirmed' });
    expect(told?.others).toContain('connection-max-duration');
  });

  test('beyond the heartbeat it is a limit of age', () => {
    const told = answerOf({ agesMs: [30_010, 30_002, 30_005] });
    expect(told).toMatchObject({ code: 'connection-max-duration', certainty: 'confirmed', others: [] });
  });

  test('ages without a rhythm stay cuts', () => {
    expect(answerOf({ agesMs: [15_000, 9_100, 21_700, 3_900, 26_200] })).toMatchObject({ code: 'connection-cut' });
  });

  test.each<[string, Partial<Story>, string]>([
    ['the server closes in good order', { end: { closeCode: 1005, wasClean: true } }, 'server-closed-connection'],
    ['the server restarts', { end: { closeCode: 1012, wasClean: true } }, 'server-closed-connection'],
    ['the heartbeat runs out', { end: { reason: 'ping timeout' } }, 'heartbeat-lost'],
  ])('%s at a regular age: that is no limit of time', (_name, more, code) => {
    const told = answerOf({ agesMs: REGULAR, ...more });
    expect(told?.code).toBe(code);
    expect([told?.code, ...(told?.others ?? [])]).not.toContain('proxy-idle-timeout');
    expect([told?.code, ...(told?.others ?? [])]).not.toContain('connection-max-duration');
  });

  test.each([true, false])('a gateway may be polite and go away each time, in a clean end (%s) or not', (wasClean) => {
    const told = answerOf({ agesMs: REGULAR, end: { closeCode: 1001, wasClean } });
    expect(told).toMatchObject({ code: 'proxy-idle-timeout', certainty: 'confirmed' });
    expect(answerOf({ agesMs: REGULAR.slice(0, 1), end: { closeCode: 1001, wasClean } })).toMatchObject({
      code: 'server-closed-connection',
      others: [],
    });
  });

  test('a server that is away after each cut has crashed', () => {
    const told = answerOf({ agesMs: REGULAR, refused: true });
    expect(told?.code).not.toMatch(/^(proxy-idle-timeout|connection-max-duration|connection-flapping)$/);
  });

  test('a server that restarts once a minute cuts by its own clock, not by the age of a connection', () => {
    // The delay before each reconnection is what an age lacks of the minute.
    const delaysMs = [700, 1_400, 900, 1_250, 520, 1_000];
    const told = answerOf({
      agesMs: delaysMs.map((delayMs) => 60_000 - 20 - delayMs),
      awayMs: (ageMs) => delaysMs[(delaysMs.indexOf(60_000 - 20 - ageMs) + 1) % delaysMs.length] ?? 0,
    });
    expect(told?.code).not.toBe('connection-max-duration');
    expect(told?.code).not.toBe('proxy-idle-timeout');
  });

  test('a page that was frozen before each end has slept', () => {
    const page = [
      { afterMs: 1_000, event: 'frozen' },
      { afterMs: 40_000, event: 'resumed' },
    ] as const;
    const told = answerOf({ agesMs: [40_010, 40_012, 40_009], page });
    expect(told).toMatchObject({ code: 'page-suspended', certainty: 'confirmed', others: [] });
    // Frozen for less than the server waits: something else may have ended it.
    const brief = [
      { afterMs: 1_000, event: 'frozen' },
      { afterMs: 4_000, event: 'resumed' },
    ] as const;
    expect(answerOf({ agesMs: [4_010], page: brief })).toMatchObject({
      code: 'page-suspended',
      certainty: 'suspected',
    });
  });
});
