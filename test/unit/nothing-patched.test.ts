import { afterEach, describe, expect, test } from 'vitest';
import { startTcp } from '../faults/_kit/tcp-server.js';
import {
  type AnyEngine,
  type AnyManager,
  type AnySocket,
  CLIENTS,
  createCleanup,
  dial,
  echo,
  listenerCounts,
  next,
  nextTold,
  startEcho,
  watch,
} from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

const server = async () => cleanup.add(await startEcho(), (listening) => listening.close());
const dialled = (...args: Parameters<typeof dial>) => cleanup.add(dial(...args), (socket) => socket.disconnect());

/**
 * Events that come with each message: who listens to one of them costs something per message. `heartbeat` does, too; `ping` and `pong`
 * come once in a heartbeat.
 */
const PER_MESSAGE = ['packet', 'packetCreate', 'data', 'message', 'heartbeat', 'flush', 'drain'];

/** Own descriptors of an object and of all its prototypes but `Object.prototype`. */
function chain(value: object): PropertyDescriptorMap[] {
  const found: PropertyDescriptorMap[] = [];
  for (let at = Object.getPrototypeOf(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    found.push(Object.getOwnPropertyDescriptors(at));
  }
  return found;
}

const prototypesOf = (socket: AnySocket) =>
  [socket, socket.io, socket.io.engine, socket.io.engine?.transport].map((part) => chain(Object(part)));

/** Own keys and kinds of properties, without the values that change while a client works. */
const shape = (value: object) =>
  Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(value))
      .filter(([key]) => key !== '_callbacks')
      .map(([key, { value: _value, get, set, ...rest }]) => [key, { ...rest, accessor: Boolean(get ?? set) }]),
  );

const globalParts = [
  'fetch',
  'WebSocket',
  'XMLHttpRequest',
  'EventTarget',
  'Promise',
  'Array',
  'Object',
  'Error',
  'JSON',
  'console',
];

/** Everything that hangs on the global object and on what is usually patched there, by path. */
function globalsNow(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const keep = (path: string, part: unknown) => {
    for (const [key, { value, get, set }] of Object.entries(Object.getOwnPropertyDescriptors(Object(part))))
      for (const [role, member] of Object.entries({ value, get, set })) found.set(`${path}.${key}.${role}`, member);
  };
  keep('globalThis', globalThis);
  keep('process', process);
  for (const name of globalParts) {
    const value = (globalThis as Record<string, unknown>)[name];
    keep(name, value);
    keep(`${name}.prototype`, Object(value).prototype);
  }
  return found;
}

/** Paths at which something else stands than before; an emitter's own counters change with its listeners. */
const changedSince = (before: Map<string, unknown>) =>
  [...globalsNow()].flatMap(([path, value]) =>
    Object.is(before.get(path), value) || /^process\._event/.test(path) ? [] : [path],
  );

describe.each(CLIENTS)('client %s', (version) => {
  test('has nothing patched but `engine` of its Manager and the handle, and nothing per message', async () => {
    const { url } = await server();
    const socket = dialled(version, url, { transports: ['websocket'] });
    await next(socket, 'connect');
    const before = {
      prototypes: prototypesOf(socket),
      globals: globalsNow(),
      socket: shape(socket),
      manager: shape(socket.io),
      engine: shape(Object(socket.io.engine)),
      transport: shape(Object(socket.io.engine?.transport)),
      events: [socket, socket.io, socket.io.engine, socket.io.engine?.transport].map(listenerCounts),
    };
    const { diagnostics } = watch(socket);
    expect(prototypesOf(socket)).toEqual(before.prototypes);
    expect(changedSince(before.globals)).toEqual([]);
    expect(shape(Object(socket.io.engine))).toEqual(before.engine);
    expect(shape(Object(socket.io.engine?.transport))).toEqual(before.transport);
    const { diagnostics: handle, ...restOfSocket } = shape(socket);
    expect(handle).toEqual({ configurable: true, enumerable: false, writable: false, accessor: false });
    expect(restOfSocket).toEqual(before.socket);
    const { engine, ...restOfManager } = shape(socket.io);
    const { engine: ownEngine, ...ownManager } = before.manager;
    expect(engine).toEqual({ configurable: true, enumerable: true, accessor: true });
    expect(ownEngine).toMatchObject({ accessor: false });
    expect(restOfManager).toEqual(ownManager);
    for (const [index, part] of [socket, socket.io, socket.io.engine, socket.io.engine?.transport].entries()) {
      const [earlier, now] = [before.events[index] ?? {}, listenerCounts(part)];
      for (const event of PER_MESSAGE) expect(now[event], event).toBe(earlier[event]);
    }
    // 1.x and 2.x know no `onAny`; the others would keep its listeners in these.
    const { _anyListeners, _anyOutgoingListeners } = socket as { _anyListeners?: []; _anyOutgoingListeners?: [] };
    expect([...(_anyListeners ?? []), ...(_anyOutgoingListeners ?? [])]).toEqual([]);
    expect(await echo(socket, 'still works')).toBe('still works');

    diagnostics.dispose();
    expect('diagnostics' in socket).toBe(false);
    expect(shape(socket)).toEqual(before.socket);
    expect(shape(socket.io)).toEqual(before.manager);
    expect(prototypesOf(socket)).toEqual(before.prototypes);
    expect([socket, socket.io, socket.io.engine, socket.io.engine?.transport].map(listenerCounts)).toEqual(
      before.events,
    );
    expect(await echo(socket, 'works on')).toBe('works on');
  });

  test('is put back as it was before its first attempt, too', async () => {
    const { url } = await server();
    const socket = dialled(version, url, { autoConnect: false });
    const before = {
      socket: shape(socket),
      manager: shape(socket.io),
      events: [socket, socket.io].map(listenerCounts),
    };
    watch(socket).diagnostics.dispose();
    expect({
      socket: shape(socket),
      manager: shape(socket.io),
      events: [socket, socket.io].map(listenerCounts),
    }).toEqual(before);
    socket.connect();
    await next(socket, 'connect');
  });

  test('wrapped twice keeps one handle and one set of listeners; wrapped after dispose works again', async () => {
    const { url } = await server();
    const socket = dialled(version, url);
    const first = watch(socket);
    expect(first).toBe(socket);
    const { diagnostics } = first;
    const counts = listenerCounts(socket.io);
    expect(watch(socket).diagnostics).toBe(diagnostics);
    expect(listenerCounts(socket.io)).toEqual(counts);
    await next(socket, 'connect');
    diagnostics.dispose();
    diagnostics.dispose();
    const again = watch(socket).diagnostics;
    expect(again).not.toBe(diagnostics);
    expect(again.snapshot()).toMatchObject({ state: 'connected', session: { connected: true, reconnects: 0 } });
    const told = nextTold(
      again,
      'session',
      ({ session }: { session: { reconnects: number } }) => session.reconnects === 1,
    );
    socket.io.engine?.close();
    socket.connect();
    await told;
  });

  test('lets two sockets of one Manager go one by one', async () => {
    const { url, io } = await server();
    io.of('/second').on('connection', () => {});
    const one = dialled(version, url);
    const two = cleanup.add(one.io.socket('/second'), (socket) => socket.disconnect());
    watch(one);
    const afterOne = listenerCounts(one.io);
    watch(two);
    expect(listenerCounts(one.io), 'one tap for both').toEqual(afterOne);
    if (!two.connected) two.connect();
    await Promise.all([one, two].map((socket) => socket.connected || next(socket, 'connect')));

    const { diagnostics } = two as AnySocket & ReturnType<typeof watch>;
    (one as AnySocket & ReturnType<typeof watch>).diagnostics.dispose();
    const opened = nextTold(diagnostics, 'attempt');
    const back = next(two, 'connect');
    one.io.engine?.transport?.close();
    // The transport's end is the engine's: the Manager reconnects by itself.
    await opened;
    await back;
    expect(diagnostics.snapshot()).toMatchObject({ state: 'connected', namespace: '/second', attempt: 2 });
    diagnostics.dispose();
    expect(shape(one.io).engine).toEqual({ configurable: true, enumerable: true, writable: true, accessor: false });
  });

  test('lets another wrapper of `engine` live, before and after ours', async () => {
    const { url } = await server();
    const socket = dialled(version, url, { autoConnect: false });
    const manager = socket.io;
    const seen = { before: [] as (AnyEngine | undefined)[], after: [] as (AnyEngine | undefined)[] };
    const wrapEngine = (list: (AnyEngine | undefined)[]) => {
      const inner = Object.getOwnPropertyDescriptor(manager, 'engine');
      let kept: AnyEngine | undefined;
      Object.defineProperty(manager, 'engine', {
        configurable: true,
        enumerable: true,
        get: () => (inner?.get ? inner.get.call(manager) : kept),
        set(engine: AnyEngine | undefined) {
          list.push(engine);
          inner?.set?.call(manager, engine);
          kept = engine;
        },
      });
    };
    wrapEngine(seen.before);
    const theirs = Object.getOwnPropertyDescriptor(manager, 'engine');
    const first = watch(socket).diagnostics;
    first.dispose();
    expect(Object.getOwnPropertyDescriptor(manager, 'engine'), 'the one before us is back').toEqual(theirs);

    const { diagnostics } = watch(socket);
    wrapEngine(seen.after);
    const outer = Object.getOwnPropertyDescriptor(manager, 'engine');
    socket.connect();
    await next(socket, 'connect');
    expect(seen.before).toEqual([manager.engine]);
    expect(seen.after).toEqual([manager.engine]);
    expect(diagnostics.snapshot()).toMatchObject({ state: 'connected', attempt: 1 });
    diagnostics.dispose();
    expect(Object.getOwnPropertyDescriptor(manager, 'engine'), 'the one after us stays').toEqual(outer);

    const bare = listenerCounts(manager);
    // For an engine that closes later than that clients up to 4.0 reconnect beside the connection that the app has made since.
    const closed = next(Object(manager.engine), 'close');
    socket.disconnect();
    await closed;
    socket.connect();
    await next(socket, 'connect');
    expect(seen.after).toHaveLength(2);
    expect(seen.before).toHaveLength(2);
    expect(seen.after[1]).toBe(manager.engine);
    // Ours is still in between, and no longer does anything.
    expect(manager.engine?.listeners('upgradeError')).toEqual([]);
    expect(listenerCounts(manager)).toEqual(bare);
  });

  test('is let go in the middle of an outage', async () => {
    const { url, close } = await startEcho();
    const socket = dialled(version, url);
    const { diagnostics } = watch(socket);
    await next(socket, 'connect');
    const abandoned = nextTold<{ change: string }>(diagnostics, 'incident', ({ change }) => change === 'abandoned');
    const opened = nextTold<{ change: string }>(diagnostics, 'incident', ({ change }) => change === 'opened');
    await close();
    await opened;
    expect(diagnostics.current).toBeDefined();
    diagnostics.dispose();
    expect(await abandoned).toMatchObject({ incident: { status: 'abandoned' } });
    const failed = next(socket, version === '1' || version === '2' ? 'reconnect_error' : 'connect_error');
    await failed;
    expect(diagnostics.current).toBeUndefined();
    expect(socket.io.engine?.listeners('upgradeError')).toEqual([]);
  });
});

test('a socket that is let go while a probe hangs is not told its answer', async () => {
  const hole = cleanup.add(await startTcp(), (listening) => listening.close());
  const socket = dialled('4', hole.url, { timeout: 200, reconnection: false });
  const { diagnostics } = watch(socket, { probe: { timeoutMs: 400, cooldownMs: 0 } });
  const told: unknown[] = [];
  await nextTold(diagnostics, 'incident');
  diagnostics.on('diagnosis', (event) => told.push(event));
  diagnostics.on('incident', (event) => told.push(event));
  const before = diagnostics.report().json.timeline.signals.length;
  diagnostics.dispose();
  const afterDispose = told.length;
  // Asking by hand outlasts the question that was under way: both wait for the same silence.
  await diagnostics.check();
  expect(told.length).toBe(afterDispose);
  expect(before).toBeGreaterThan(0);
  expect('diagnostics' in socket).toBe(false);
});

test('a socket or Manager that cannot be changed stays as it is, and nothing throws', async () => {
  const { url } = await server();
  const socket = dialled('4', url);
  await next(socket, 'connect');
  const view = watch(Object.preventExtensions(socket));
  view.diagnostics.on('diagnosis', () => {});
  expect(view.diagnostics.snapshot().state).toBe('disconnected');
  view.diagnostics.dispose();
  expect(Object.hasOwn(socket, 'diagnostics')).toBe(false);
  expect(view.connected).toBe(true);
  expect(await echo(view, 1)).toBe(1);

  const frozen = Object.freeze(dialled('1', url, { autoConnect: false }));
  expect(watch(frozen).diagnostics.report().markdown).toContain('not watched');

  const fixed = dialled('4', url, { autoConnect: false });
  Object.defineProperty(fixed.io, 'engine', {
    configurable: false,
    writable: true,
    enumerable: true,
    value: undefined,
  });
  const degraded = watch(fixed).diagnostics;
  fixed.connect();
  await next(fixed, 'connect');
  expect(degraded.snapshot()).toMatchObject({ state: 'connected', attempt: 1 });
  degraded.dispose();
});

test('a Manager that is frozen degrades', async () => {
  const listeners = new Map<string, unknown[]>();
  const emitter = () => ({
    on: (event: string, listener: unknown) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
  });
  const io = Object.freeze({ ...emitter() });
  const socket = { ...emitter(), connected: false, io } as unknown as AnySocket & { io: AnyManager };
  const { diagnostics } = watch(socket);
  expect(diagnostics.snapshot()).toMatchObject({ state: 'disconnected', attempt: 0 });
  // Emitters without any way to stop listening are left with listeners that do nothing.
  expect(() => diagnostics.dispose()).not.toThrow();
});
