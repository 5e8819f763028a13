import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { DiagnosticsRecord } from '../../src/delivery/envelope.js';
import type { Diagnostics } from '../../src/diagnostics.js';
import type { Incident } from '../../src/incidents/incident.js';
import { judge } from '../../src/judge.js';
import { createWithDiagnostics } from '../../src/observe.js';
import { createTimelineRecorder } from '../../src/signals/timeline-recorder.js';
import { fakeRuntime } from './fake-runtime.js';

/** An emitter with the methods of component-emitter that the taps use. */
class ClientEmitter extends EventEmitter {
  constructor() {
    super();
    this.setMaxListeners(1_000);
  }
  /** Nobody listening to `error` is no mistake there. */
  override emit(event: string, ...values: unknown[]): boolean {
    return event !== 'error' || this.listenerCount(event) > 0 ? super.emit(event, ...values) : false;
  }
}

class FakeEngine extends ClientEmitter {
  static readonly protocol = 4;
  readyState = 'opening';
  id: string | undefined;
  readonly transport = Object.assign(new ClientEmitter(), { name: 'websocket' });
  readonly opts = {};
  readonly hostname = 'api.example';
  readonly port = '443';
  readonly secure = true;
}

class FakeManager extends ClientEmitter {
  engine?: FakeEngine;
  readonly opts = {};

  /** As `open()` does: a new engine for each attempt. */
  open(): FakeEngine {
    this.engine = new FakeEngine();
    return this.engine;
  }
}

class FakeSocket extends ClientEmitter {
  connected = false;
  active = true;
  readonly nsp = '/';
  readonly onAny = () => {};
  readonly emitReserved = () => {};
  constructor(readonly io: FakeManager) {
    super();
  }
}

function fail(socket: FakeSocket, status?: number): void {
  const engine = socket.io.open();
  socket.io.emit('reconnect_attempt', 1);
  const error = Object.assign(new Error('websocket error'), {
    type: 'TransportError',
    description: status ?? new Error('x'),
  });
  engine.readyState = 'closed';
  socket.emit('connect_error', error);
  socket.io.emit('error', error);
  engine.emit('error', error);
  engine.emit('close', 'transport error', error);
}

function connect(socket: FakeSocket, sid: string): FakeEngine {
  const engine = socket.io.open();
  engine.id = sid;
  engine.emit('handshake', { sid, upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 });
  engine.readyState = 'open';
  engine.emit('open');
  socket.io.emit('open');
  socket.connected = true;
  socket.emit('connect');
  return engine;
}

function cut(socket: FakeSocket, engine: FakeEngine): void {
  socket.connected = false;
  engine.readyState = 'closed';
  socket.emit('disconnect', 'transport close');
  engine.emit('close', 'transport close', { description: 'x', context: { code: 1006, wasClean: false } });
}

/** The first 40, the latest 120, and what the end of a connection is judged by. */
const MAX_SIGNALS = 40 + 120 + 6 + 9 + 11;

const listenersOf = (emitter: EventEmitter) =>
  emitter.eventNames().reduce((sum, event) => sum + emitter.listenerCount(event), 0);

test('5,000 failed attempts are one incident with a handful of revisions, and nothing grows', async () => {
  const runtime = fakeRuntime();
  const sent: DiagnosticsRecord[] = [];
  const socket = new FakeSocket(new FakeManager());
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket, {
    collector: {
      send: async (records) => {
        sent.push(...records);
        return { ok: true };
      },
    },
  });
  const told: { incident: Incident; change: string }[] = [];
  const answers: unknown[] = [];
  diagnostics.on('incident', (event) => told.push(event as { incident: Incident; change: string }));
  diagnostics.on('diagnosis', (event) => answers.push(event));
  const engines: FakeEngine[] = [];
  for (let attempt = 1; attempt <= 5_000; attempt += 1) {
    fail(socket);
    if (socket.io.engine) engines.push(socket.io.engine);
    if (attempt % 50 === 0) await runtime.advance(5_000);
    if (attempt === 100) {
      expect(listenersOf(socket)).toBe(3);
    }
  }
  await runtime.advance(5_000);
  expect(new Set(told.map(({ incident }) => incident.id)).size).toBe(1);
  expect(told.length).toBeLessThan(8);
  expect(answers.length).toBeLessThan(4);
  expect(diagnostics.current).toMatchObject({ status: 'open', failedAttempts: 5_000 });
  expect(diagnostics.snapshot()).toMatchObject({ attempt: 5_000, session: { incidents: 1, failedAttempts: 5_000 } });
  const { timeline } = diagnostics.report().json;
  expect(timeline.signals.length).toBeLessThanOrEqual(MAX_SIGNALS);
  expect(timeline.droppedSignals).toBeGreaterThan(10_000);
  expect(JSON.stringify(diagnostics.current).length).toBeLessThan(59_000);
  // One engine is listened to at a time, one set of listeners stays on Manager and socket.
  expect(engines.slice(0, -1).every((engine) => listenersOf(engine) === 0)).toBe(true);
  expect(listenersOf(socket.io)).toBe(4);
  expect(listenersOf(socket)).toBe(3);
  expect(runtime.timers).toBeLessThan(4);

  connect(socket, 'sid');
  await runtime.advance(5_000);
  expect(told.at(-1)).toMatchObject({ change: 'resolved', incident: { status: 'resolved', failedAttempts: 5_000 } });
  diagnostics.dispose();
  await runtime.advance(60_000);
  expect(sent.filter(({ kind }) => kind === 'incident').length).toBeLessThan(8);
  expect([listenersOf(socket), listenersOf(socket.io), listenersOf(socket.io.engine as FakeEngine)]).toEqual([0, 0, 0]);
  expect(runtime.timers).toBe(0);
});

test('2,000 sessions that each end at once are one incident with a handful of revisions', async () => {
  const runtime = fakeRuntime();
  const socket = new FakeSocket(new FakeManager());
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket, { probe: 'never' });
  const told: { incident: Incident; change: string }[] = [];
  diagnostics.on('incident', (event) => told.push(event as { incident: Incident; change: string }));
  for (let session = 0; session < 2_000; session += 1) {
    const engine = connect(socket, `sid-${session}`);
    await runtime.advance(1_000);
    cut(socket, engine);
    await runtime.advance(1_000);
  }
  expect(new Set(told.map(({ incident }) => incident.id)).size).toBe(1);
  expect(told.slice(0, 4).map(({ change }) => change)).toEqual(['opened', 'changed', 'resolved', 'reopened']);
  expect(told.length).toBeLessThan(20);
  expect(told.every(({ incident }, index) => incident.revision === index + 1)).toBe(true);
  expect(diagnostics.current).toMatchObject({ status: 'open', recurrences: 1_999 });
  expect(JSON.stringify(diagnostics.current).length).toBeLessThan(59_000);
  expect(diagnostics.snapshot()).toMatchObject({ session: { reconnects: 1_999, incidents: 1 } });
  expect(diagnostics.report().json.timeline.signals.length).toBeLessThanOrEqual(MAX_SIGNALS);
  expect(diagnostics.report().json.timeline.ended).toMatchObject({ count: 2_000, latest: { length: 12 } });
  expect(runtime.timers).toBeLessThan(5);

  // It is believed to be over once it has held, and ended when it last recovered.
  connect(socket, 'sid');
  const recoveredAt = new Date(runtime.now()).toISOString();
  const before = told.length;
  await runtime.advance(119_000);
  expect(told.length).toBe(before);
  expect(diagnostics.current).toMatchObject({ status: 'open' });
  await runtime.advance(2_000);
  expect(told.at(-1)).toMatchObject({
    change: 'resolved',
    incident: { status: 'resolved', recurrences: 1_999, closedAt: recoveredAt },
  });
  expect(diagnostics.current).toBeUndefined();
  diagnostics.dispose();
  expect(runtime.timers).toBe(0);
});

test('what breaks again within two minutes goes on with its story, and what breaks later is another one', async () => {
  const runtime = fakeRuntime();
  const socket = new FakeSocket(new FakeManager());
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket, { probe: 'never' });
  const told: { incident: Incident; change: string }[] = [];
  diagnostics.on('incident', (event) => told.push(event as { incident: Incident; change: string }));
  let engine = connect(socket, 'a');
  for (const heldMs of [500_000, 119_000, 121_000]) {
    await runtime.advance(heldMs);
    cut(socket, engine);
    await runtime.advance(1_000);
    engine = connect(socket, String(heldMs));
    await runtime.advance(0);
  }
  const ids = told.map(({ incident }) => incident.id);
  expect(told.map(({ change }) => change)).toEqual([
    'opened',
    'changed',
    'resolved',
    'reopened',
    'resolved',
    'opened',
    'resolved',
  ]);
  expect(new Set(ids.slice(0, 5)).size).toBe(1);
  expect(ids[5]).not.toBe(ids[0]);
  diagnostics.dispose();
});

test('an outage of 24 hours stays one incident of a few revisions and does not forget how it began', async () => {
  const runtime = fakeRuntime();
  const socket = new FakeSocket(new FakeManager());
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket);
  const told: { incident: Incident; change: string }[] = [];
  diagnostics.on('incident', (event) => told.push(event as { incident: Incident; change: string }));
  const engine = connect(socket, 'sid');
  // A page that is used for hours before.
  for (let hour = 0; hour < 200; hour += 1) runtime.tellPage({ event: hour % 2 ? 'visible' : 'hidden' });
  await runtime.advance(10_000);
  cut(socket, engine);
  for (let attempt = 1; attempt <= 720; attempt += 1) {
    // Now nothing answers, now a proxy does, for hours.
    fail(socket, attempt % 3 === 0 ? 502 : undefined);
    await runtime.advance(120_000);
  }
  expect(new Set(told.map(({ incident }) => incident.id)).size).toBe(1);
  expect(told.length).toBeLessThan(20);
  const bytes = told.map(({ incident }) => JSON.stringify(incident).length);
  expect(Math.max(...bytes)).toBeLessThan(59_000);
  expect(diagnostics.current?.failedAttempts).toBe(720);
  const { signals } = diagnostics.current?.timeline ?? { signals: [] };
  expect(signals.length).toBeLessThanOrEqual(MAX_SIGNALS);
  expect(signals.filter(({ kind }) => kind === 'engine-closed').some(({ attempt }) => attempt === 1)).toBe(true);
  expect(runtime.timers).toBeLessThan(5);
  diagnostics.dispose();
});

test('a session that outlives its own timeline ends as a session', async () => {
  const runtime = fakeRuntime();
  const socket = new FakeSocket(new FakeManager());
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket, { probe: 'never' });
  for (let hour = 0; hour < 30; hour += 1) fail(socket);
  const engine = connect(socket, 'sid');
  await runtime.advance(1_000);
  // A page that is looked at and left for days.
  for (let day = 0; day < 500; day += 1) {
    runtime.tellPage({ event: 'hidden' });
    runtime.tellPage({ event: 'visible' });
  }
  await runtime.advance(1_000);
  socket.connected = false;
  engine.readyState = 'closed';
  socket.emit('disconnect', 'ping timeout');
  engine.emit('close', 'ping timeout');
  await runtime.advance(1_000);
  expect(diagnostics.current).toMatchObject({ phase: 'session', diagnosis: { code: 'heartbeat-lost' } });
  diagnostics.dispose();
});

test('the recorder keeps how it began and what came last, in order, and counts the rest', () => {
  let nowMs = 1_000;
  const recorder = createTimelineRecorder(
    () => nowMs,
    () => ({}) as never,
  );
  for (let index = 0; index < 1_000; index += 1) {
    recorder.newAttempt();
    nowMs += 0.6;
    recorder.add({ kind: 'attempt-started' });
  }
  const { signals, droppedSignals } = recorder.snapshot();
  expect(signals.length + droppedSignals).toBe(1_000);
  expect(signals.slice(0, 40).map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  expect(signals.slice(-120).map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: 120 }, (_, index) => index + 881),
  );
  expect(signals.every(({ at }, index) => at >= (signals[index - 1]?.at ?? 0))).toBe(true);
  expect(recorder.at()).toBe(600);
  // A copy: what is added later does not change it.
  recorder.add({ kind: 'reconnect-failed' });
  expect(signals.length + droppedSignals).toBe(1_000);
  expect(recorder.snapshot().signals.at(-1)).toMatchObject({ kind: 'reconnect-failed', attempt: 1_000 });
  expect(recorder.snapshot({ phase: 'connect', namespace: '/', since: 3 }).about).toEqual({
    phase: 'connect',
    namespace: '/',
    since: 3,
  });
});

test('a hundred namespaces that come back together write down once how their connection had ended, and leave no timer', async () => {
  const stored = new Map<string, string>();
  const runtime = fakeRuntime({ stored });
  const writes: string[] = [];
  const { storage } = runtime;
  const set = storage?.set.bind(storage);
  Object.assign(Object(storage), {
    set(key: string, value: string) {
      writes.push(key);
      return set?.(key, value);
    },
  });
  const manager = new FakeManager();
  const sockets = Array.from({ length: 100 }, (_, index) =>
    Object.assign(new FakeSocket(manager), { nsp: `/${index}` }),
  );
  const [first] = sockets;
  if (!first) throw new Error('there is no socket');
  const withDiagnostics = createWithDiagnostics(() => runtime, judge);
  for (const socket of sockets) withDiagnostics(socket, { probe: 'never' });
  const live = async (sid: string) => {
    const engine = connect(first, sid);
    for (const socket of sockets.slice(1)) {
      socket.connected = true;
      socket.emit('connect');
    }
    await runtime.advance(60_000);
    return engine;
  };
  const engine = await live('a');
  for (const socket of sockets.slice(1)) {
    socket.connected = false;
    socket.emit('disconnect', 'transport close');
  }
  cut(first, engine);
  await runtime.advance(1_000);
  writes.length = 0;
  await live('b');
  expect(writes).toHaveLength(1);
  for (const socket of sockets) (socket as unknown as { diagnostics: Diagnostics }).diagnostics.dispose();
  await runtime.advance(60_000);
  expect(runtime.timers).toBe(0);
});

/** How often the sockets of one Manager are looked at, and the clock, while all its namespaces connect, are cut, come back and are left. */
async function looksAt(namespaces: number) {
  let looks = 0;
  const runtime = fakeRuntime();
  const { monotonicMs } = runtime;
  const withDiagnostics = createWithDiagnostics(
    () =>
      Object.assign(runtime, {
        monotonicMs() {
          looks += 1;
          return monotonicMs();
        },
      }),
    judge,
  );
  const manager = new FakeManager();
  const sockets = Array.from({ length: namespaces }, (_, index) => {
    let connected = false;
    return Object.defineProperties(new FakeSocket(manager), {
      nsp: { value: `/${index}` },
      connected: {
        get() {
          looks += 1;
          return connected;
        },
        set(now: boolean) {
          connected = now;
        },
      },
    });
  });
  const handles = sockets.map((socket) => withDiagnostics(socket, { probe: 'never' }).diagnostics);
  const told: { incident: Incident; change: string }[] = [];
  handles[0]?.on('incident', (event) => told.push(event as { incident: Incident; change: string }));
  const live = async (sid: string) => {
    const engine = manager.open();
    engine.id = sid;
    engine.readyState = 'open';
    engine.emit('handshake', { sid, upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 });
    engine.emit('open');
    manager.emit('open');
    for (const { nsp } of sockets) engine.emit('packetCreate', { type: 'message', data: `0${nsp},` });
    for (const socket of sockets) {
      engine.emit('packet', { type: 'message', data: `0${socket.nsp},{"sid":"x"}` });
      socket.connected = true;
      socket.emit('connect');
    }
    await runtime.advance(60_000);
    return engine;
  };
  const engine = await live('a');
  engine.readyState = 'closed';
  for (const socket of sockets) {
    socket.connected = false;
    socket.emit('disconnect', 'transport close');
  }
  engine.emit('close', 'transport close', { description: 'x', context: { code: 1006, wasClean: false } });
  await runtime.advance(1_000);
  await live('b');
  for (const handle of handles) handle.dispose();
  return { looks, told };
}

test('four times as many namespaces on one Manager are four times the work, and one incident that is answered as well', async () => {
  const few = await looksAt(100);
  const many = await looksAt(400);
  expect(many.looks / few.looks).toBeLessThan(5);
  for (const { told } of [few, many]) {
    expect(told.map(({ change }) => change)).toEqual(['opened', 'changed', 'resolved']);
    const { diagnosis, timeline } = told.at(-1)?.incident ?? {};
    expect(diagnosis).toMatchObject({ code: 'connection-cut', certainty: 'confirmed' });
    expect(timeline?.signals.length).toBeLessThanOrEqual(MAX_SIGNALS);
    // Whoever stores it can judge it again.
    expect(judge.judge(timeline as never).diagnosis).toEqual(diagnosis);
  }
});
