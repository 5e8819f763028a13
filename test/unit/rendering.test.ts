import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

/** The SDK as one script, as a page or a worker would load it. */
let script: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sdk',
  });
  script = outputFiles[0]?.text ?? '';
});

const CALL = `
  const emitter = () => ({
    listeners: {},
    on(event, listener) { (this.listeners[event] ??= []).push(listener); },
    off(event, listener) { this.listeners[event] = this.listeners[event].filter((one) => one !== listener); },
    emit(event, ...values) { for (const listener of this.listeners[event] ?? []) listener(...values); },
  });
  const engine = Object.assign(emitter(), { readyState: 'opening', transport: { name: 'polling' }, hostname: 'api.example', port: '443', secure: true });
  const io = Object.assign(emitter(), { opts: {}, engine });
  const socket = Object.assign(emitter(), { connected: false, active: true, io, nsp: '/', onAny() {} });
  const wrapped = sdk.withDiagnostics(socket, { collector: '/v1/records', probe: 'never' });
  const handle = wrapped.diagnostics;
  const incident = new Promise((resolve) => handle.on('incident', resolve));
  socket.emit('connect_error', Object.assign(new Error('xhr poll error'), { type: 'TransportError', description: 0 }));
  engine.readyState = 'closed';
  engine.emit('close', 'transport error');
  handle.report().markdown;
  handle.snapshot();
`;

/** Worlds by what they lack. */
const bare = { setTimeout, clearTimeout };
const worlds: Record<string, Record<string, unknown>> = {
  'no window, document, WebSocket or fetch': bare,
  'not even timers': {},
  'a worker': {
    ...bare,
    WorkerGlobalScope: class {},
    navigator: { onLine: true, userAgent: 'Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0.0.0' },
    location: { protocol: 'https:', host: 'app.example', hostname: 'app.example' },
    performance: { now: () => 1 },
    URL,
    crypto,
  },
  'React Native': { ...bare, navigator: { product: 'ReactNative' }, window: {} },
  'a page whose storage and navigator throw': {
    ...bare,
    document: { addEventListener() {}, removeEventListener() {}, visibilityState: 'visible' },
    get localStorage(): never {
      throw new Error('denied');
    },
    navigator: {
      get locks(): never {
        throw new Error('denied');
      },
    },
  },
};

describe.each(Object.entries(worlds))('%s', (_name, world) => {
  test('importing does nothing, calling throws nothing', async () => {
    const context = createContext(Object.create(null, Object.getOwnPropertyDescriptors(world)));
    const before = runInContext('Object.getOwnPropertyNames(globalThis)', context) as string[];
    runInContext(script, context);
    const after = runInContext('Object.getOwnPropertyNames(globalThis)', context) as string[];
    expect(new Set(after)).toEqual(new Set([...before, 'sdk']));
    runInContext(CALL, context);
    if (world.setTimeout) {
      expect(await runInContext('incident', context)).toMatchObject({
        change: 'opened',
        incident: { phase: 'connect' },
      });
    }
    const state = runInContext('handle.snapshot().state', context) as string;
    expect(state).toBe('connecting');
    runInContext('handle.dispose()', context);
    expect(runInContext("'diagnostics' in socket", context)).toBe(false);
    expect(
      runInContext('[socket, io, engine].flatMap((one) => Object.values(one.listeners).flat()).length', context),
    ).toBe(0);
  });
});

test('rendering on a server: the browser entry in Node', async () => {
  const { withDiagnostics, wrapIo, explain } = await import('../../src/index.js');
  const emitter = () => ({ on() {}, off() {} });
  const socket = withDiagnostics({ ...emitter(), connected: false, io: emitter() });
  expect(socket.diagnostics.snapshot()).toMatchObject({ state: 'disconnected', attempt: 0 });
  expect(socket.diagnostics.report().json.timeline.runtime).toMatchObject({ kind: 'node' });
  socket.diagnostics.dispose();
  expect(wrapIo(() => ({ ...emitter(), connected: false, io: emitter() }))()).toHaveProperty('diagnostics');
  expect(explain({ code: 'x', title: 'X', details: {}, docs: 'https://socket.io/' }).summary).toBe('X.');
});
