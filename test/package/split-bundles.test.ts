import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { rollup } from 'rollup';
import { Server } from 'socket.io';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../browser/launch-chromium.js';

const project = inject('project');
const isJudge = (file: string) => /judge/.test(file);

/** Tests of other files write into the same project at the same time. */
const ENTRY = 'split-entry.mjs';

/** Each bundles the entry for browsers and splits off what is loaded later. */
const bundlers: Record<string, (folder: string) => Promise<unknown>> = {
  esbuild: (folder) =>
    build({
      absWorkingDir: project,
      entryPoints: [ENTRY],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      outdir: folder,
      logLevel: 'silent',
    }),
  rollup: async (folder) => {
    const plugins = [nodeResolve({ browser: true, exportConditions: ['production'] })];
    const bundle = await rollup({ input: join(project, ENTRY), plugins, onLog() {} });
    await bundle.write({ dir: folder, format: 'es' });
  },
};

let server: HttpServer;
let sockets: Server;
let browser: Browser;
let origin: string;
let folder = '';
let asked: string[] = [];
let isJudgeLost = false;

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = (request.url ?? '').slice(1);
    asked.push(file);
    if (file === '') {
      response.setHeader('content-security-policy', "default-src 'self'; require-trusted-types-for 'script'");
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>page</title><script type="module" src="/split-entry.js"></script>');
    } else if (readdirSync(folder).includes(file) && !(isJudge(file) && isJudgeLost)) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(folder, file)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  sockets = new Server(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
  writeFileSync(
    join(project, ENTRY),
    `import { io } from 'socket.io-client';
     import { withDiagnostics } from 'socket.io-diagnostics';
     const ask = (path, event) => new Promise((found) => {
       const socket = withDiagnostics(io({ path, forceNew: true, reconnectionDelay: 100 }));
       socket.diagnostics.on(event, ({ incident }) => {
         socket.disconnect();
         found(incident.diagnosis.code);
       });
     });
     const connect = async () => {
       const socket = withDiagnostics(io({ transports: ['websocket'] }));
       await new Promise((connected) => socket.on('connect', connected));
       socket.disconnect();
     };
     Object.assign(globalThis, { ask, connect });`,
  );
});

afterAll(async () => {
  await browser?.close();
  await sockets?.close();
});

describe.each(Object.entries(bundlers))('a page bundled by %s', (name, bundle) => {
  beforeAll(async () => {
    folder = join(project, `split-by-${name}`);
    await bundle(folder);
  });

  it.each([
    ['asks for the judge when the first socket fails', false, 'diagnosis', 'path-mismatch'],
    ['tells of the failure where the judge cannot be had', true, 'incident', 'unclassified'],
  ])('%s', async (_case, isLost, event, code) => {
    isJudgeLost = isLost;
    asked = [];
    const page = await (await browser.newContext()).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(origin);
    await page.evaluate('connect()');
    expect(asked.filter(isJudge)).toEqual([]);
    expect(await page.evaluate(`ask('/elsewhere', '${event}')`)).toBe(code);
    expect(new Set(asked.filter(isJudge)).size).toBe(1);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
