import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Envelope } from '../../src/delivery/envelope.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { listen } from '../faults/_kit/listen.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import { createCleanup } from '../unit/watched-client.js';
import { bundlePage } from './bundle-page.js';
import { launchChromium } from './launch-chromium.js';

const cleanup = createCleanup();
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await cleanup.run();
  await browser.close();
});

const NAMESPACES = 500;
const FAILURES = 10_000;
/** What README promises. */
const RECORDS_PER_MINUTE = 60;
const MAX_BODY_BYTES = 60_000;
const MAX_KEPT_BYTES = 262_144;
/** Fetch standard: 64 KiB of keepalive bodies on a page; Chromium takes fewer than ten at a time. */
const MAX_KEEPALIVE = { bytes: 65_536, requests: 9 };
/** 9,000 more failures; what is seen of each is bounded, so that this is slack for the garbage collector. */
const MAX_GROWTH_BYTES = 8_000_000;

const page = bundlePage(`
  import { Manager } from 'socket.io-client';
  import { withDiagnostics } from './src/index.js';

  const keepalive = { bytes: 0, requests: 0, maxBytes: 0, maxRequests: 0 };
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => {
    if (!init.keepalive) return fetch(url, init);
    const bytes = new Blob([init.body]).size;
    keepalive.bytes += bytes;
    keepalive.requests += 1;
    keepalive.maxBytes = Math.max(keepalive.maxBytes, keepalive.bytes);
    keepalive.maxRequests = Math.max(keepalive.maxRequests, keepalive.requests);
    const answer = fetch(url, init);
    const over = () => {
      keepalive.bytes -= bytes;
      keepalive.requests -= 1;
    };
    answer.then(over, over);
    return answer;
  };

  const given = new Set();
  let failures = 0;
  let sockets = [];
  const keptBytes = () =>
    Object.entries(localStorage).reduce((sum, [key, text]) => sum + new Blob([key, text]).size, 0);

  globalThis.burst = async (target, collector, namespaces, upTo) => {
    const options = { collector, probe: 'never', beforeSend: (record) => (given.add(record.id), record) };
    const manager = new Manager(target, { transports: ['websocket'] });
    let mostKept = 0;
    await new Promise((done) => {
      const failed = (socket) => {
        failures += 1;
        if (failures % 100 === 0) mostKept = Math.max(mostKept, keptBytes());
        if (failures === upTo) done();
        if (failures < upTo) socket.connect();
      };
      if (!sockets.length) {
        for (let index = 0; index < namespaces; index++) {
          const socket = withDiagnostics(manager.socket('/n' + index), options);
          sockets.push(socket);
        }
      }
      for (const socket of sockets) {
        socket.off('connect_error', socket.failed);
        socket.failed = () => failed(socket);
        socket.on('connect_error', socket.failed);
        socket.connect();
      }
    });
    return { mostKept, keepalive, given: given.size };
  };
  globalThis.finish = () => sockets[0].diagnostics.flush();
  globalThis.given = () => [...given];
`);

interface Page {
  burst(target: string, collector: string, namespaces: number, upTo: number): Promise<Burst>;
  finish(): Promise<boolean>;
  given(): string[];
}

interface Burst {
  readonly mostKept: number;
  readonly keepalive: { readonly maxBytes: number; readonly maxRequests: number };
}

test('10,000 failures in one page stay within every limit, and all records are stored or counted', async () => {
  const html = await page;
  const web = cleanup.add(
    await startHttp((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html)),
    ({ close }) => close(),
  );
  const io = cleanup.add(await startSocketIo(), ({ close }) => close());
  const bodies: { readonly at: number; readonly bytes: number; readonly envelope: Envelope }[] = [];
  const collector = cleanup.add(
    await listen(
      createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        bodies.push({ at: Date.now(), bytes: Buffer.byteLength(body), envelope: JSON.parse(body) });
        response.setHeader('access-control-allow-origin', '*');
        response.end('{}');
      }),
    ),
    ({ close }) => close(),
  );
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(web.url);
  const session = await context.newCDPSession(tab);
  const usedBytes = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  const burst = (upTo: number) =>
    tab.evaluate(
      ([target, url, namespaces, limit]) => (globalThis as unknown as Page).burst(target, url, namespaces, limit),
      [io.url, `${collector.url}/v1/records`, NAMESPACES, upTo] as const,
    );

  const startedAt = Date.now();
  await burst(FAILURES / 10);
  const before = await usedBytes();
  const { mostKept, keepalive } = await burst(FAILURES);
  const after = await usedBytes();
  const minutes = Math.ceil((Date.now() - startedAt) / 60_000);

  const sentInBurst = bodies.reduce((sum, { envelope }) => sum + envelope.records.length, 0);
  expect(sentInBurst).toBeGreaterThan(0);
  expect(sentInBurst).toBeLessThanOrEqual(RECORDS_PER_MINUTE * (minutes + 1));
  expect(after - before).toBeLessThan(MAX_GROWTH_BYTES);
  // Names and counters of the ring come on top.
  expect(mostKept).toBeLessThan(MAX_KEPT_BYTES * 1.1);

  expect(await tab.evaluate(() => (globalThis as unknown as Page).finish())).toBe(true);
  expect(Math.max(...bodies.map(({ bytes }) => bytes))).toBeLessThanOrEqual(MAX_BODY_BYTES);
  expect(keepalive.maxBytes).toBeGreaterThan(0);
  expect(keepalive.maxBytes).toBeLessThanOrEqual(MAX_KEEPALIVE.bytes);
  expect(keepalive.maxRequests).toBeLessThanOrEqual(MAX_KEEPALIVE.requests);

  const given = await tab.evaluate(() => (globalThis as unknown as Page).given());
  const stored = new Set(bodies.flatMap(({ envelope }) => envelope.records.map(({ id }) => id)));
  const missing = given.filter((id) => !stored.has(id));
  const dropped = bodies.flatMap(({ envelope }) => Object.values(envelope.dropped)).reduce((sum, one) => sum + one, 0);
  expect(given.length).toBeGreaterThan(NAMESPACES / 5);
  // A counter leaves with the batch after it: what the last one caused is told by a next one.
  expect(dropped).toBeGreaterThanOrEqual(missing.length);
});
