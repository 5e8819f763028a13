import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../src/index.js';
import { startHttp } from '../faults/_kit/http-server.js';
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
  await browser.close();
  await cleanup.run();
});

test('a worker is told of by the policy that came with its own script', async () => {
  const server = cleanup.add(await startSocketIo(), ({ close }) => close());
  const html = await bundlePage(`
    import { io } from 'socket.io-client';
    import { withDiagnostics } from './src/index.js';
    const socket = withDiagnostics(io('${server.url}'));
    socket.diagnostics.on('diagnosis', ({ incident }) => postMessage(incident));
  `);
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
  const web = cleanup.add(
    await startHttp((request, response) => {
      const isWorker = request.url === '/worker.js';
      response
        .writeHead(200, {
          'content-type': isWorker ? 'text/javascript' : 'text/html',
          ...(isWorker && { 'content-security-policy': "connect-src 'self'" }),
        })
        .end(isWorker ? script : '<!doctype html>');
    }),
    ({ close }) => close(),
  );
  const page = await browser.newPage();
  await page.goto(web.url);
  const { diagnosis } = await page.evaluate(
    () =>
      new Promise<Incident>((resolve) => {
        new Worker('/worker.js').onmessage = ({ data }) => resolve(data);
      }),
  );
  expect(diagnosis).toMatchObject({ code: 'csp-blocked', certainty: 'confirmed', alternatives: [] });
});
