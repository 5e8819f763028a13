import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { browserRuntime } from '../../src/runtime/browser.js';
import type { Runtime } from '../../src/runtime/runtime.js';

/** Runs the browser's runtime where the globals are those given and no others. */
async function runtimeAmong(globals: Record<string, unknown>): Promise<Runtime> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from './src/runtime/browser.ts'`, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sdk',
  });
  return runInNewContext(`${outputFiles[0]?.text}; sdk.browserRuntime()`, globals) as Runtime;
}

test('rendering on a server: it is Node, and nothing is found or kept alive', async () => {
  const runtime = browserRuntime();
  expect(runtime).toMatchObject({ kind: 'node', engine: 'node', page: undefined, storage: undefined });
  expect(runtime.isOnline()).toBeUndefined();
  expect(runtime.isHidden()).toBe(false);
  expect(runtime.savesData()).toBe(false);
  expect(runtime.beacon('/v1/records', '')).toBe(false);
  runtime.observePage(() => {})();
  runtime.delay(() => {}, 1)();
  expect(runtime.uuid()).toMatch(/^[0-9a-f-]{36}$/);
  const post = { url: '/v1/records', body: '', contentType: 'text/plain', keepalive: true, timeoutMs: 1000 };
  expect(await runtime.post(post)).toEqual({ status: 0, body: '' });
});

test('without a single global every question has an answer', async () => {
  const runtime = await runtimeAmong({ setTimeout, clearTimeout });
  expect(runtime).toMatchObject({ kind: 'browser', engine: 'unknown', page: undefined, storage: undefined });
  expect(await runtime.request({ url: 'http://localhost/', mode: 'cors', timeoutMs: 1000 })).toMatchObject({
    result: 'failed',
  });
  expect(await runtime.openWebSocket({ url: 'ws://localhost/', timeoutMs: 1000, firstMessageMs: 1000 })).toMatchObject({
    result: 'threw',
  });
  let ran = 0;
  await runtime.exclusive('name', async () => void ran++);
  expect(ran).toBe(1);
  const ids = Array.from({ length: 100 }, () => runtime.uuid());
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await runtimeAmong({})).toBeDefined();
});

test('React Native is told by its navigator, and has no streams, no storage and no events', async () => {
  const answer = { type: 'default', status: 200, headers: new Headers(), text: async () => '0{"sid":"x"}' };
  const runtime = await runtimeAmong({
    setTimeout,
    clearTimeout,
    AbortController,
    navigator: { product: 'ReactNative' },
    window: {},
    fetch: async () => answer,
  });
  expect(runtime).toMatchObject({ kind: 'react-native', engine: 'unknown', page: undefined, storage: undefined });
  runtime.observePage(() => {})();
  expect(await runtime.request({ url: 'http://localhost/', mode: 'opaque', timeoutMs: 1000 })).toMatchObject({
    result: 'answered',
    status: 200,
    body: '0{"sid":"x"}',
  });
});

test('a timer that zone.js patched is bypassed, and so is a fetch that Sentry wrapped', async () => {
  const patched: string[] = [];
  const wrapper = Object.assign(
    async () => {
      patched.push('fetch');
    },
    { __sentry_original__: async () => new Response('native') },
  );
  const runtime = await runtimeAmong({
    AbortController,
    TextDecoder,
    fetch: wrapper,
    setTimeout: () => patched.push('setTimeout'),
    __zone_symbol__setTimeout: setTimeout,
    __zone_symbol__clearTimeout: clearTimeout,
  });
  await new Promise<void>((resolve) => runtime.delay(resolve, 1));
  expect(await runtime.request({ url: 'http://localhost/', mode: 'cors', timeoutMs: 1000 })).toMatchObject({
    body: 'native',
  });
  expect(patched).toEqual([]);
});

test('a lock that cannot be had does not keep the task from running, once', async () => {
  const denied = { locks: { request: async () => Promise.reject(new Error('denied')) } };
  const runtime = await runtimeAmong({ navigator: denied });
  let ran = 0;
  await runtime.exclusive('name', async () => void ran++);
  expect(ran).toBe(1);
  const granted = { locks: { request: (_name: string, task: () => Promise<void>) => task() } };
  const failing = (await runtimeAmong({ navigator: granted })).exclusive('name', async () => {
    ran++;
    throw new Error('the task failed');
  });
  await expect(failing).rejects.toThrow('the task failed');
  expect(ran).toBe(2);
});
