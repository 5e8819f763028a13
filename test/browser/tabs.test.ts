import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startCollector } from '../../collector/src/index.js';
import { sampleIncident } from '../../collector/test/sample-envelope.js';
import type { createDelivery, Delivery } from '../../src/delivery/delivery.js';
import type { DiagnosticsRecord, Envelope } from '../../src/delivery/envelope.js';
import type { HttpSinkOptions, httpSink } from '../../src/delivery/http-sink.js';
import type { browserRuntime } from '../../src/runtime/browser.js';
import { originOf } from '../unit/delivery-kit.js';
import { launchChromium } from './launch-chromium.js';

/** What the bundle puts on the page. */
declare const sdk: {
  browserRuntime: typeof browserRuntime;
  createDelivery: typeof createDelivery;
  httpSink: typeof httpSink;
};
/** What a test puts there. */
interface Tab {
  delivery: Delivery;
  /** Milliseconds by which the clock of the tab is ahead. */
  aheadMs: number;
}

let browser: Browser;
let bundle: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { browserRuntime } from './src/runtime/browser.ts';
        export { createDelivery } from './src/delivery/delivery.ts';
        export { httpSink } from './src/delivery/http-sink.ts';`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sdk',
    target: 'es2020',
  });
  bundle = outputFiles[0]?.text ?? '';
  browser = await launchChromium();
});

afterAll(() => browser.close());

test('two tabs, one killed while its batch is under way: everything is at the collector once', async () => {
  const { context, site, collector, gate } = await world();
  const [doomed, other] = [await tab(context, site), await tab(context, site)];
  const records = incidents(45);

  // The first batch arrives, and its answer never does.
  gate.holdAnswers = true;
  await start(doomed, gate.url, 'doomed', records.slice(0, 30));
  await gate.arrived(1);
  await kill(doomed);
  gate.holdAnswers = false;
  const arrived = await stored(collector);
  expect(arrived).toBeGreaterThan(0);
  expect(arrived).toBeLessThan(30);

  await start(other, gate.url, 'other', records.slice(30));
  expect(await flush(other)).toBe(true);
  expect(await stored(collector)).toBe(arrived + 15);
  // By its clock the other tab has not been heard of for long enough.
  await other.evaluate(() => {
    const own = globalThis as unknown as Tab;
    own.aheadMs = 180_000;
    own.delivery.wake();
  });
  await storageEmpty(other);
  expect(await stored(collector)).toBe(45);
  expect(await idsAt(collector)).toEqual(records.map(({ id }) => id).sort());
});

test('two tabs that are left together, with the collector down: a third sends what both had, and their counters once', async () => {
  const { context, site, collector, gate } = await world();
  const tabs = [await tab(context, site), await tab(context, site)];
  const records = incidents(40);
  gate.refuses = true;
  await start(tabs[0] as Page, gate.url, 'one', records.slice(0, 20), 2);
  await start(tabs[1] as Page, gate.url, 'two', records.slice(20), 3);
  await gate.arrived(2);
  await Promise.all(tabs.map((page) => page.goto('about:blank')));
  gate.refuses = false;

  const third = await tab(context, site);
  const last = incidents(1);
  await start(third, gate.url, 'three', last);
  await storageEmpty(third);
  expect(await idsAt(collector)).toEqual([...records, ...last].map(({ id }) => id).sort());
  expect((await overview(collector)).dropped).toEqual({ 'before-send': 5 });
});

test('gzip is taken by the collector, and a page that is left sends plain text', async () => {
  const { context, site, collector, gate } = await world();
  const page = await tab(context, site);
  await start(page, gate.url, 'one', incidents(5), 0, { compression: 'gzip' });
  expect(await flush(page)).toBe(true);
  expect(gate.encodings).toEqual(['gzip']);
  await page.evaluate((more) => {
    const { delivery } = globalThis as unknown as Tab;
    for (const record of more) delivery.add(record, false);
    delivery.leaving(true);
  }, incidents(1));
  await gate.arrived(2);
  expect(gate.encodings).toEqual(['gzip', undefined]);
  await storageEmpty(page);
  expect(await stored(collector)).toBe(6);
});

test('what something on the way answers is no answer of the collector', async () => {
  const { context, site, collector, gate } = await world();
  const page = await tab(context, site);
  gate.answersItself = (_, response) => void response.writeHead(511, CORS).end();
  await start(page, gate.url, 'one', incidents(5));
  const signIn = { 'content-type': 'text/html' };
  for (const [status, headers, body] of [
    [200, signIn, '<!doctype html><title>Sign in to the Wi-Fi</title>'],
    [302, { location: `${site}/sign-in` }, ''],
    [303, { location: `${gate.url}/sign-in` }, ''],
    [404, { 'content-type': 'text/plain' }, '404 page not found'],
    [403, {}, '{"message":"Missing Authentication Token"}'],
    [400, signIn, '<title>400 The plain HTTP request was sent to HTTPS port</title>'],
  ] as const) {
    gate.answersItself = (_, response) => void response.writeHead(status, { ...CORS, ...headers }).end(body);
    expect(await flush(page)).toBe(false);
  }
  // It arrives, and the page is not let know.
  gate.answersItself = undefined;
  gate.breaksAnswers = true;
  expect(await flush(page)).toBe(false);
  gate.breaksAnswers = false;
  expect(await flush(page)).toBe(true);
  expect(await stored(collector)).toBe(5);
  expect((await overview(collector)).dropped).toEqual({});
  await storageEmpty(page);
});

interface Gate {
  readonly url: string;
  /** Answers in the collector's place. */
  answersItself: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Passes on the beginning of each answer. */
  breaksAnswers: boolean;
  /** Takes what comes to the collector and keeps its answers. */
  holdAnswers: boolean;
  refuses: boolean;
  /** `Content-Encoding` of each request. */
  readonly encodings: (string | undefined)[];
  /** Resolves once so many requests were let through or refused. */
  arrived(count: number): Promise<void>;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-encoding' };

/** A page server, a real collector, and a gate before it. */
async function world() {
  const data = mkdtempSync(join(tmpdir(), 'collector-'));
  const collector = await startCollector({ port: 0, data });
  const site = await listen((request, response) => {
    const isScript = request.url === '/sdk.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? bundle : '<!doctype html><link rel="icon" href="data:,"><script src="/sdk.js"></script>');
  });
  const encodings: (string | undefined)[] = [];
  let count = 0;
  let heard: () => void = () => {};
  const url = await listen(async (request, response) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end();
    if (request.url === '/v1/records/sign-in') return response.writeHead(200, CORS).end('<form>');
    if (gate.answersItself) return gate.answersItself(request, response);
    const encoding = request.headers['content-encoding'];
    encodings.push(encoding);
    const text = (encoding === 'gzip' ? gunzipSync(Buffer.concat(body)) : Buffer.concat(body)).toString();
    expect((JSON.parse(text) as Envelope).schema).toBe('1.0');
    const done = () => {
      count++;
      heard();
    };
    if (gate.refuses) {
      response.writeHead(503, CORS).end();
      return done();
    }
    const answer = await fetch(collector.recordsUrl, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...(encoding && { 'content-encoding': encoding }) },
      body: Buffer.concat(body),
    });
    const told = await answer.text();
    if (gate.breaksAnswers) {
      response.writeHead(answer.status, { ...CORS, 'content-length': told.length });
      response.write(told.slice(0, 5), () => response.destroy());
    } else if (!gate.holdAnswers) response.writeHead(answer.status, CORS).end(told);
    done();
  });
  const gate: Gate = {
    url: `${url}/v1/records`,
    answersItself: undefined,
    breaksAnswers: false,
    holdAnswers: false,
    refuses: false,
    encodings,
    async arrived(wanted) {
      while (count < wanted) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
  const context = await browser.newContext();
  onTestFinished(async () => {
    await context.close();
    await collector.close();
    rmSync(data, { recursive: true, force: true });
  });
  return { context, site, collector, gate };
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function tab(context: BrowserContext, site: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site);
  return page;
}

/** Ends the renderer of a page as a crash does: nothing of the page runs any more. */
async function kill(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
}

async function start(
  page: Page,
  url: string,
  session: string,
  records: readonly DiagnosticsRecord[],
  drops = 0,
  options: HttpSinkOptions = {},
): Promise<void> {
  await page.evaluate(
    ({ url, origin, records, drops, options }) => {
      const own = globalThis as unknown as Tab;
      own.aheadMs = 0;
      const runtime = sdk.browserRuntime();
      const shifted = Object.create(runtime, { now: { value: () => Date.now() + own.aheadMs } });
      own.delivery = sdk.createDelivery({ sinks: [sdk.httpSink(url, options)], runtime: shifted, origin });
      runtime.observePage(({ event }) => {
        if (event === 'left') own.delivery.leaving(true);
      });
      if (drops) own.delivery.drop('before-send', drops);
      for (const record of records) own.delivery.add(record, true);
    },
    { url, origin: originOf(session), records, drops, options },
  );
}

const flush = (page: Page) => page.evaluate(() => (globalThis as unknown as Tab).delivery.flush());

/** Everything was acknowledged when nothing is kept any more. */
const storageEmpty = (page: Page) => page.waitForFunction(() => localStorage.length === 0);

function incidents(count: number): DiagnosticsRecord[] {
  return Array.from({ length: count }, () => sampleIncident({ openedAt: new Date().toISOString() }));
}

async function overview({ url }: { readonly url: string }) {
  return (await fetch(`${url}/api/overview`)).json();
}

async function stored(collector: { readonly url: string }): Promise<number> {
  return (await overview(collector)).incidents;
}

async function idsAt({ url }: { readonly url: string }): Promise<string[]> {
  const { incidents } = await (await fetch(`${url}/api/incidents?limit=200`)).json();
  return (incidents as { id: string }[]).map(({ id }) => id).sort();
}
