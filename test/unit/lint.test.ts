import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import type { DiagnosticsRecord } from '../../src/delivery/envelope.js';
import { wrapIo } from '../../src/index.node.js';
import { parsePacket } from '../../src/lint/parse-packet.js';
import type { DiagnosticsOptions } from '../../src/options.js';
import { type ClientVersion, nodeClient } from '../faults/_kit/client-version.js';
import {
  ALONE,
  type AnySocket,
  CLIENTS,
  createCleanup,
  dial,
  echo,
  listenerCounts,
  next,
  nextTold,
  pageOf,
  startEcho,
  watch,
} from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

const server = async () => cleanup.add(await startEcho(), (listening) => listening.close());
const dialled = (version: ClientVersion, url: string, options?: object) =>
  cleanup.add(dial(version, url, options), (socket) => socket.disconnect());
const LINT: DiagnosticsOptions = { probe: 'never', lint: true };

interface Told {
  readonly diagnosis: { readonly code: string; readonly local?: { where?: string; events?: readonly string[] } };
}

const toldOf = (socket: AnySocket & { diagnostics: { on(event: never, listener: never): void } }, code: string) =>
  nextTold<Told>(socket.diagnostics, 'diagnosis', ({ diagnosis }) => diagnosis.code === code);

describe.each(CLIENTS)('client %s', (version) => {
  test('without `lint` nobody listens to messages; with it `dispose()` takes every listener out again', async () => {
    const { url } = await server();
    const plain = dialled(version, url);
    await next(plain, 'connect');
    await echo(plain, 1);
    const untouched = [listenerCounts(plain), listenerCounts(plain.io), listenerCounts(plain.io.engine)];

    const quiet = watch(plain, { probe: 'never' });
    expect(listenerCounts(plain.io.engine).packetCreate).toBeUndefined();
    quiet.diagnostics.dispose();

    const linted = watch(plain, LINT);
    expect(listenerCounts(plain.io.engine).packetCreate).toBeGreaterThan(0);
    linted.diagnostics.dispose();
    expect([listenerCounts(plain), listenerCounts(plain.io), listenerCounts(plain.io.engine)]).toEqual(untouched);
  });

  test('tells what piles up where the page sees it, and keeps names and lines out of records and reports', async () => {
    const { url } = await server();
    const records: DiagnosticsRecord[] = [];
    const warnings: string[] = [];
    const socket = pageOf({ warn: (message) => void warnings.push(message) })(dialled(version, url), {
      ...LINT,
      console: true,
      collector: {
        send: async (sent) => {
          records.push(...sent);
          return { ok: true };
        },
      },
    });
    const secretName = 'c0ffee5ecret-event';
    const told = Promise.all([
      nextTold<Told>(socket.diagnostics, 'diagnosis', ({ diagnosis }) => diagnosis.code === 'listeners-duplicated'),
      nextTold<Told>(socket.diagnostics, 'diagnosis', ({ diagnosis }) => diagnosis.code === 'socket-id-as-identity'),
    ]);
    socket.on('connect', () => {
      socket.on(secretName, function c0ffee5ecretListener() {});
    });
    await next(socket, 'connect');
    socket.emit(secretName, { me: [socket.id] });
    socket.io.engine?.close();
    await next(socket, 'connect');
    const [piled, identity] = await told;
    // Where the page itself is told, it is all there.
    expect(piled.diagnosis.local).toMatchObject({ events: [secretName], functions: ['c0ffee5ecretListener'] });
    expect(identity.diagnosis.local?.where).toContain('lint.test.ts');
    expect(warnings.join()).toContain(secretName);

    const { diagnostics } = socket;
    const shown = [diagnostics.report(), diagnostics.snapshot(), diagnostics.current];
    await diagnostics.flush();
    diagnostics.dispose();
    await diagnostics.flush();
    expect(records.map((record) => record.kind)).toContain('incident');
    const left = JSON.stringify([records, shown]);
    expect(left).toContain('listeners-duplicated');
    for (const word of ['c0ffee5ecret', 'lint.test.ts', socket.id ?? 'id', '"local"']) expect(left).not.toContain(word);
  });
});

test('findings are no failures: they are neither the current incident nor counted in the session', async () => {
  const { url } = await server();
  const socket = watch(dialled('4', url, { pingTimeout: 5 }), LINT);
  const told = await toldOf(socket, 'option-unknown');
  expect(told.diagnosis.code).toBe('option-unknown');
  expect(socket.diagnostics.current).toBeUndefined();
  expect(socket.diagnostics.snapshot().session.incidents).toBe(0);
});

test('a socket that is opened after all closes its finding', async () => {
  const { url } = await server();
  const socket = pageOf({ delay: quickDelay })(dialled('4', url, { autoConnect: false }), LINT);
  socket.emit('echo', 1, () => {});
  await toldOf(socket, 'socket-never-opened');
  const resolved = nextTold<{ incident: { phase: string } }>(
    socket.diagnostics,
    'incident',
    ({ change }: { change?: string } & object) => change === 'resolved',
  );
  socket.connect();
  expect((await resolved).incident.phase).toBe('usage');
});

/** Lets long waits end at once. */
function quickDelay(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms > 1_000 ? 50 : ms);
  return () => clearTimeout(timer);
}

test('without messages a socket may wait for long', async () => {
  const socket = pageOf({ delay: quickDelay })(dialled('4', 'http://127.0.0.1:9', { autoConnect: false }), LINT);
  const told: string[] = [];
  socket.diagnostics.on('diagnosis', ({ diagnosis }) => told.push(diagnosis.code));
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(told).toEqual([]);
});

test('`wrapIo` names the line that called it, and two lines are two places', async () => {
  const { url } = await server();
  const io = wrapIo(nodeClient('4') as never, LINT) as unknown as (url: string, options: object) => AnySocket;
  const { forceNew: _none, ...options } = ALONE;
  const first = cleanup.add(io(url, options), (socket) => socket.disconnect());
  const second = cleanup.add(io(url, options), (socket) => socket.disconnect());
  const told = await nextTold<Told & { diagnosis: { certainty: string } }>(
    (first as unknown as { diagnostics: never }).diagnostics,
    'diagnosis',
  );
  expect(second.io).not.toBe(first.io);
  expect(told.diagnosis.certainty).toBe('suspected');
  expect(told.diagnosis.local?.where).toContain('lint.test.ts');
});

test('a host that writes its own stacks does no harm', async () => {
  const { url } = await server();
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = () => {
    throw new TypeError('of the host');
  };
  try {
    const socket = watch(dialled('4', url, { pingTimeout: 5 }), LINT);
    expect((await toldOf(socket, 'option-unknown')).diagnosis.local?.where).toBeUndefined();
  } finally {
    Error.prepareStackTrace = before;
  }
});

test('a production build has none of the checks', async () => {
  const bundle = async (mode: string) => {
    const { outputFiles } = await build({
      stdin: { contents: "export { withDiagnostics } from './src/index.js';", resolveDir: process.cwd() },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    });
    return outputFiles[0]?.text ?? '';
  };
  expect(await bundle('development')).toContain('acks-compared');
  const production = await bundle('production');
  for (const word of ['acks-compared', 'socket-never-opened', 'listeners-counted'])
    expect(production).not.toContain(word);
});

test.each<[unknown, object | undefined]>([
  ['2["hello",{"a":1}]', { type: 'event', namespace: '/', ackId: undefined, event: 'hello' }],
  ['212["hello"]', { type: 'event', namespace: '/', ackId: '12', event: 'hello' }],
  ['2/chat,7["a \\"b\\""]', { type: 'event', namespace: '/chat', ackId: '7', event: 'a \\"b\\"' }],
  ['2/chat?token=1,["a"]', { type: 'event', namespace: '/chat', ackId: undefined, event: 'a' }],
  [
    '51-/chat,3["file",{"_placeholder":true,"num":0}]',
    { type: 'event', namespace: '/chat', ackId: '3', event: 'file' },
  ],
  ['312[]', { type: 'ack', namespace: '/', ackId: '12' }],
  ['3/chat,0["ok"]', { type: 'ack', namespace: '/chat', ackId: '0' }],
  ['0{"sid":"a"}', undefined],
  ['1', undefined],
  [new Uint8Array([1]), undefined],
  [undefined, undefined],
])('reads the head of %j', (data, expected) => {
  expect(parsePacket(data)).toEqual(expected);
});
