import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startCollector } from '../../collector/src/index.js';
import { freePort } from '../faults/_kit/free-port.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { createCleanup } from '../unit/watched-client.js';
import { bundlePage } from './bundle-page.js';
import { startKillableChromium } from './killable-chromium.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

/** Longer than another tab has to have been silent to be taken for dead. */
const NEXT_MORNING_MS = 10 * 60_000;

const page = bundlePage(`
  import { io } from 'socket.io-client';
  import { withDiagnostics } from './src/index.js';
  globalThis.start = (target, collector, sockets) => {
    const options = {
      collector,
      probe: 'never',
      beforeSend(record) {
        given(record.kind + ' ' + record.id);
        return record;
      },
    };
    for (let index = 0; index < sockets; index++) {
      withDiagnostics(io(target, { forceNew: true, reconnection: false }), options);
    }
  };
  globalThis.indexed = () => new Promise((resolve) => {
    const opening = indexedDB.open('socket.io-diagnostics', 1);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve('');
    opening.onsuccess = () => {
      const texts = opening.result.transaction('texts').objectStore('texts').getAll();
      texts.onsuccess = () => {
        opening.result.close();
        resolve(texts.result.join());
      };
    };
  });
  globalThis.wake = (collector) => withDiagnostics(io('/', { autoConnect: false }), { collector, sampleRate: 0 });
`);

test('what a killed browser had not sent is at the collector once after it was started again', async () => {
  const folder = (name: string) =>
    cleanup.add(mkdtempSync(join(tmpdir(), name)), (path) =>
      rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
    );
  const profile = folder('profile-');
  const data = folder('collector-');
  const html = await page;
  const web = cleanup.add(
    await startHttp((request, response) => {
      if (request.url === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(html);
      else response.writeHead(404).end();
    }),
    ({ close }) => close(),
  );
  const port = await freePort();
  const collectorUrl = `http://127.0.0.1:${port}/v1/records`;

  const first = cleanup.add(await startKillableChromium(profile), ({ kill }) => kill());
  const given = new Set<string>();
  await first.context.exposeFunction('given', (record: string) => void given.add(record));
  const visit = await first.context.newPage();
  await visit.goto(web.url);
  await visit.evaluate(([target, url]) => (globalThis as unknown as Page).start(target, url, 5), [
    web.url,
    collectorUrl,
  ] as const);
  await expect.poll(() => given.size, { timeout: 20_000 }).toBe(10);
  // A burst is written down once, a quarter of a second after it began; only the copy in IndexedDB outlives a kill that soon.
  await expect
    .poll(() => visit.evaluate(() => (globalThis as unknown as Page).indexed()), { timeout: 10_000 })
    .toSatisfy((kept: string) => [...given].every((record) => kept.includes(record.split(' ')[1] ?? record)));
  await first.kill();

  const collector = cleanup.add(await startCollector({ port, data }), ({ close }) => close());
  const second = cleanup.add(await startKillableChromium(profile), ({ kill }) => kill());
  const again = await second.context.newPage();
  await again.clock.install({ time: Date.now() + NEXT_MORNING_MS });
  await again.goto(web.url);
  await again.evaluate((url) => (globalThis as unknown as Page).wake(url), collectorUrl);

  const stored = async () => {
    const { incidents } = (await ask(`${collector.url}/api/incidents?period=all`)) as { incidents: { id: string }[] };
    const { sessions } = (await ask(`${collector.url}/api/overview?period=all`)) as { sessions: number };
    return { incidents: incidents.map(({ id }) => `incident ${id}`).sort(), sessions };
  };
  const expected = {
    incidents: [...given].filter((record) => record.startsWith('incident')).sort(),
    sessions: [...given].filter((record) => record.startsWith('session')).length,
  };
  expect(expected.incidents).toHaveLength(5);
  await expect.poll(stored, { timeout: 30_000, interval: 250 }).toEqual(expected);
});

interface Page {
  indexed(): Promise<string>;
  start(target: string, collector: string, sockets: number): void;
  wake(collector: string): void;
}

async function ask(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
