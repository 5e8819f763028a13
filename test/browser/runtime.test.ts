import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Server as SocketIoServer } from 'socket.io';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { createDelivery } from '../../src/delivery/delivery.js';
import type { Envelope } from '../../src/delivery/envelope.js';
import type { httpSink } from '../../src/delivery/http-sink.js';
import type { browserRuntime } from '../../src/runtime/browser.js';
import type { PageSignal, ProbingRuntime } from '../../src/runtime/runtime.js';
import { incidentRecord, originOf } from '../unit/delivery-kit.js';
import { launchChromium } from './launch-chromium.js';

/** What the bundle puts on the page. */
declare const sdk: {
  browserRuntime: typeof browserRuntime;
  createDelivery: typeof createDelivery;
  httpSink: typeof httpSink;
};
declare const runtime: ProbingRuntime;

let browser: Browser;
let bundle: string;
let context: BrowserContext;
let page: Page;
let site: string;
let siteHeaders: Record<string, string> = {};
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { browserRuntime } from './src/runtime/browser.ts';
        export { probingBrowser } from './src/runtime/probing-browser.ts';
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
  bundle = `${outputFiles[0]?.text}; globalThis.runtime = sdk.probingBrowser(sdk.browserRuntime());`;
  browser = await launchChromium();
});

afterAll(() => browser.close());

beforeEach(async () => {
  siteHeaders = {};
  site = await serve((request, response) => {
    const script = request.url === '/sdk.js';
    const type = script ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': type, 'set-cookie': 'login=secret', ...siteHeaders });
    response.end(script ? bundle : '<!doctype html><link rel="icon" href="data:,"><script src="/sdk.js"></script>');
  });
  context = await browser.newContext();
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
  for (const close of closers.splice(0)) await close();
});

async function serve(handler: RequestListener | Server): Promise<string> {
  const server = typeof handler === 'function' ? createServer(handler) : handler;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the page', () => {
  test('is recognised, and so is a worker made from a blob', async () => {
    await page.goto(site);
    const seen = await page.evaluate(() => ({
      kind: runtime.kind,
      engine: runtime.engine,
      engineVersion: runtime.engineVersion,
      networkType: runtime.networkType(),
      page: runtime.page,
    }));
    const { host, hostname } = new URL(site);
    const engineVersion = browser.version().split('.')[0];
    // A desktop tells no type, only how fast its network seems.
    const networkType = expect.stringMatching(/^((slow-)?2|3|4)g$/);
    const where = { engine: 'chromium', engineVersion, networkType, page: { scheme: 'http:', host, hostname } };
    expect(seen).toEqual({ kind: 'browser', ...where });
    const worker = await page.evaluate(async (source) => {
      const program = `${source}; runtime.observePage(() => {})();
        runtime.exclusive('x', async () => {}).then(() => postMessage({ kind: runtime.kind, engine: runtime.engine,
          engineVersion: runtime.engineVersion, networkType: runtime.networkType(), page: runtime.page, storage: runtime.storage, online: runtime.isOnline(), hidden: runtime.isHidden() }))`;
      const made = new Worker(URL.createObjectURL(new Blob([program])));
      return new Promise((resolve) => made.addEventListener('message', ({ data }) => resolve(data)));
    }, bundle);
    expect(worker).toEqual({
      kind: 'worker',
      ...where,
      storage: undefined,
      online: true,
      hidden: false,
    });
  });

  test('keeps text for the next load, or tells that it must not', async () => {
    await page.goto(site);
    expect(await page.evaluate(() => runtime.storage?.set('key', 'value'))).toBe(true);
    await page.reload();
    expect(await page.evaluate(() => runtime.storage?.get('key'))).toBe('value');
    expect(await page.evaluate(() => runtime.storage?.set('key', 'x'.repeat(20_000_000)))).toBe(false);
    await page.evaluate(() => runtime.storage?.remove('key'));
    expect(await page.evaluate(() => runtime.storage?.get('key'))).toBeUndefined();
    // An opaque origin: reading `localStorage` throws and locks are denied.
    const sandboxed = await page.evaluate(async (source) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.srcdoc = `<script>${source}; runtime.exclusive('x', async () => {}).then(() => parent.postMessage({
        storage: runtime.storage, id: runtime.uuid().length }, '*'))</script>`;
      document.body.append(frame);
      return new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data), { once: true }));
    }, bundle);
    expect(sandboxed).toEqual({ storage: undefined, id: 36 });
  });

  test('lets only one tab at a time do what is exclusive', async () => {
    await page.goto(site);
    const other = await context.newPage();
    await other.goto(site);
    await page.evaluate(() => {
      const shared = globalThis as unknown as { release: () => void };
      return new Promise<void>((entered) => {
        void runtime.exclusive('name', async () => {
          entered();
          await new Promise<void>((resolve) => {
            shared.release = resolve;
          });
          localStorage.setItem('log', 'first');
        });
      });
    });
    const second = other.evaluate(() =>
      runtime.exclusive('name', async () => localStorage.setItem('log', `${localStorage.getItem('log')}, second`)),
    );
    await page.evaluate(() => (globalThis as unknown as { release: () => void }).release());
    await second;
    expect(await other.evaluate(() => localStorage.getItem('log'))).toBe('first, second');
  });

  test('tells when it goes offline, is left, and blocks a connection', async () => {
    siteHeaders = { 'content-security-policy': "connect-src 'self'" };
    const told: PageSignal[] = [];
    await page.exposeFunction('told', (event: PageSignal) => told.push(event));
    await page.goto(site);
    await page.evaluate(() => {
      (globalThis as unknown as { stop: () => void }).stop = runtime.observePage((event) =>
        (globalThis as unknown as { told: (event: PageSignal) => void }).told(event),
      );
    });
    const blocked = await page.evaluate(() =>
      Promise.all([
        runtime.request({ url: 'http://127.0.0.1:9/socket.io/?EIO=4&token=secret#x', mode: 'opaque', timeoutMs: 5000 }),
        runtime.openWebSocket({ url: 'ws://127.0.0.1:9/socket.io/?sid=secret', timeoutMs: 5000, firstMessageMs: 5000 }),
      ]),
    );
    // Chromium fires `error` for the WebSocket and never `close`.
    expect(blocked.map(({ result }) => result)).toEqual(['failed', 'rejected']);
    await context.setOffline(true);
    expect(await page.evaluate(() => runtime.isOnline())).toBe(false);
    await context.setOffline(false);
    await page.evaluate(() => Promise.resolve());
    const violation = { event: 'csp-violation', directive: 'connect-src', disposition: 'enforce' };
    expect(told).toEqual([
      { ...violation, blocked: 'http://127.0.0.1:9/socket.io/' },
      { ...violation, blocked: 'ws://127.0.0.1:9/socket.io/' },
      { event: 'offline' },
      { event: 'online' },
    ]);
    await page.evaluate(() => {
      (globalThis as unknown as { stop: () => void }).stop();
      dispatchEvent(new Event('offline'));
    });
    expect(told).toHaveLength(4);
  });
});

describe('request', () => {
  const ask = (url: string, more: { mode?: 'cors' | 'opaque'; withCredentials?: boolean; timeoutMs?: number } = {}) =>
    page.evaluate((question) => runtime.request(question), { url, mode: 'cors' as const, timeoutMs: 5000, ...more });

  test('reads an answer that CORS allows, up to 4,096 characters, and sends no cookie', async () => {
    const seen: IncomingMessage[] = [];
    const api = await serve((request, response) => {
      seen.push(request);
      response.writeHead(400, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
      response.end('é'.repeat(100_000));
    });
    await page.goto(site);
    const answer = await ask(`${api}/x`);
    expect(answer).toMatchObject({ result: 'answered', status: 400, contentType: 'application/json' });
    expect(answer.body).toBe('é'.repeat(4096));
    await ask(`${site}/own`);
    expect(seen[0]?.headers.cookie).toBeUndefined();
  });

  test('tells apart what hides, what refuses and what hangs', async () => {
    const hiding = await serve((_request, response) => response.end('hidden'));
    const hanging = await serve(() => {});
    const begun = await serve((_request, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*' });
      response.write('begun');
    });
    await page.goto(site);
    expect((await ask(hiding)).result).toBe('failed');
    expect((await ask(hiding, { mode: 'opaque' })).result).toBe('opaque');
    expect((await ask('http://127.0.0.1:9', { mode: 'opaque' })).result).toBe('failed');
    expect((await ask('nonsense://', { mode: 'opaque' })).result).toBe('failed');
    const hung = await ask(hanging, { timeoutMs: 300 });
    expect(hung.result).toBe('timeout');
    expect(hung.durationMs).toBeGreaterThanOrEqual(299);
    expect(await ask(begun, { timeoutMs: 300 })).toMatchObject({ result: 'answered', body: 'begun' });
  });

  test('gives its connection back: hanging ones do not pile up', async () => {
    let requests = 0;
    const hanging = await serve((_request, response) => {
      requests++;
      response.writeHead(200, { 'access-control-allow-origin': '*' });
      response.write('x'.repeat(10_000));
    });
    await page.goto(site);
    for (let n = 0; n < 8; n++) expect((await ask(hanging)).body).toHaveLength(4096);
    expect(requests).toBe(8);
  });
});

describe('openWebSocket', () => {
  const open = (url: string, timeoutMs = 5000) =>
    page.evaluate((question) => runtime.openWebSocket(question), { url, timeoutMs, firstMessageMs: 300 });

  test('hears a Socket.IO server, and tells refusals apart', async () => {
    const server = createServer();
    const io = new SocketIoServer(server);
    closers.push(() => io.close());
    const api = (await serve(server)).replace('http', 'ws');
    await page.goto(site);
    const answer = await open(`${api}/socket.io/?EIO=4&transport=websocket`);
    expect(answer).toMatchObject({ result: 'message', messages: [expect.stringMatching(/^0\{"sid"/)] });
    expect(await open('ws://127.0.0.1:9/')).toMatchObject({ result: 'rejected', closeCode: 1006, messages: [] });
    expect(await open('ws://127.0.0.1:99999/')).toMatchObject({ result: 'threw' });
    const silentServer = createTcpServer((socket: Socket) => void socket.on('error', () => {}));
    silentServer.listen(0, '127.0.0.1');
    await once(silentServer, 'listening');
    closers.push(() => silentServer.close());
    const port = (silentServer.address() as AddressInfo).port;
    expect(await open(`ws://127.0.0.1:${port}/`, 300)).toMatchObject({ result: 'timeout', messages: [] });
  });

  test('hears the second message that an Engine.IO 3 server sends unasked', async () => {
    const server = createServer();
    createRequire(import.meta.url)('socket.io-2')(server);
    const api = (await serve(server)).replace('http', 'ws');
    await page.goto(site);
    const answer = await open(`${api}/socket.io/?EIO=3&transport=websocket`);
    expect(answer).toMatchObject({ result: 'message', messages: [expect.stringMatching(/^0\{"sid"/), '40'] });
  });
});

describe('delivery', () => {
  interface Received {
    readonly method: string;
    readonly headers: IncomingMessage['headers'];
    readonly envelope: Envelope;
  }

  async function collector(answer: RequestListener) {
    const received: Received[] = [];
    let heard: () => void = () => {};
    const server = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ method: request.method ?? '', headers: request.headers, envelope: JSON.parse(body || '{}') });
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-expose-headers', 'retry-after');
      answer(request, response);
      heard();
    });
    const arrival = async (count: number) => {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      return received;
    };
    return { url: `${server}/v1/records`, received, arrival };
  }

  const start = (url: string, session: string, ids: readonly string[]) =>
    page.evaluate(
      ({ url, origin, records }) => {
        const delivery = sdk.createDelivery({ sinks: [sdk.httpSink(url)], runtime, origin });
        runtime.observePage(({ event }) => {
          if (event === 'hidden' || event === 'left') delivery.leaving(event === 'left');
        });
        for (const record of records) delivery.add(record, false);
        Object.assign(globalThis, { delivery });
      },
      { url, origin: originOf(session), records: ids.map((id) => incidentRecord(id)) },
    );
  const flush = () =>
    page.evaluate(() => (globalThis as unknown as { delivery: { flush(): Promise<boolean> } }).delivery.flush());

  test('crosses origins in one request, without cookies and without telling the address of the page', async () => {
    const { url, received } = await collector((_request, response) => response.end('{}'));
    await page.goto(`${site}/account?token=secret`);
    await start(url, 'one', ['a']);
    expect(await flush()).toBe(true);
    expect(received.map(({ method }) => method)).toEqual(['POST']);
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'text/plain;charset=UTF-8' });
    expect(received[0]?.headers.cookie).toBeUndefined();
    expect(received[0]?.headers.referer).toBeUndefined();
  });

  test('reads how long to wait', async () => {
    const { url } = await collector((_request, response) => response.writeHead(503, { 'retry-after': '7200' }).end());
    await page.goto(site);
    const post = { url, body: '{}', contentType: 'text/plain', keepalive: true, timeoutMs: 5000 };
    expect(await page.evaluate((it) => runtime.post(it), post)).toMatchObject({ status: 503, retryAfterMs: 7_200_000 });
  });

  test('survives leaving the page', async () => {
    const { url, arrival } = await collector((_request, response) => response.end('{}'));
    await page.goto(site);
    await start(url, 'one', ['a', 'b']);
    await page.goto('about:blank');
    const [first] = await arrival(1);
    expect(first?.envelope.records.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('survives a collector that is down while the page is left, until the next page', async () => {
    let up = false;
    const { url, received, arrival } = await collector((request, response) => {
      if (up) response.end('{}');
      else request.socket.destroy();
    });
    await page.goto(site);
    await start(url, 'one', ['a']);
    await page.goto('about:blank');
    await arrival(1);
    up = true;
    const before = received.length;
    await page.goto(site);
    await start(url, 'two', ['b']);
    await arrival(before + 2);
    expect(await flush()).toBe(true);
    const accepted = received.slice(before).map(({ envelope }) => [envelope.session.id, envelope.records[0]?.id]);
    expect(accepted.sort()).toEqual([
      ['one', 'a'],
      ['two', 'b'],
    ]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});
