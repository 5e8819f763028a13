// `npm start`: builds what is missing or out of date, then runs the collector and the demo page until Ctrl-C.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { buildWhatIsStale } from './start/build-what-is-stale.mjs';
import { preferPort } from './start/prefer-port.mjs';

const DEMO_PORT = 4380;
const COLLECTOR_PORT = 4390;
/** A terminal sends Ctrl-C to all of its processes, and npm passes it on once more: both mean a single wish to stop. */
const SAME_WISH_MS = 500;

const started = [];
let stoppedAt;
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

try {
  await buildWhatIsStale();
  if (stoppedAt === undefined) await start();
} catch (error) {
  console.error(error instanceof Error && !error.isTold ? error.stack : String(error?.message ?? error));
  process.exitCode = 1;
  await closeAll();
}

async function start() {
  // The demo is TypeScript and shares its broken servers with the tests.
  register();
  const [{ startCollector }, { startDemo }] = await Promise.all([
    import('socket.io-diagnostics-collector'),
    import('../examples/demo/src/start-demo.ts'),
  ]);
  const data = mkdtempSync(join(tmpdir(), 'socket.io-diagnostics-'));
  started.push({ close: async () => rmSync(data, { recursive: true, force: true }) });
  const collector = await preferPort(COLLECTOR_PORT, (port) => startCollector({ port, data }));
  started.push(collector);
  const { recordsUrl, dashboardUrl } = collector;
  const demo = await preferPort(DEMO_PORT, (port) => startDemo({ port, recordsUrl, dashboardUrl }));
  started.push(demo);
  console.log(`
  Open       ${demo.url}/
  Dashboard  ${dashboardUrl}

  Ctrl-C stops both.`);
  if (stoppedAt !== undefined) await closeAll();
}

function stop() {
  const now = Date.now();
  if (stoppedAt !== undefined) {
    if (now - stoppedAt > SAME_WISH_MS) process.exit(130);
    return;
  }
  stoppedAt = now;
  void closeAll().then(() => process.exit());
}

/** Closed in reverse order of starting. */
async function closeAll() {
  for (const part of started.splice(0).reverse()) await part.close();
}
