import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { texts } from '../../src/causes/texts.js';
import type { DiagnosticsRecord } from '../../src/delivery/envelope.js';
import { explain } from '../../src/explain.js';
import { withDiagnostics as forBrowsers } from '../../src/index.js';
import { withDiagnostics, wrapIo } from '../../src/index.node.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { PageSignal } from '../../src/runtime/runtime.js';
import { CONNECT_OVERDUE_MS } from '../../src/signals/watch-connects.js';
import { SDK_VERSION } from '../../src/version.js';
import { type ClientVersion, nodeClient } from '../faults/_kit/client-version.js';
import { freePort } from '../faults/_kit/free-port.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import {
  ALONE,
  type AnySocket,
  CLIENTS,
  createCleanup,
  dial,
  next,
  nextTold,
  pageOf,
  QUIET,
  startEcho,
  watch,
} from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(SDK_VERSION).toBe(version);
});

describe('what is no socket gets a handle that does nothing', () => {
  test.each<[string, object]>([
    ['an empty object', {}],
    ['an emitter without a Manager', { on() {} }],
    ['a Manager', { on() {}, engine: {} }],
    ['an array', []],
    ['a frozen object', Object.freeze({})],
  ])('%s', async (_name, value) => {
    for (const wrap of [withDiagnostics, forBrowsers]) {
      const { diagnostics } = wrap(value as AnySocket);
      diagnostics.on('diagnosis', () => {});
      diagnostics.off('diagnosis', () => {});
      expect(diagnostics.current).toBeUndefined();
      expect(diagnostics.snapshot()).toMatchObject({
        state: 'disconnected',
        attempt: 0,
        session: { connected: false },
      });
      expect(await diagnostics.check()).toEqual({ probes: [] });
      expect(diagnostics.report().markdown).toBe('The socket is not watched.\n');
      expect(await diagnostics.flush()).toBe(true);
      diagnostics.dispose();
    }
  });

  test.each([[undefined], [null], [42], ['url'], [Symbol('url')], [() => {}]])('%s is given back', (value) => {
    expect(withDiagnostics(value as never)).toBe(value);
  });

  test('a Proxy that was revoked is given back', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => withDiagnostics(proxy as never)).not.toThrow();
  });
});

describe.each(CLIENTS)('wrapIo with client %s', (version: ClientVersion) => {
  test('every way to make a socket gives a watched one, and everything else stays', async () => {
    const { url } = cleanup.add(await startEcho(), ({ close }) => close());
    type Io = ((url: string, options?: object) => AnySocket) & Record<string, unknown>;
    const plain = nodeClient(version) as unknown as Io;
    const before = Object.getOwnPropertyDescriptors(plain);
    const io = wrapIo(plain, QUIET);
    expect(io.Manager).toBe(plain.Manager);
    expect(io.protocol).toBe(plain.protocol);
    expect(Object.keys(io)).toEqual(Object.keys(plain));
    const ways = [io, io.connect as Io, ...(typeof io.io === 'function' ? [io.io as Io] : [])];
    for (const way of ways) {
      const socket = cleanup.add(way(url, { ...ALONE }), (made) => made.disconnect());
      expect(socket).toHaveProperty('diagnostics');
      await next(socket, 'connect');
      (socket as ReturnType<typeof watch>).diagnostics.dispose();
    }
    expect(Object.getOwnPropertyDescriptors(plain)).toEqual(before);
  });
});

test('wrapIo takes a frozen io, and what is no function is given back', () => {
  const make = () => ({ on() {}, off() {}, connected: false, io: { on() {}, off() {} } });
  const frozen = Object.freeze(Object.assign(make, { connect: make, lookup: 1 }));
  const alias = Object.freeze(Object.assign(() => make(), {}) as { connect?: unknown });
  expect(wrapIo(frozen)()).toHaveProperty('diagnostics');
  expect((wrapIo(frozen) as typeof frozen).connect).toBe(make);
  expect(wrapIo(alias as never)).not.toBe(alias);
  const own: { (): ReturnType<typeof make>; connect?: unknown } = () => make();
  Object.defineProperty(own, 'connect', { value: own });
  expect((wrapIo(own) as typeof own).connect).toBe(own);
  for (const value of [undefined, null, {}]) expect(wrapIo(value as never)).toBe(value);
});

test('what io throws by itself is thrown as it was', () => {
  const io = wrapIo(nodeClient('4') as never) as unknown as (url: string, options: object) => AnySocket;
  expect(() => io('http://127.0.0.1:1', { transports: ['carrier pigeon'], forceNew: true })).toThrow();
});

describe('records', () => {
  test('a session is told from its first connect to its end, an incident from its opening to its end', async () => {
    const port = await freePort();
    const records: DiagnosticsRecord[] = [];
    const socket = pageOf()(
      cleanup.add(dial('4', `http://127.0.0.1:${port}`, { transports: ['websocket'] }), (dialled) =>
        dialled.disconnect(),
      ),
      {
        probe: 'never',
        collector: {
          send: async (sent) => {
            records.push(...sent);
            return { ok: true };
          },
        },
      },
    );
    const { diagnostics } = socket;
    await nextTold(diagnostics, 'diagnosis');
    const resolved = nextTold<{ change: string }>(diagnostics, 'incident', ({ change }) => change === 'resolved');
    cleanup.add(await startEcho({ port }), ({ close }) => close());
    await next(socket, 'connect');
    await resolved;
    diagnostics.dispose();
    await diagnostics.flush();
    const sessions = records.filter((record) => record.kind === 'session');
    const incidents = records.filter((record) => record.kind === 'incident');
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(1);
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(1);
    // What waits is replaced by its next revision.
    const revisions = [sessions, incidents].map((kind) => kind.map(({ revision }) => revision));
    for (const list of revisions) expect(list).toEqual([...new Set(list)].sort((one, other) => one - other));
    expect(sessions.at(-1)).toMatchObject({
      ended: 'disposed',
      connected: true,
      incidents: 1,
      reconnects: 0,
      transport: 'websocket',
      weight: 1,
      client: { major: 4 },
    });
    expect(incidents.at(-1)).toMatchObject({
      status: 'resolved',
      closedAt: expect.any(String),
      diagnosis: { code: 'server-unreachable' },
    });
    expect(JSON.parse(JSON.stringify(records))).toEqual(records);
  });

  test('a healthy session that is not sampled is not sent, one with an incident always is', async () => {
    const refused = await freePort();
    const { url } = cleanup.add(await startEcho(), ({ close }) => close());
    const sent = async (target: string, sampleRate: number, chance: number) => {
      const records: DiagnosticsRecord[] = [];
      const socket = pageOf({ random: () => chance })(
        cleanup.add(dial('4', target), (dialled) => dialled.disconnect()),
        {
          probe: 'never',
          sampleRate,
          collector: {
            send: async (batch) => {
              records.push(...batch);
              return { ok: true };
            },
          },
        },
      );
      await (target === url ? next(socket, 'connect') : nextTold(socket.diagnostics, 'incident'));
      const { diagnostics } = socket;
      diagnostics.dispose();
      await diagnostics.flush();
      return records.flatMap((record) => (record.kind === 'session' ? [record.weight] : []));
    };
    expect(new Set(await sent(url, 0.25, 0.2))).toEqual(new Set([4]));
    expect(await sent(url, 0.25, 0.25)).toEqual([]);
    expect(await sent(url, 0, 0)).toEqual([]);
    expect(new Set(await sent(`http://127.0.0.1:${refused}`, 0.25, 0.9))).toEqual(new Set([1]));
  });

  test('a page that is left has ended its session, although it is told to be hidden after that', async () => {
    const { url } = cleanup.add(await startEcho(), ({ close }) => close());
    const ends: (string | undefined)[] = [];
    let tell: (signal: PageSignal) => void = () => {};
    const collector = (records: readonly DiagnosticsRecord[]) => {
      for (const record of records) if (record.kind === 'session') ends.push(record.ended);
    };
    const socket = pageOf({
      observePage(listener) {
        tell = listener;
        return () => {};
      },
    })(
      cleanup.add(dial('4', url, { transports: ['websocket'] }), (dialled) => dialled.disconnect()),
      { probe: 'never', collector },
    );
    await next(socket, 'connect');
    for (const event of ['left', 'hidden'] as const) tell({ event });
    await socket.diagnostics.flush();
    expect(ends.at(-1)).toBe('page');
    for (const event of ['returned', 'hidden'] as const) tell({ event });
    await socket.diagnostics.flush();
    expect(ends.at(-1)).toBeUndefined();
  });

  test('a page that is frozen sends what waits, and one that is seen again or connects tries again what failed', async () => {
    const { url } = cleanup.add(await startEcho(), ({ close }) => close());
    const batches: (readonly string[])[] = [];
    let isTaken = true;
    let sent = () => {};
    const nextBatch = () =>
      new Promise<void>((resolve) => {
        sent = resolve;
      });
    let tell: (signal: PageSignal) => void = () => {};
    const socket = pageOf({
      // A back-off so long that only a reason ends it.
      random: () => 0.999,
      delay: (callback, ms) => nodeRuntime().delay(callback, ms * 60),
      observePage(listener) {
        tell = listener;
        return () => {};
      },
    })(
      cleanup.add(dial('4', url, { transports: ['websocket'], reconnectionDelay: 10 }), (dialled) =>
        dialled.disconnect(),
      ),
      {
        probe: 'never',
        collector: {
          async send(records) {
            batches.push(records.map(({ id }) => id));
            sent();
            return isTaken ? { ok: true } : { ok: false, retry: true };
          },
        },
      },
    );
    await next(socket, 'connect');
    expect(batches).toEqual([]);
    isTaken = false;
    let heard = nextBatch();
    tell({ event: 'frozen' });
    await heard;
    for (const event of ['resumed', 'visible', 'online'] as const) {
      heard = nextBatch();
      // What was refused is only tried again once that is known.
      await new Promise((resolve) => setImmediate(resolve));
      tell({ event });
      await heard;
    }
    await new Promise((resolve) => setImmediate(resolve));
    isTaken = true;
    heard = nextBatch();
    socket.io.engine?.transport?.close();
    await heard;
    // The first batch is the same until it is taken.
    expect(new Set(batches.slice(0, 5).map((ids) => ids.join()))).toEqual(new Set([batches[0]?.join()]));
  });

  test('a socket that is left by the app ends its own session, not that of its neighbour on the same connection', async () => {
    const { url } = cleanup.add(
      await startEcho({ setup: (io) => io.of('/chat').on('connection', () => {}) }),
      ({ close }) => close(),
    );
    const page = pageOf();
    const base = cleanup.add(dial('4', url, { transports: ['websocket'] }), (dialled) => dialled.disconnect());
    const neighbour = page(base, QUIET);
    const chat = page(
      cleanup.add(base.io.socket('/chat') as AnySocket, (one) => one.disconnect()),
      QUIET,
    );
    await Promise.all([next(neighbour, 'connect'), next(chat, 'connect')]);
    const told: (string | undefined)[] = [];
    neighbour.diagnostics.on('session', ({ session }) => told.push(session.ended));
    const ended = nextTold<{ session: { ended?: string } }>(
      chat.diagnostics,
      'session',
      ({ session }) => session.ended === 'app',
    );
    chat.disconnect();
    await ended;
    expect(told).toEqual([]);
  });

  test('an old server that the client itself recognised is told once, also when its namespace is overdue', async () => {
    const { url } = cleanup.add(await startSocketIo({ version: '2' }), ({ close }) => close());
    let tellOverdue: () => void = () => {};
    const overdue = new Promise<void>((resolve) => {
      tellOverdue = resolve;
    });
    const { delay } = nodeRuntime();
    const socket = pageOf({
      delay(callback, ms) {
        const isOverdue = ms === CONNECT_OVERDUE_MS;
        const act = () => {
          callback();
          // What an incident of its own would be judged by runs first.
          if (isOverdue) delay(() => delay(tellOverdue, 0), 0);
        };
        return delay(act, isOverdue ? 200 : ms);
      },
    })(
      cleanup.add(dial('4', url, { transports: ['websocket'] }), (dialled) => dialled.disconnect()),
      QUIET,
    );
    const ids = new Set<string>();
    socket.diagnostics.on('incident', ({ incident }) => ids.add(incident.id));
    await overdue;
    expect(socket.diagnostics.current).toMatchObject({ diagnosis: { code: 'version-client-too-new' } });
    expect(ids.size).toBe(1);
  });

  test('two sockets with the same options share their batches, and the last one closes the sink', async () => {
    const { url } = cleanup.add(await startEcho(), ({ close }) => close());
    let closes = 0;
    const batches: number[] = [];
    const options = {
      probe: 'never' as const,
      collector: {
        send: async (records: readonly DiagnosticsRecord[]) => {
          batches.push(records.length);
          return { ok: true as const };
        },
        close() {
          closes += 1;
        },
      },
    };
    const page = pageOf();
    const sockets = [1, 2].map(() =>
      page(
        cleanup.add(dial('4', url, { transports: ['websocket'] }), (dialled) => dialled.disconnect()),
        options,
      ),
    );
    await Promise.all(sockets.map((socket) => next(socket, 'connect')));
    const [one, two] = sockets.map(({ diagnostics }) => diagnostics);
    await one?.flush();
    expect(batches).toEqual([2]);
    one?.dispose();
    await one?.flush();
    expect(closes).toBe(0);
    two?.dispose();
    await two?.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(closes).toBe(1);
  });
});

describe('the report', () => {
  test('says what is known, as text and as JSON', async () => {
    const port = await freePort();
    const socket = watch(cleanup.add(dial('4', `http://127.0.0.1:${port}`), (dialled) => dialled.disconnect()));
    const { incident } = await nextTold<{ incident: object }>(socket.diagnostics, 'diagnosis');
    const { markdown, json } = socket.diagnostics.report();
    expect(markdown).toContain('# Socket.IO connection report');
    expect(markdown).toContain('- State: connecting over polling, attempt ');
    expect(markdown).toContain(`- Server: http://127.0.0.1:${port}/socket.io/ (namespace /)`);
    expect(markdown).toContain('- Client: socket.io-client 4.8+ in node/node');
    expect(markdown).toContain('`server-unreachable`');
    expect(markdown).toMatch(/\| \d+ \| 1 \| attempt-started \| {2}\|/);
    expect(markdown).toContain(
      '| connect-error | namespace: /, source: transport, transport: polling, error: {"message":"xhr poll error"',
    );
    expect(json.snapshot.incident).toMatchObject({ diagnosis: { code: 'server-unreachable' } });
    expect(incident).toBeDefined();
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

describe('explain', () => {
  const stored = { title: 'A title', details: {}, docs: 'https://socket.io/docs/' };

  test('an unknown code gets its documentation', () => {
    for (const code of ['from-a-newer-version', 'toString', '__proto__', 'constructor']) {
      expect(explain({ ...stored, code })).toEqual({
        summary: 'A title.',
        remedy:
          'This version of socket.io-diagnostics does not know the cause as it was reported: update it to read the fix.',
        see: [{ title: 'Documentation', url: stored.docs }],
      });
    }
  });

  test.each(Object.keys(texts))('%s: details of another version do not throw', (code) => {
    for (const details of [{}, { status: 'x', path: 7, how: null, pageOrigin: undefined, paths: 'no list' }]) {
      const { summary, remedy, see } = explain({ ...stored, code, details });
      expect([summary, remedy].every((text) => typeof text === 'string' && text !== '')).toBe(true);
      expect(see.length).toBeGreaterThan(0);
    }
  });
});
