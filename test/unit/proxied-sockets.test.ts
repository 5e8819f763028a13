import { Manager } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import type { Diagnostics } from '../../src/diagnostics.js';
import type { Incident } from '../../src/incidents/incident.js';
import {
  type AnySocket,
  createCleanup,
  dial,
  listenerCounts,
  next,
  nextTold,
  pageOf,
  QUIET,
  startEcho,
} from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

const server = async () =>
  cleanup.add(await startEcho({ setup: (io) => io.of('/second').on('connection', () => {}) }), ({ close }) => close());
const dialled = (url: string) =>
  cleanup.add(dial('4', url, { transports: ['websocket'] }), (socket) => socket.disconnect());

/** A proxy of everything that is read through it, and the same one each time; a write goes to what is behind it, as it is. */
function deepProxy<T extends object>(of: T, mark?: string, reads: (key: string) => void = () => {}): T {
  const proxies = new WeakMap<object, object>();
  const raws = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || raws.has(value)) return value;
    const known = proxies.get(value);
    if (known) return known;
    const proxy = new Proxy(value, {
      get(target, key, receiver) {
        if (key === mark) return target;
        reads(String(key));
        return wrap(Reflect.get(target, key, receiver));
      },
      set: (target, key, next, receiver) => Reflect.set(target, key, raws.get(next) ?? next, receiver),
    });
    proxies.set(value, proxy);
    raws.set(proxy, value);
    return proxy;
  };
  return wrap(of) as T;
}

/** As Vue's `reactive`, whose `toRaw` reads this mark (measured with @vue/reactivity 3.5). */
const reactive = (of: AnySocket, reads?: (key: string) => void) => deepProxy(of, '__v_raw', reads);

type Watched = AnySocket & { readonly diagnostics: Diagnostics };

/** The incidents that handles tell of while the connection of a socket is cut and comes back, each as often as it is told by another. */
async function cutOnce(socket: AnySocket, watched: readonly Watched[]): Promise<readonly string[]> {
  const resolved = watched.map(({ diagnostics }) =>
    nextTold<{ change: string; incident: Incident }>(diagnostics, 'incident', ({ change }) => change === 'resolved'),
  );
  const opened: string[] = [];
  for (const { diagnostics } of watched)
    diagnostics.on('incident', ({ change, incident }) => change === 'opened' && opened.push(incident.id));
  socket.io.engine?.transport?.close();
  const told = (await Promise.all(resolved)).map(({ incident }) => incident.id);
  expect(opened).toEqual(told);
  return told;
}

/** Whether nothing of ours is left on a socket and its Manager. */
function left({ io, ...socket }: AnySocket) {
  return {
    handle: 'diagnostics' in socket,
    accessor: Object.getOwnPropertyDescriptor(io, 'engine')?.get,
    manager: listenerCounts(io).reconnect_failed ?? 0,
  };
}
const NOTHING = { handle: false, accessor: undefined, manager: 0 };

describe.each([
  ['in reactive state', (of: AnySocket) => reactive(of)],
  ['in a proxy without a mark', (of: AnySocket) => deepProxy(of)],
] as const)('a socket %s', (_where, wrapped) => {
  test('is one connection with one incident, and its engine stays what it was', async () => {
    const { url } = await server();
    const socket = dialled(url);
    await next(socket, 'connect');
    const { engine } = socket.io;
    const proxy = wrapped(socket);
    const watched = pageOf()(proxy, QUIET) as unknown as Watched;
    expect(watched).toBe(proxy);
    expect(socket.io.engine).toBe(engine);
    await cutOnce(socket, [watched]);
    expect(watched.diagnostics.snapshot()).toMatchObject({
      state: 'connected',
      attempt: 2,
      session: { reconnects: 1 },
    });
    watched.diagnostics.dispose();
    expect(left(socket)).toEqual(NOTHING);
  });
});

test('a socket in reactive state and one beside it share the watch on their Manager', async () => {
  const { url } = await server();
  const socket = dialled(url);
  const second = cleanup.add(socket.io.socket('/second'), (one) => one.disconnect());
  const page = pageOf();
  const watched = [page(reactive(socket), QUIET), page(second, QUIET)] as unknown as readonly Watched[];
  second.connect();
  await Promise.all([socket, second].map((one) => next(one, 'connect')));
  expect(listenerCounts(socket.io).reconnect_failed).toBe(1);
  const [one, same] = await cutOnce(socket, watched);
  expect(one).toBe(same);
  for (const { diagnostics } of watched) diagnostics.dispose();
  expect([left(socket), left(second)]).toEqual([NOTHING, NOTHING]);
});

test('an effect that watches a socket in reactive state comes to depend on nothing that changes', async () => {
  const { url } = await server();
  const socket = dialled(url);
  const reads = new Set<string>();
  pageOf()(
    reactive(socket, (key) => reads.add(key)),
    QUIET,
  );
  await next(socket, 'connect');
  expect([...reads].sort()).toEqual(['io', 'on']);
  (socket as Watched).diagnostics.dispose();
});

test('a mock that has an answer to every name is given back', () => {
  const anything: () => unknown = new Proxy(() => {}, { get: () => anything });
  expect(pageOf()(anything as never)).toBe(anything);
});

test('a Manager of a class of the app is watched like any other', async () => {
  const opened: unknown[] = [];
  class OwnManager extends Manager {
    override open(callback?: (error?: Error) => void): this {
      opened.push(super.open(callback));
      return this;
    }
  }
  const { url } = await server();
  const manager = new OwnManager(url, { transports: ['websocket'], autoConnect: false, reconnectionDelay: 20 });
  const socket = cleanup.add(manager.socket('/') as unknown as AnySocket, (one) => one.disconnect());
  const watched = pageOf()(socket, QUIET) as unknown as Watched;
  socket.connect();
  await next(socket, 'connect');
  await cutOnce(socket, [watched]);
  expect(opened.length).toBeGreaterThan(1);
  expect(watched.diagnostics.snapshot()).toMatchObject({ state: 'connected', attempt: 2 });
  watched.diagnostics.dispose();
  expect(left(socket)).toEqual(NOTHING);
});

describe('two copies of the SDK', () => {
  test('on one socket: the first one watches, also when its module is evaluated again', async () => {
    const { url } = await server();
    const socket = dialled(url);
    const watched = [pageOf(), pageOf()].map((page) => page(socket, QUIET)) as unknown as readonly Watched[];
    expect(watched[0]?.diagnostics).toBe(watched[1]?.diagnostics);
    await next(socket, 'connect');
    await cutOnce(socket, [watched[1] as Watched]);
    watched[1]?.diagnostics.dispose();
    expect(left(socket)).toEqual(NOTHING);
  });

  test('on two sockets of one Manager: each tells its own, and both leave nothing whoever goes first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { url } = await server();
      const socket = dialled(url);
      const second = cleanup.add(socket.io.socket('/second'), (one) => one.disconnect());
      const watched = [pageOf()(socket, QUIET), pageOf()(second, QUIET)] as unknown as readonly Watched[];
      second.connect();
      await Promise.all([socket, second].map((one) => next(one, 'connect')));
      expect(new Set(await cutOnce(socket, watched)).size).toBe(2);
      for (const one of watched) expect(one.diagnostics.snapshot()).toMatchObject({ attempt: 2 });
      for (const index of order) watched[index]?.diagnostics.dispose();
      expect([left(socket), left(second)]).toEqual([NOTHING, NOTHING]);
    }
  });
});

test('an effect that runs, is undone and runs again, as in StrictMode, ends with one watch', async () => {
  const { url } = await server();
  const socket = dialled(url);
  const page = pageOf();
  const sessions = new Set<string>();
  const collector = async (records: readonly { kind: string; id: string }[]) => {
    for (const { kind, id } of records) if (kind === 'incident') sessions.add(id);
    return { ok: true } as const;
  };
  const effect = () => {
    const { diagnostics } = page(socket, { ...QUIET, collector });
    return () => diagnostics.dispose();
  };
  effect()();
  const undo = effect();
  await next(socket, 'connect');
  expect(listenerCounts(socket.io).reconnect_failed).toBe(1);
  await cutOnce(socket, [socket as Watched]);
  await (socket as Watched).diagnostics.flush();
  expect(sessions.size).toBe(1);
  undo();
  expect(left(socket)).toEqual(NOTHING);
});
