import { spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import type { ClientVersion } from '../faults/_kit/client-version.js';
import { freePort } from '../faults/_kit/free-port.js';
import { startTcp } from '../faults/_kit/tcp-server.js';
import { CLIENTS, createCleanup, startEcho } from './watched-client.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

/** How long a process may outlive its last own reason, in milliseconds: below every timer of the SDK that could hold it. */
const SOON_MS = 1_500;

/** Runs a program that calls `last()` where nothing of its own keeps it alive any more; resolves with how long it lived on. */
function lifeAfterLast(client: ClientVersion, body: string): Promise<{ code: number | null; ms: number }> {
  const packageName = client === '4' ? 'socket.io-client' : `socket.io-client-${client}`;
  const program = `
    import { createRequire } from 'node:module';
    import { withDiagnostics } from './src/index.node.ts';
    const loaded = createRequire(process.cwd() + '/test/')('${packageName}');
    const io = loaded.io ?? loaded;
    const hold = setInterval(() => {}, 60_000);
    const last = () => {
      if (!process.connected) return;
      clearInterval(hold);
      process.send('last');
      process.disconnect();
    };
    ${body}
  `;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    cleanup.add(child, () => child.kill('SIGKILL'));
    let lastMs: number | undefined;
    child.once('message', () => {
      lastMs = performance.now();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (lastMs === undefined) reject(new Error(`ended with ${code} before its last line`));
      else resolve({ code, ms: performance.now() - lastMs });
    });
  });
}

test.each(CLIENTS)('client %s: ends by itself once its socket is disconnected, without dispose()', async (client) => {
  const { url } = cleanup.add(await startEcho(), ({ close }) => close());
  const { code, ms } = await lifeAfterLast(
    client,
    `const socket = withDiagnostics(io('${url}'));
     socket.on('connect', () => { socket.disconnect(); last(); });`,
  );
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON_MS);
});

test('ends although its socket is connected, when the client has `autoUnref`', async () => {
  const { url } = cleanup.add(await startEcho(), ({ close }) => close());
  const { code, ms } = await lifeAfterLast(
    '4',
    `const socket = withDiagnostics(io('${url}', { autoUnref: true, transports: ['websocket'] }));
     socket.on('connect', last);`,
  );
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON_MS);
});

test('ends while a probe hangs, and while an incident is open', async () => {
  // The client's own polling request would keep the process alive, with or without us.
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let connections = 0;
  const hole = cleanup.add(await startTcp(() => ++connections > 1 && asked()), ({ close }) => close());
  const ended = lifeAfterLast(
    '4',
    `const socket = withDiagnostics(
       io('${hole.url}', { transports: ['websocket'], timeout: 200, reconnection: false }),
       { probe: { timeoutMs: 20_000 } },
     );
     socket.diagnostics.on('incident', () => setImmediate(() => {
       socket.disconnect();
       // The question has left by now: it is asked in the turn in which the incident is told.
       last();
     }));`,
  );
  await isAsked;
  const { code, ms } = await ended;
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON_MS);
});

test('ends although records wait for a collector that cannot be reached', async () => {
  const port = await freePort();
  const { code, ms } = await lifeAfterLast(
    '4',
    `const socket = withDiagnostics(io('http://127.0.0.1:${port}', { reconnection: false }), {
       probe: 'never',
       collector: 'http://127.0.0.1:${port}/v1/records',
     });
     socket.diagnostics.on('diagnosis', () => { socket.disconnect(); socket.diagnostics.dispose(); last(); });`,
  );
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON_MS);
});

test('ends although it asked for a report that nobody waits for', async () => {
  const hole = cleanup.add(await startTcp(), ({ close }) => close());
  const { code, ms } = await lifeAfterLast(
    '4',
    `const socket = withDiagnostics(io('${hole.url}', { autoConnect: false }));
     void socket.diagnostics.check();
     last();`,
  );
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON_MS);
});
