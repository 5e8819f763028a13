import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { browserRuntime } from '../../src/runtime/browser.js';
import type { ProbingRuntime } from '../../src/runtime/runtime.js';

/** Runs the browser's runtime where the globals are those given and no others. */
async function runtimeAmong(globals: Record<string, unknown>): Promise<ProbingRuntime> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { browserRuntime } from './src/runtime/browser.ts';
        export { probingBrowser } from './src/runtime/probing-browser.ts';`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sdk',
  });
  return runInNewContext(
    `${outputFiles[0]?.text}; sdk.probingBrowser(sdk.browserRuntime())`,
    globals,
  ) as ProbingRuntime;
}

test('rendering on a server: it is Node, and nothing is found or kept alive', async () => {
  const runtime = browserRuntime();
  const engineVersion = process.versions.node.split('.')[0];
  expect(runtime).toMatchObject({ kind: 'node', engine: 'node', engineVersion, page: undefined, storage: undefined });
  expect(runtime.isOnline()).toBeUndefined();
  expect(runtime.isHidden()).toBe(false);
  expect(runtime.savesData()).toBe(false);
  expect(runtime.networkType()).toBeUndefined();
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
  const startedAtMs = Date.now();
  const ids = Array.from({ length: 100 }, () => runtime.uuid());
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeAtMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(madeAtMs).toBeGreaterThanOrEqual(startedAtMs);
    expect(madeAtMs).toBeLessThanOrEqual(Date.now());
  }
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
  expect(runtime.engineVersion).toBeUndefined();
  expect(runtime.networkType()).toBeUndefined();
  runtime.observePage(() => {})();
  expect(await runtime.request({ url: 'http://localhost/', mode: 'opaque', timeoutMs: 1000 })).toMatchObject({
    result: 'answered',
    status: 200,
    body: '0{"sid":"x"}',
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', '131'],
  // A WebView of Android, Edge, and Chromium as Debian names it.
  ['Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0.1.2 Mobile Safari/537.36', '130'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Edg/129.0.0.0', '129'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/128.0.0.0 Safari/537.36', '128'],
  // Safari, and Chrome on iOS, which is the system's WebKit and does not tell which.
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15', '17'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1.15 CriOS/131.0.6778.73 Mobile Safari/604.1', undefined],
  ['Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26.0.0', undefined],
  ['', undefined],
])('the major version of the engine is read from %j', async (userAgent, engineVersion) => {
  expect(await runtimeAmong({ navigator: { userAgent } })).toMatchObject({ engineVersion });
});

test('Firefox is told by what only its engine has, and its version by its name', async () => {
  const navigator = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
  const runtime = await runtimeAmong({ navigator, InternalError: Error });
  expect(runtime).toMatchObject({ engine: 'firefox', engineVersion: '128' });
});

test.each<[object | undefined, string | undefined]>([
  [{ type: 'wifi', effectiveType: '4g' }, 'wifi'],
  [{ type: 'unknown', effectiveType: '3g' }, '3g'],
  [{ effectiveType: '4g' }, '4g'],
  [{ type: 'none' }, 'none'],
  [{ type: 2 }, undefined],
  [{}, undefined],
  [undefined, undefined],
])('the network %o is told as %s', async (connection, networkType) => {
  const runtime = await runtimeAmong({ navigator: { connection } });
  expect(runtime.networkType()).toBe(networkType);
});

test('a network that must not be asked for is not told', async () => {
  const navigator = {
    get connection() {
      throw new Error('not allowed here');
    },
  };
  expect((await runtimeAmong({ navigator })).networkType()).toBeUndefined();
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
