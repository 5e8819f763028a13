import { createServer } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import type { Envelope } from '../../src/delivery/envelope.js';
import { listen } from '../faults/_kit/listen.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import { createCleanup } from '../unit/watched-client.js';
import { closeBrowsers, runInPage } from './harness.js';
import type { Engine } from './page-driver.js';

const cleanup = createCleanup();
afterAll(async () => {
  await cleanup.run();
  await closeBrowsers();
});

test.each<Engine>(['chromium', 'firefox', 'webkit'])('%s tells itself, its version and its network', async (engine) => {
  const server = cleanup.add(await startSocketIo(), ({ close }) => close());
  let receive: (received: { envelope: Envelope; userAgent: string }) => void = () => {};
  const received = new Promise<Parameters<typeof receive>[0]>((resolve) => {
    receive = resolve;
  });
  const collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
    receive({ envelope: JSON.parse(body), userAgent: request.headers['user-agent'] ?? '' });
  });
  const { url } = cleanup.add(await listen(collector), ({ close }) => close());
  const script = { url: server.url, options: {}, diagnostics: { collector: `${url}/v1/records` } };
  const page = { sameOrigin: false, headers: {}, pageUrl: undefined };
  const running = await runInPage(engine, script, '4', undefined, () => {}, page);
  cleanup.add(running, ({ stop }) => stop());
  const { envelope, userAgent } = await received;
  const { kind, engine: told, engineVersion, networkType } = envelope.session.runtime;
  expect({ kind, engine: told }).toEqual({ kind: 'browser', engine });
  const product = { chromium: 'Chrome', firefox: 'Firefox', webkit: 'Version' }[engine];
  expect(engineVersion).toMatch(/^\d+$/);
  expect(userAgent).toContain(`${product}/${engineVersion}.`);
  expect(networkType).toEqual(engine === 'chromium' ? expect.stringMatching(/^((slow-)?2|3|4)g$/) : undefined);
});
