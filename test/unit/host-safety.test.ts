import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DiagnosticsRecord } from '../../src/delivery/envelope.js';
import { judge } from '../../src/judge.js';
import { createWithDiagnostics } from '../../src/observe.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { freePort } from '../faults/_kit/free-port.js';
import { startHttp } from '../faults/_kit/http-server.js';
import {
  type AnySocket,
  createCleanup,
  dial,
  echo,
  next,
  nextTold,
  pageOf,
  startEcho,
  watchHost,
} from './watched-client.js';

const cleanup = createCleanup();
let host: ReturnType<typeof watchHost>;
beforeEach(() => {
  host = watchHost();
});
afterEach(async () => {
  await cleanup.run();
  // What was rejected just now is only called unhandled once the microtasks have run.
  await new Promise((resolve) => setImmediate(resolve));
  host.stop();
  expect(host.escaped).toEqual([]);
});

const server = async () => cleanup.add(await startEcho(), (listening) => listening.close());
const dialled = (...args: Parameters<typeof dial>) => cleanup.add(dial(...args), (socket) => socket.disconnect());

/** Connects, talks, loses the connection, comes back, talks: what a host must be able to do whatever is broken in the SDK. */
async function liveThrough(socket: AnySocket): Promise<void> {
  await next(socket, 'connect');
  expect(await echo(socket, 'first')).toBe('first');
  const lost = next(socket, 'disconnect');
  const back = next(socket, 'connect');
  socket.io.engine?.transport?.close();
  await lost;
  await back;
  expect(await echo(socket, 'second')).toBe('second');
}

function useEverything({ diagnostics }: ReturnType<ReturnType<typeof pageOf>>): Promise<unknown> {
  const listener = () => {};
  diagnostics.on('incident', listener);
  diagnostics.off('incident', listener);
  diagnostics.snapshot();
  diagnostics.report();
  expect([undefined, 'object']).toContain(diagnostics.current && typeof diagnostics.current);
  return diagnostics.check();
}

const METHODS = Object.entries(nodeRuntime())
  .filter(([, value]) => typeof value === 'function')
  .map(([name]) => name as keyof Runtime);

describe.each(METHODS)('runtime.%s that throws', (name) => {
  test.each(['from the start', 'once the socket is watched'])('%s', async (when) => {
    const { url } = await server();
    let isBroken = when === 'from the start';
    const runtime = nodeRuntime();
    const broken = (...args: never[]) => {
      if (isBroken) throw new Error(`${name} is broken`);
      return (runtime[name] as (...values: never[]) => unknown)(...args);
    };
    const sink = { send: async () => ({ ok: true as const }) };
    const withDiagnostics = createWithDiagnostics(() => ({ ...runtime, warn: () => {}, [name]: broken }), judge);
    const socket = withDiagnostics(dialled('4', url, { timeout: 300 }), {
      collector: sink,
      probe: { cooldownMs: 0, timeoutMs: 100, maxPerIncident: 1 },
    });
    isBroken = true;
    await liveThrough(socket);
    await useEverything(socket);
    // Without timers nothing can be sent, and nobody learns when.
    if (name !== 'delay') await socket.diagnostics.flush();
    socket.diagnostics.dispose();
    expect(await echo(socket, 'third')).toBe('third');
  });
});

test('a runtime that cannot be made leaves the socket as it was', async () => {
  const { url } = await server();
  const withDiagnostics = createWithDiagnostics(() => {
    throw new Error('no runtime');
  }, judge);
  const socket = withDiagnostics(dialled('4', url));
  expect(socket.diagnostics.report().markdown).toContain('not watched');
  await liveThrough(socket);
});

const mistakes: Record<string, () => unknown> = {
  throws: () => {
    throw new Error('mistake of the app');
  },
  'throws what cannot be printed': () => {
    throw Object.create(null);
  },
  rejects: async () => {
    throw new Error('mistake of the app');
  },
};

describe.each(Object.entries(mistakes))('a callback of the app that %s', (_name, mistake) => {
  test('on every event and in every option', async () => {
    const port = await freePort();
    const warnings: string[] = [];
    const withDiagnostics = pageOf({ warn: (message) => void warnings.push(message) });
    const socket = withDiagnostics(dialled('4', `http://127.0.0.1:${port}`), {
      probe: 'never',
      collector: [{ send: mistake as () => Promise<never> }],
      beforeSend: mistake as () => null,
      onDiagnosis: mistake as () => void,
    });
    const events = ['diagnosis', 'incident', 'transport', 'attempt', 'session'] as const;
    for (const event of events) socket.diagnostics.on(event, mistake as () => void);
    await nextTold(socket.diagnostics, 'diagnosis');
    const listening = cleanup.add(await startEcho({ port }), ({ close }) => close());
    expect(listening.port).toBe(port);
    await liveThrough(socket);
    socket.diagnostics.dispose();
    expect(await echo(socket, 'third')).toBe('third');
    await new Promise((resolve) => setImmediate(resolve));
    // Told once each, however often it happened.
    expect(warnings.map((message) => message.split(' threw')[0]).sort()).toEqual([
      'a listener of diagnostics',
      'options.beforeSend',
      'options.onDiagnosis',
    ]);
  });
});

test('one listener that throws does not keep the others from being told, and `off` finds each', async () => {
  const { url } = await server();
  const socket = pageOf({ warn: () => {} })(dialled('4', url), { probe: 'never' });
  const told: string[] = [];
  const both = (event: object) => void told.push(...Object.keys(event));
  socket.diagnostics.on('attempt', () => {
    throw new Error('mistake of the app');
  });
  socket.diagnostics.on('attempt', both);
  socket.diagnostics.on('transport', both);
  socket.diagnostics.off('attempt', both);
  socket.diagnostics.on('session', () => told.push('session'));
  socket.diagnostics.off('session', () => {});
  socket.diagnostics.on('session', undefined as never);
  socket.diagnostics.off('session', undefined as never);
  await next(socket, 'connect');
  expect(new Set(told)).toEqual(new Set(['transport', 'session']));
});

test('beforeSend can change its copy only, may drop, and a promise is not a record', async () => {
  const refused = await freePort();
  const sent: DiagnosticsRecord[] = [];
  const warnings: string[] = [];
  const withDiagnostics = pageOf({ warn: (message) => void warnings.push(message) });
  const collector = {
    send: async (records: readonly DiagnosticsRecord[]) => {
      sent.push(...records);
      return { ok: true as const };
    },
  };
  const socket = withDiagnostics(dialled('4', `http://127.0.0.1:${refused}`), {
    probe: 'never',
    collector,
    beforeSend: (record) => {
      if (record.kind === 'session') return null;
      Object.assign(record.diagnosis, { title: 'changed' });
      Object.assign(record.timeline, { signals: [] });
      return record;
    },
  });
  const { incident } = await nextTold<{ incident: { diagnosis: { title: string }; timeline: { signals: [] } } }>(
    socket.diagnostics,
    'incident',
  );
  await socket.diagnostics.flush();
  expect(sent.map(({ kind }) => kind)).toEqual(['incident']);
  expect(sent[0]).toMatchObject({ diagnosis: { title: 'changed' }, timeline: { signals: [] } });
  expect(incident.diagnosis.title).not.toBe('changed');
  expect(incident.timeline.signals.length).toBeGreaterThan(0);
  expect(socket.diagnostics.current?.diagnosis.title).not.toBe('changed');

  const promised = withDiagnostics(dialled('4', `http://127.0.0.1:${refused}`), {
    probe: 'never',
    collector,
    beforeSend: (async (record: DiagnosticsRecord) => record) as never,
  });
  await nextTold(promised.diagnostics, 'incident');
  await promised.diagnostics.flush();
  expect(sent).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('options.beforeSend threw: TypeError: it returned a promise')]);

  const told: string[] = [];
  const forgetful = pageOf({ warn: (message) => void told.push(message) })(
    dialled('4', `http://127.0.0.1:${refused}`),
    {
      probe: 'never',
      collector,
      beforeSend: ((record: DiagnosticsRecord) => void Object.assign(record, { seen: true })) as never,
    },
  );
  await nextTold(forgetful.diagnostics, 'incident');
  await forgetful.diagnostics.flush();
  expect(sent).toHaveLength(1);
  expect(told).toEqual([expect.stringContaining('it returned undefined; it must return the record or null')]);
});

test('an error of the host that throws when it is read is still told', async () => {
  const { url } = cleanup.add(await startHttp({ status: 500 }), ({ close }) => close());
  const withDiagnostics = pageOf({ warn: () => {} });
  const socket = withDiagnostics(dialled('4', url, { reconnection: false, autoConnect: false }), { probe: 'never' });
  const told = nextTold(socket.diagnostics, 'incident');
  socket.connect();
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('read');
    },
    has() {
      throw new Error('asked');
    },
  });
  // As a wrapper of the app around the transport would.
  (socket.io.engine as unknown as { emit(event: string, ...values: unknown[]): void }).emit('error', hostile);
  await told;
});

describe('a socket that only looks like one', () => {
  const emitter = { on() {}, off() {} };
  test.each([
    ['nothing behind it', { ...emitter, connected: true, io: emitter }],
    [
      'getters that throw',
      {
        ...emitter,
        io: {
          ...emitter,
          engine: {
            ...emitter,
            get transport(): never {
              throw new Error('private');
            },
          },
        },
        get connected(): never {
          throw new Error('private');
        },
      },
    ],
    [
      'an emitter that throws',
      {
        io: {
          on() {
            throw new Error('closed');
          },
        },
        on() {
          throw new Error('closed');
        },
      },
    ],
  ])('%s', (_name, value) => {
    const { diagnostics } = pageOf({ warn: () => {} })(value as unknown as AnySocket, { probe: 'never' });
    diagnostics.snapshot();
    diagnostics.report();
    diagnostics.dispose();
  });
});

test('what is told at all is told with the name of the package, on one line', () => {
  const lines = vi.spyOn(console, 'warn').mockImplementation(() => {});
  nodeRuntime().warn('a\tmessage');
  expect(lines).toHaveBeenCalledExactlyOnceWith('[socket.io-diagnostics] a\tmessage');
  lines.mockRestore();
});
