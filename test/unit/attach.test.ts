import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Signal } from '../../src/signals/signal.js';
import { browserBundle } from '../faults/_kit/client-version.js';
import { freePort } from '../faults/_kit/free-port.js';
import type { SocketIoServerSocket } from '../faults/_kit/socketio-server.js';
import {
  ALONE,
  type AnySocket,
  CLIENTS,
  createCleanup,
  dial,
  next,
  nextTold,
  startEcho,
  watch,
} from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

type Watched = ReturnType<typeof watch>;

const server = async (...args: Parameters<typeof startEcho>) =>
  cleanup.add(await startEcho(...args), (listening) => listening.close());
const dialled = (...args: Parameters<typeof dial>) => cleanup.add(dial(...args), (socket) => socket.disconnect());

/** Each signal in a few words; what comes or not by chance is left out. */
const seen = ({ diagnostics }: Watched): string[] =>
  diagnostics.report().json.timeline.signals.flatMap((signal) => {
    const words = inWords(signal);
    return words === undefined ? [] : [words];
  });

function inWords(signal: Signal): string | undefined {
  switch (signal.kind) {
    // Which of the two ends is noticed first is up to the operating system.
    case 'websocket-closed':
      return undefined;
    case 'connected':
    case 'disconnected':
      return `${signal.kind} ${signal.namespace}${'reason' in signal ? ` ${signal.reason}` : ''}`;
    case 'connect-error':
      return `${signal.kind} ${signal.namespace} ${signal.source} ${signal.error.message}`;
    case 'engine-failed':
      return `${signal.kind} ${signal.error.message}`;
    case 'engine-closed':
      return `${signal.kind} ${signal.reason}`;
    default:
      return signal.kind;
  }
}

/** Calls `disconnect()` and waits for the engine, too: before 4.5 the end of an engine hits the one that was made meanwhile. */
async function disconnected(socket: Watched): Promise<void> {
  const gone = next(socket, 'disconnect');
  await engineClosed(socket);
  await gone;
}

async function engineClosed(socket: Watched): Promise<void> {
  const closed = socket.io.engine && next(socket.io.engine, 'close');
  socket.disconnect();
  await closed;
}

const WEBSOCKET = { transports: ['websocket'] };
const isOld = (version: string) => version === '1' || version === '2';
const connected = ['attempt-started', 'handshake', 'engine-opened', 'connected /'];

describe.each(CLIENTS)('client %s', (version) => {
  test('wrapped before its first attempt, over WebSocket', async () => {
    const { url } = await server();
    const socket = watch(dialled(version, url, WEBSOCKET));
    await next(socket, 'connect');
    expect(seen(socket)).toEqual(connected);
    expect(socket.diagnostics.snapshot()).toMatchObject({
      state: 'connected',
      transport: 'websocket',
      attempt: 1,
      handshake: { pingIntervalMs: 25_000, pingTimeoutMs: 20_000 },
      session: { connected: true, reconnects: 0, timeToConnectMs: expect.any(Number) },
    });
  });

  test('wrapped before its first attempt, with the upgrade', async () => {
    const { url } = await server();
    const socket = watch(dialled(version, url));
    const upgraded = nextTold<{ transport: string }>(
      socket.diagnostics,
      'transport',
      ({ transport }) => transport === 'websocket',
    );
    await Promise.all([next(socket, 'connect'), upgraded]);
    // Over polling `connect` and the upgrade race.
    expect(seen(socket).filter((words) => words !== 'connected /')).toEqual([
      'attempt-started',
      'handshake',
      'engine-opened',
      'upgrade-started',
      'upgraded',
    ]);
    expect(seen(socket)).toContain('connected /');
    const { session } = socket.diagnostics.snapshot();
    expect(session).toMatchObject({ upgradeWanted: true, timeToUpgradeMs: expect.any(Number) });
  });

  test('wrapped after it had connected', async () => {
    const { url } = await server();
    const bare = dialled(version, url, WEBSOCKET);
    await next(bare, 'connect');
    const socket = watch(bare);
    expect(seen(socket)).toEqual(connected);
    const { session, ...snapshot } = socket.diagnostics.snapshot();
    expect(snapshot).toMatchObject({
      state: 'connected',
      handshake: { pingIntervalMs: 25_000, pingTimeoutMs: 20_000 },
    });
    expect(session).toMatchObject({ connected: true, reconnects: 0 });
    expect(session).not.toHaveProperty('timeToConnectMs');
  });

  test('wrapped in the middle of an outage', async () => {
    const port = await freePort();
    const bare = dialled(version, `http://127.0.0.1:${port}`, WEBSOCKET);
    await next(bare, 'connect_error');
    const socket = watch(bare);
    await next(bare, 'connect_error');
    const before = seen(socket);
    expect(before[0]).toBe('attempt-started');
    expect(before).toContain('connect-error / transport websocket error');
    await nextTold(socket.diagnostics, 'incident');
    await server({ port });
    const resolved = nextTold<{ change: string }>(
      socket.diagnostics,
      'incident',
      ({ change }) => change === 'resolved',
    );
    await next(socket, 'connect');
    expect(seen(socket).slice(-4)).toEqual(connected);
    expect(await resolved).toMatchObject({ incident: { diagnosis: { code: expect.any(String) } } });
    expect(socket.diagnostics.current).toBeUndefined();
  });

  test('refused: the same signals in every attempt', async () => {
    const socket = watch(
      dialled(version, `http://127.0.0.1:${await freePort()}`, { ...WEBSOCKET, reconnectionAttempts: 1 }),
    );
    await next(isOld(version) ? socket : socket.io, 'reconnect_failed');
    const failed = [
      'attempt-started',
      'connect-error / transport websocket error',
      'engine-failed websocket error',
      'engine-closed transport error',
    ];
    // It is told in the middle of the last engine's end.
    await new Promise((resolve) => setImmediate(resolve));
    // Listeners on the first engine come after the Manager's, on later ones before.
    expect(seen(socket).slice(0, 4)).toEqual(failed);
    expect(seen(socket)).toHaveLength(9);
    expect(new Set(seen(socket).slice(4))).toEqual(new Set([...failed, 'reconnect-failed']));
    expect(socket.diagnostics.snapshot()).toMatchObject({ state: 'disconnected', attempt: 2 });
  });

  test('autoConnect: false, connect(), disconnect(), connect()', async () => {
    const { url } = await server();
    const socket = watch(dialled(version, url, { ...WEBSOCKET, autoConnect: false }));
    expect(seen(socket)).toEqual([]);
    expect(socket.diagnostics.snapshot()).toMatchObject({ state: 'disconnected', attempt: 0 });
    const incidents: unknown[] = [];
    const ended: unknown[] = [];
    socket.diagnostics.on('incident', (event) => incidents.push(event));
    socket.diagnostics.on('session', ({ session }) => ended.push(session.ended));
    socket.connect();
    await next(socket, 'connect');
    await disconnected(socket);
    expect(socket.diagnostics.snapshot().state).toBe('disconnected');
    socket.connect();
    await next(socket, 'connect');
    expect(seen(socket).filter((words) => !/^(engine-closed|disconnected)/.test(words))).toEqual([
      ...connected,
      ...connected,
    ]);
    expect(seen(socket)).toContain('disconnected / io client disconnect');
    expect(incidents).toEqual([]);
    expect(ended).toEqual([undefined, 'app', undefined]);
    expect(socket.diagnostics.snapshot()).toMatchObject({ session: { reconnects: 1, longestOutageMs: 0 } });
  });

  test('the app gives up while the client is still trying', async () => {
    const socket = watch(dialled(version, `http://127.0.0.1:${await freePort()}`, WEBSOCKET));
    await nextTold(socket.diagnostics, 'incident');
    const closed = nextTold<{ change: string }>(socket.diagnostics, 'incident', ({ change }) => change === 'abandoned');
    await new Promise<void>((resolve) => socket.io.once('reconnect_attempt', () => setImmediate(resolve)));
    socket.disconnect();
    await closed;
    expect(socket.diagnostics.current).toBeUndefined();
    expect(socket.diagnostics.snapshot().state).toBe('disconnected');
  });

  test('the app gives up after a connection was lost', async () => {
    const { url, close } = await server();
    const socket = watch(dialled(version, url, WEBSOCKET));
    await next(socket, 'connect');
    const lost = nextTold<{ incident: object }>(socket.diagnostics, 'incident');
    const closed = nextTold<{ change: string }>(socket.diagnostics, 'incident', ({ change }) => change === 'abandoned');
    await close();
    expect(await lost).toMatchObject({ incident: { phase: 'session' } });
    await new Promise<void>((resolve) => socket.io.once('reconnect_attempt', () => setImmediate(resolve)));
    socket.disconnect();
    await closed;
    expect(socket.diagnostics.current).toBeUndefined();
  });

  test('the app removes all listeners: we listen again with the next engine', async () => {
    const { url } = await server();
    const socket = watch(dialled(version, url, WEBSOCKET));
    await next(socket, 'connect');
    socket.off();
    // 1.x and 2.x lose their own listener for `connect` by this, which opens the waiting packets: nothing else is lost.
    socket.io.engine?.transport?.close();
    await nextTold(socket.diagnostics, 'attempt');
    await next(socket, 'connect');
    expect(seen(socket).slice(-4)).toEqual(connected);
    expect(socket.diagnostics.snapshot().session.reconnects).toBe(1);
  });

  test('one namespace refused, another fine', async () => {
    const { url } = await server({
      setup: (io) => void io.of('/refused').use((_socket, pass) => pass(new Error('no entry'))),
    });
    const one = watch(dialled(version, url, WEBSOCKET));
    const two = watch(cleanup.add(one.io.socket('/refused') as AnySocket, (socket) => socket.disconnect()));
    const incidents: string[] = [];
    one.diagnostics.on('incident', ({ incident }) => incidents.push(`one ${incident.namespace}`));
    two.diagnostics.on('incident', ({ incident }) => incidents.push(`two ${incident.namespace}`));
    const told = nextTold<{ diagnosis: object }>(two.diagnostics, 'diagnosis');
    two.connect();
    const { diagnosis } = await told;
    expect(diagnosis).toMatchObject({ code: 'middleware-rejected', certainty: 'confirmed' });
    expect(new Set(incidents)).toEqual(new Set(['two /refused']));
    expect(one.diagnostics.current).toBeUndefined();
    expect(one.diagnostics.snapshot().state).toBe('connected');
    expect(two.diagnostics.current).toMatchObject({ namespace: '/refused', phase: 'namespace' });
    expect(seen(two)).toContain('connect-error /refused server other');
    const gone = nextTold<{ change: string }>(two.diagnostics, 'incident', ({ change }) => change === 'abandoned');
    two.diagnostics.dispose();
    await gone;
    expect(one.diagnostics.current).toBeUndefined();
  });

  test('a namespace that does not exist', async () => {
    const { url } = await server();
    const one = watch(dialled(version, url, WEBSOCKET));
    const two = watch(cleanup.add(one.io.socket('/nowhere') as AnySocket, (socket) => socket.disconnect()));
    const told = nextTold<{ diagnosis: object }>(two.diagnostics, 'diagnosis');
    two.connect();
    expect((await told).diagnosis).toMatchObject({ code: 'namespace-unknown' });
    expect(seen(two)).toContain('connect-error /nowhere server Invalid namespace');
  });

  test('the server disconnects the socket, and the app connects again', async () => {
    let kick = (_socket: SocketIoServerSocket) => {};
    const { url } = await server({ setup: (io) => void io.on('connection', (socket) => kick(socket)) });
    const socket = watch(dialled(version, url, WEBSOCKET));
    await next(socket, 'connect');
    kick = (accepted) => accepted.disconnect();
    await disconnected(socket);
    socket.connect();
    const told = nextTold<{ diagnosis: object }>(socket.diagnostics, 'diagnosis');
    expect(await next(socket, 'disconnect')).toEqual(expect.arrayContaining(['io server disconnect']));
    expect((await told).diagnosis).toMatchObject({ code: 'server-disconnected-socket' });
    expect(seen(socket)).toContain('disconnected / io server disconnect');
    kick = () => {};
    const resolved = nextTold<{ change: string }>(
      socket.diagnostics,
      'incident',
      ({ change }) => change === 'resolved',
    );
    // The Manager closes by itself when its last socket is gone; connecting meanwhile would be lost up to 2.x.
    const { engine } = socket.io;
    if (engine && engine.readyState !== 'closed') await next(engine, 'close');
    socket.connect();
    await resolved;
    expect(socket.diagnostics.snapshot().state).toBe('connected');
  });
});

test('the minified bundle of the newest client, whose private names are mangled', async () => {
  const port = await freePort();
  const context = createContext({
    WebSocket,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    URL,
    TextEncoder,
    TextDecoder,
  });
  runInContext('var self = globalThis, window = globalThis', context);
  runInContext(readFileSync(browserBundle('4-min'), 'utf8'), context);
  const { io } = context as { io: (url: string, options: object) => AnySocket };
  const options = { ...ALONE, ...WEBSOCKET };
  const socket = watch(cleanup.add(io(`http://127.0.0.1:${port}`, options), (bare) => bare.disconnect()));
  await nextTold(socket.diagnostics, 'incident');
  expect(seen(socket).slice(0, 4)).toEqual([
    'attempt-started',
    'connect-error / transport websocket error',
    'engine-failed websocket error',
    'engine-closed transport error',
  ]);
  await server({ port });
  await next(socket, 'connect');
  expect(seen(socket).slice(-4)).toEqual(connected);
  expect(socket.diagnostics.report().json.timeline).toMatchObject({
    client: { major: 4, version: '4.8+', protocol: 4 },
    target: { secure: false, host: '127.0.0.1', port: String(port), path: '/socket.io/' },
  });
  // In mid-life the handshake is only on names that are mangled: less is known, and nothing breaks.
  socket.diagnostics.dispose();
  const late = watch(socket);
  expect(seen(late)).toEqual(connected);
  const { state, handshake } = late.diagnostics.snapshot();
  expect({ state, handshake }).toEqual({ state: 'connected', handshake: {} });
});
