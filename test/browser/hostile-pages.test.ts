import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { Server } from 'socket.io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './launch-chromium.js';

/** What a page had done to its own globals before the SDK came. */
interface Host {
  readonly script: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Globals that the SDK alone does not see. */
  readonly hides?: readonly string[];
}

/** Removes what a browser of that age does not have. */
const without = (...paths: readonly string[]) =>
  paths.map((path) => `delete ${path.startsWith('window.') ? path : `window.${path}`};`).join('\n');

const hosts: Readonly<Record<string, Host>> = {
  'freezes the prototypes of the language, as SES does': {
    script: `for (const part of [Object, Array, Function, Promise, Map, Set, WeakMap, String, Number, Date, RegExp, Error])
      Object.freeze(part.prototype), Object.freeze(part);
      Object.freeze(JSON); Object.freeze(Math); Object.freeze(Reflect);`,
  },
  'extends the prototypes by enumerable members': {
    script: `Object.prototype.extend = function () { throw new Error('called'); };
      Array.prototype.contains = function () { throw new Error('called'); };
      Function.prototype.delay = function () { throw new Error('called'); };`,
  },
  'replaces timers, Promise and Date by wrappers, as zone.js does': {
    script: `for (const name of ['setTimeout', 'setInterval', 'queueMicrotask']) {
        const native = window[name];
        window['__zone_symbol__' + name] = native;
        window[name] = function (callback, ...rest) { return native.call(this, function () { callback.apply(this, arguments); }, ...rest); };
      }
      window.__zone_symbol__Promise = Promise;
      window.Promise = class ZoneAwarePromise extends Promise {};
      window.Date = class extends Date {};`,
  },
  'has stopped the clock, as tools that record and replay do': {
    script: 'const stopped = Date.now(); Date.now = () => stopped;',
  },
  'wraps JSON': {
    script: `const { stringify, parse } = JSON;
      JSON.stringify = function (value, ...rest) { return stringify.call(this, value, ...rest); };
      JSON.parse = function (text, ...rest) { return parse.call(this, text, ...rest); };`,
  },
  'throws when its console is used': {
    script: "for (const name of Object.keys(console)) console[name] = () => { throw new Error('no console'); };",
  },
  'allows neither eval nor inline scripts and demands Trusted Types': {
    script: '',
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    },
  },
  'throws when its storage is touched': {
    script: `for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
      Object.defineProperty(navigator, 'locks', { get() { throw new DOMException('denied', 'SecurityError'); } });`,
  },
  'has storage that is full and a database that does not open': {
    script: `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
      IDBFactory.prototype.open = () => { throw new DOMException('full', 'UnknownError'); };`,
  },
  'is as old as 2020': {
    script: without(
      'structuredClone',
      'Array.prototype.at',
      'Array.prototype.findLast',
      'Array.prototype.toSorted',
      'Array.prototype.toSpliced',
      'Array.prototype.toReversed',
      'Array.prototype.with',
      'String.prototype.at',
      'String.prototype.replaceAll',
      'Object.hasOwn',
      'Object.groupBy',
      'Map.groupBy',
      'Promise.any',
      'Promise.withResolvers',
      'AbortSignal.timeout',
      'AbortSignal.any',
      'Crypto.prototype.randomUUID',
      'CompressionStream',
      'BroadcastChannel',
      'scheduler',
      'WeakRef',
      'FinalizationRegistry',
      'WebTransport',
      'Navigator.prototype.locks',
      'Navigator.prototype.connection',
      'Navigator.prototype.permissions',
      'Navigator.prototype.userAgentData',
    ),
  },
  'is as old as ES2018': {
    script: without(
      'Array.prototype.at',
      'Array.prototype.flat',
      'Array.prototype.flatMap',
      'Object.fromEntries',
      'Object.hasOwn',
      'String.prototype.at',
      'String.prototype.matchAll',
      'String.prototype.replaceAll',
      'String.prototype.trimEnd',
      'String.prototype.trimStart',
      'Promise.allSettled',
      'Promise.any',
      'AbortController',
      'AbortSignal',
      'queueMicrotask',
      'structuredClone',
      'Crypto.prototype.randomUUID',
      'ReadableStream',
      'BroadcastChannel',
      'Navigator.prototype.locks',
      'Navigator.prototype.connection',
      'Navigator.prototype.permissions',
    ),
    // The driver of the browser needs it itself.
    hides: ['globalThis'],
  },
};

let server: HttpServer;
let sockets: Server;
let browser: Browser;
let origin: string;
let sdk: string;
let host: Host;
let bodies: string[];

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sdk',
    // What is shipped.
    target: 'es2018',
  });
  sdk = outputFiles[0]?.text ?? '';
  const client = readFileSync(resolve('node_modules/socket.io-client/dist/socket.io.min.js'), 'utf8');
  server = createServer(async (request, response) => {
    const scripts: Record<string, string> = {
      '/host.js': host.script,
      '/client.js': client,
      '/sdk.js': hide(host.hides ?? []),
    };
    const path = request.url ?? '';
    if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html', ...host.headers });
      const tags = Object.keys(scripts).map((name) => `<script src="${name}"></script>`);
      response.end(`<!doctype html><link rel="icon" href="/icon">${tags.join('')}`);
    } else if (path in scripts) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(scripts[path]);
    } else if (path === '/v1/records') {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.end('{}');
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  sockets = new Server(server);
  sockets.on('connection', (socket) => socket.on('echo', (value, answer) => answer(value)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await sockets?.close();
});

function hide(names: readonly string[]): string {
  return `var sdk = (function (${names.join(', ')}) { ${sdk}; return sdk; })();`;
}

/** Runs in the page: what a socket of the page can do, and what the SDK tells of another one. */
const LIVE = `(async () => {
  const collector = '/v1/records';
  const socket = sdk.withDiagnostics(io({ forceNew: true }), { collector });
  await new Promise((connected) => socket.on('connect', connected));
  const echoed = await new Promise((answered) => socket.emit('echo', { text: 'é' }, answered));
  const isQuiet = socket.diagnostics.current === undefined;
  const { state } = socket.diagnostics.snapshot();
  const broken = io({ path: '/elsewhere', forceNew: true, reconnectionDelay: 100 });
  const told = new Promise((found) => {
    const onDiagnosis = ({ diagnosis, incident }) => incident.settled && found(diagnosis.code);
    sdk.withDiagnostics(broken, { collector, onDiagnosis });
  });
  const silence = new Promise((over) => broken.on('connect_error', () => setTimeout(() => over('nothing'), 10000)));
  const code = await Promise.race([told, silence]);
  const isStored = await broken.diagnostics.flush();
  const report = typeof broken.diagnostics.report().markdown;
  const checked = Array.isArray((await broken.diagnostics.check()).probes);
  broken.diagnostics.dispose();
  broken.disconnect();
  socket.diagnostics.dispose();
  const again = await new Promise((answered) => socket.emit('echo', 'again', answered));
  socket.disconnect();
  return { echoed, isQuiet, state, code, isStored, report, checked, again };
})()`;

describe('a page that', () => {
  test.each(Object.entries(hosts))('%s', async (_name, given) => {
    host = given;
    bodies = [];
    const page = await (await browser.newContext()).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(origin);
    const seen = await page.evaluate(LIVE);
    expect(seen).toEqual({
      echoed: { text: 'é' },
      isQuiet: true,
      state: 'connected',
      code: 'path-mismatch',
      isStored: true,
      report: 'string',
      checked: true,
      again: 'again',
    });
    const records = bodies.flatMap(
      (body) => JSON.parse(body).records as { kind: string; diagnosis?: { code: string } }[],
    );
    expect(records.map(({ kind, diagnosis }) => diagnosis?.code ?? kind)).toEqual(
      expect.arrayContaining(['session', 'path-mismatch']),
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
