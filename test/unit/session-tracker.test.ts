import { expect, test } from 'vitest';
import { createSessionTracker } from '../../src/incidents/session-tracker.js';
import type { SignalBody } from '../../src/signals/signal.js';

function tracked(found: 'connected' | 'connecting' | 'idle', namespace = '/') {
  let nowMs = 0;
  const tracker = createSessionTracker({
    now: () => Date.UTC(2026, 0, 1) + nowMs,
    monotonicMs: () => nowMs,
    uuid: () => 'session-id',
    namespace,
    found,
  });
  return {
    tracker,
    /** Lets time pass, then tells. */
    after(ms: number, ...signals: SignalBody[]) {
      nowMs += ms;
      for (const signal of signals) tracker.see(signal);
    },
  };
}

const attempt: SignalBody = { kind: 'attempt-started' };
const connected = (namespace = '/'): SignalBody => ({ kind: 'connected', namespace, transport: 'polling' });
const lost = (reason = 'transport close', namespace = '/'): SignalBody => ({
  kind: 'disconnected',
  namespace,
  reason,
  hadConnected: true,
});
const failed: SignalBody = {
  kind: 'engine-closed',
  transport: 'polling',
  reason: 'transport error',
  opened: false,
  ageMs: 5,
};

test('an upgrade that is refused or hangs was wanted; one whose engine ended tells nothing', () => {
  const wanted = (signal: SignalBody) => {
    const { tracker, after } = tracked('idle');
    after(0, attempt);
    after(100, connected(), signal);
    return tracker.summary().upgradeWanted;
  };
  expect(wanted({ kind: 'upgrade-failed', transport: 'websocket', how: 'refused' })).toBe(true);
  expect(wanted({ kind: 'upgrade-failed', transport: 'websocket', how: 'fallback' })).toBe(true);
  expect(wanted({ kind: 'upgrade-overdue', afterMs: 10_000 })).toBe(true);
  expect(wanted({ kind: 'upgrade-failed', transport: 'websocket', how: 'engine-closed' })).toBe(false);
});

test('a healthy session: time to connect from its first attempt, time to upgrade, transport', () => {
  const { tracker, after } = tracked('idle');
  expect(tracker.summary()).toEqual({
    id: 'session-id',
    revision: 0,
    namespace: '/',
    startedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    connected: false,
    upgradeWanted: false,
    reconnects: 0,
    failedAttempts: 0,
    connectedMs: 0,
    longestOutageMs: 0,
    incidents: 0,
  });
  // The app waited a minute before it called connect(): that is not the time to connect.
  after(60_000, attempt);
  after(120, connected());
  after(30, { kind: 'upgrade-started', transport: 'websocket' });
  after(50, { kind: 'upgraded', transport: 'websocket', afterMs: 110 });
  after(1_000);
  expect(tracker.revise()).toMatchObject({
    revision: 1,
    connected: true,
    timeToConnectMs: 120,
    timeToUpgradeMs: 110,
    transport: 'websocket',
    upgradeWanted: true,
    connectedMs: 1_080,
    longestOutageMs: 0,
    updatedAt: '2026-01-01T00:01:01.200Z',
  });
  expect(tracker.revise('disposed')).toMatchObject({ revision: 2, ended: 'disposed' });
  expect(tracker.summary()).not.toHaveProperty('ended');
});

test('time to connect counts failed attempts in, and is that of the first connect only', () => {
  const { tracker, after } = tracked('connecting');
  after(100, failed);
  after(1_000, attempt, failed);
  after(1_000, attempt);
  after(50, connected());
  after(1_000, lost());
  after(500, attempt);
  after(20, connected());
  expect(tracker.summary()).toMatchObject({
    timeToConnectMs: 2_150,
    failedAttempts: 2,
    reconnects: 1,
    connectedMs: 1_000,
    longestOutageMs: 520,
  });
});

test('an attempt that fails after its handshake counts, and counts once', () => {
  const { tracker, after } = tracked('idle');
  const error = (source: 'transport' | 'server'): SignalBody => ({
    kind: 'connect-error',
    namespace: '/',
    source,
    error: { message: 'xhr post error', status: 404 },
  });
  after(0, attempt, { ...failed, opened: true }, error('transport'));
  after(100, attempt, error('transport'), failed);
  expect(tracker.summary().failedAttempts).toBe(2);
  after(100, attempt, error('server'));
  expect(tracker.summary().failedAttempts).toBe(2);
});

test('an outage ends when the app gives up', () => {
  const { tracker, after } = tracked('idle');
  after(0, attempt, connected());
  after(1_000, lost());
  after(300);
  tracker.giveUp();
  after(3_600_000, attempt, connected());
  expect(tracker.summary()).toMatchObject({ longestOutageMs: 300, reconnects: 1 });
});

test('an attempt that the app stopped has not failed, one that took too long has', () => {
  const { tracker, after } = tracked('idle');
  const forced: SignalBody = { ...failed, reason: 'forced close' };
  const timeout = (namespace: string): SignalBody => ({
    kind: 'connect-error',
    namespace,
    source: 'timeout',
    error: { message: 'timeout' },
  });
  after(10, attempt, forced);
  expect(tracker.summary().failedAttempts).toBe(0);
  // Every namespace is told of the same attempt.
  after(10, attempt, timeout('/'), timeout('/chat'), forced);
  expect(tracker.summary().failedAttempts).toBe(1);
  // 3.x to 4.5 tell a WebSocket that took too long as one that failed.
  after(10, attempt, { ...failed, transport: 'websocket' }, forced);
  expect(tracker.summary().failedAttempts).toBe(2);
});

test('a socket that was found connected has no time to connect, not even after a reconnection', () => {
  const { tracker, after } = tracked('connected');
  after(0, attempt, connected());
  after(1_000, lost());
  after(500, attempt, connected());
  expect(tracker.summary()).not.toHaveProperty('timeToConnectMs');
  expect(tracker.summary()).toMatchObject({ connected: true, reconnects: 1, longestOutageMs: 500 });
});

test('an outage lasts until now while it lasts, the longest one counts, and what the app wanted is none', () => {
  const { tracker, after } = tracked('idle');
  after(0, attempt, connected());
  after(1_000, lost());
  after(700, connected());
  after(1_000, lost());
  after(300);
  expect(tracker.summary().longestOutageMs).toBe(700);
  after(600);
  expect(tracker.summary()).toMatchObject({ longestOutageMs: 900, connectedMs: 2_000 });
  after(100, connected());
  after(100, lost('io client disconnect'));
  after(60_000, connected());
  expect(tracker.summary()).toMatchObject({ longestOutageMs: 1_000, reconnects: 3, connectedMs: 2_100 });
});

test('another namespace is another session, but shares the attempts', () => {
  const { tracker, after } = tracked('idle', '/chat');
  after(10, attempt, connected('/'));
  after(10, lost('transport close', '/'), failed);
  expect(tracker.summary()).toMatchObject({ namespace: '/chat', connected: false, failedAttempts: 1, connectedMs: 0 });
  after(10, connected('/chat'));
  expect(tracker.summary()).toMatchObject({ connected: true, timeToConnectMs: 20 });
  tracker.countIncident();
  expect(tracker.summary().incidents).toBe(1);
});
