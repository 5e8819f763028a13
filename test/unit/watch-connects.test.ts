import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { ClientEngine, ClientSocket } from '../../src/signals/client-shapes.js';
import { namespaceOf } from '../../src/signals/namespace-of.js';
import type { SignalBody } from '../../src/signals/signal.js';
import { CONNECT_OVERDUE_MS, CONNECT_SILENT_MS, watchConnects } from '../../src/signals/watch-connects.js';
import { fakeRuntime } from './fake-runtime.js';

function setUp(socket: Partial<ClientSocket> = {}, opts: Record<string, unknown> = {}) {
  const runtime = fakeRuntime();
  const engine = Object.assign(new EventEmitter(), { readyState: 'opening', transport: { name: 'websocket' } });
  const waiting = { connected: false, active: true, nsp: '/', onAny() {}, io: { opts }, ...socket } as ClientSocket;
  const watched = [waiting];
  const signals: SignalBody[] = [];
  const watch = watchConnects(engine as unknown as ClientEngine, (signal) => signals.push(signal), {
    sockets: (namespace) => watched.filter((one) => namespace === undefined || namespaceOf(one) === namespace),
    hasParser: 'parser' in opts,
    monotonicMs: runtime.monotonicMs,
    delay: runtime.delay,
    onInternalError: (error) => {
      throw error;
    },
  });
  const open = () => {
    engine.readyState = 'open';
    engine.emit('open');
  };
  const write = (data: unknown) => engine.emit('packetCreate', { type: 'message', data });
  return { runtime, engine, waiting, watched, signals, watch, open, write };
}

const perMessage = (engine: EventEmitter) => engine.listenerCount('packetCreate') + engine.listenerCount('drain');

test('nothing listens to messages and no timer runs once the socket is connected', async () => {
  const { runtime, engine, waiting, signals, watch, open, write } = setUp();
  open();
  write('0{"token":"secret"}');
  expect([perMessage(engine), runtime.timers]).toEqual([2, 1]);
  Object.assign(waiting, { connected: true });
  watch.check();
  expect([perMessage(engine), runtime.timers]).toEqual([0, 0]);
  await runtime.advance(CONNECT_OVERDUE_MS * 2);
  expect(signals).toEqual([]);
});

test('a refusal is an answer, and so is a socket that was told to disconnect', async () => {
  for (const settle of [
    ({ watch }: ReturnType<typeof setUp>) => watch.refused('/'),
    ({ watch, waiting }: ReturnType<typeof setUp>) => {
      Object.assign(waiting, { active: false });
      watch.check();
    },
    ({ engine }: ReturnType<typeof setUp>) => engine.emit('close', 'transport close'),
    ({ watch }: ReturnType<typeof setUp>) => watch.stop(),
  ]) {
    const up = setUp();
    up.open();
    settle(up);
    up.watch.check();
    await up.runtime.advance(CONNECT_OVERDUE_MS * 2);
    expect([up.signals, up.runtime.timers, perMessage(up.engine)]).toEqual([[], 0, 0]);
  }
});

test.each([
  ['default', {}, {}, ['0{"token":"secret"}']],
  ['default', { nsp: '/chat' }, {}, ['0{}', '0/chat,{}']],
  ['foreign', {}, { parser: {} }, [new Uint8Array([1])]],
  ['no', { auth: () => {} }, {}, []],
  // Another namespace of the same Manager wrote its own.
  ['no', { auth: () => {}, nsp: '/chat' }, {}, ['0{}']],
  // What a parser of the app's own writes may look like anything.
  ['unknown', { auth: () => {}, nsp: '/chat' }, { parser: {} }, ['0~/chat~{}']],
  // Clients up to 2.x leave the default namespace to the server.
  ['default', { onAny: undefined }, {}, []],
] as const)(
  'tells that the CONNECT packet left as %s, with nothing of its content',
  async (sent, socket, opts, packets) => {
    const { runtime, signals, open, write } = setUp(socket as Partial<ClientSocket>, opts);
    open();
    for (const packet of packets) write(packet);
    await runtime.advance(CONNECT_OVERDUE_MS);
    expect(signals).toEqual([
      {
        kind: 'connect-overdue',
        namespace: 'nsp' in socket ? socket.nsp : '/',
        transport: 'websocket',
        afterMs: CONNECT_OVERDUE_MS,
        sent,
      },
    ]);
  },
);

test('a packet that left before its socket was watched is not missing where another one waited', async () => {
  const { runtime, signals, waiting, watched, watch, open, write } = setUp();
  open();
  write('0{}');
  write('0/chat,{}');
  watched.push({ ...waiting, nsp: '/chat', auth: () => {} });
  watch.check('/chat');
  await runtime.advance(CONNECT_OVERDUE_MS);
  expect(signals).toMatchObject([
    { namespace: '/', sent: 'default' },
    { namespace: '/chat', sent: 'default' },
  ]);
});

test('a socket that is left alone is not waited for', async () => {
  const { runtime, signals, watched, watch, open } = setUp();
  open();
  watched.pop();
  watch.check('/');
  expect(runtime.timers).toBe(0);
  await runtime.advance(CONNECT_OVERDUE_MS);
  expect(signals).toEqual([]);
});

test('a packet that nobody watched is unknown, not missing', async () => {
  const { runtime, signals, waiting, watch, open } = setUp({ auth: () => {}, connected: true });
  open();
  Object.assign(waiting, { connected: false });
  watch.check();
  await runtime.advance(CONNECT_OVERDUE_MS);
  expect(signals).toMatchObject([{ sent: 'unknown' }]);
});

test('a socket that is still waiting long after is told of once more, one that is connected by then is not', async () => {
  const silent = setUp();
  silent.open();
  await silent.runtime.advance(CONNECT_SILENT_MS * 3);
  expect(silent.signals).toMatchObject([{ afterMs: CONNECT_OVERDUE_MS }, { afterMs: CONNECT_SILENT_MS }]);
  const slow = setUp();
  slow.open();
  await slow.runtime.advance(CONNECT_OVERDUE_MS);
  Object.assign(slow.waiting, { connected: true });
  slow.watch.check();
  await slow.runtime.advance(CONNECT_SILENT_MS);
  expect([slow.signals.length, slow.runtime.timers]).toEqual([1, 0]);
});
