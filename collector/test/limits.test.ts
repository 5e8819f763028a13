import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, type Patience } from '../src/server/create-server.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { childCollector } from './child-collector.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { read, startedCollector, temporaryFolder } from './started-collector.js';

/** What the collector says to a sender that writes this and then nothing more. */
function answerTo(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(text);
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

/** What a collector is made of, with as little patience as a test has. */
function serverWith(patience?: Patience) {
  const app = createServer({
    store: openSqliteStore(temporaryFolder()),
    readToken: undefined,
    basePath: '',
    dashboardFolder: '',
    maxWaitingBytes: 1024,
    limits: { keys: [], ratePerAddress: 0, ratePerKey: 0 },
    trustProxy: false,
    maxConnections: 10,
    keepDays: undefined,
    maxSizeBytes: undefined,
    logger: console,
    ...(patience && { patience }),
  });
  onTestFinished(() => app.close());
  return app;
}

describe('a sender that stalls', () => {
  it('in its headers is answered with 408 and let go', async () => {
    const url = await serverWith({ headersMs: 200, requestMs: 60_000, checkMs: 50 }).listen();
    expect(await answerTo(url, 'POST /v1/records HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('in its body is answered with 408 and let go, and holds no memory any more', async () => {
    const url = await serverWith({ headersMs: 200, requestMs: 400, checkMs: 50 }).listen();
    const head =
      'POST /v1/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n{';
    expect(await answerTo(url, head)).toMatch(/^HTTP\/1\.1 408 /);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('_waiting_bytes 0\n');
  });

  it('has 10 seconds for its headers and 30 for all of it', () => {
    const { server } = serverWith();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  });
});

it('says nothing of a sender that leaves in the middle of its body', async () => {
  const errors: string[] = [];
  const { url } = await startedCollector({ logger: { info() {}, error: (text) => void errors.push(text) } });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = ['POST /v1/records HTTP/1.1', 'Host: localhost', 'Content-Type: text/plain', 'Expect: 100-continue'];
  socket.write([...head, 'Content-Length: 100', '', ''].join('\r\n'));
  await once(socket, 'data');
  socket.write('{');
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/_waiting_bytes [1-9]/);
  socket.destroy();
  await expect.poll(metrics, { timeout: 10_000 }).toContain('_waiting_bytes 0\n');
  expect(errors).toEqual([]);
});

describe('SIGTERM under load', () => {
  it('leaves everything that was answered with a 2xx in the store, and ends with 0', async () => {
    const data = temporaryFolder();
    const child = await childCollector('--port', '0', '--data', data);
    const url = (await child.recordsUrl) as string;
    const promised: string[] = [];
    let stopped = false;
    const sendUntilStopped = async () => {
      while (!stopped) {
        const incident = sampleIncident();
        const body = JSON.stringify(sampleEnvelope({ records: [incident] }));
        const answer = await fetch(url, { method: 'POST', body }).catch(() => undefined);
        if (answer?.status !== 200) return;
        promised.push(incident.id);
        if (promised.length === 40) child.process.kill('SIGTERM');
      }
    };
    const ended = child.ended.then((code) => {
      stopped = true;
      return code;
    });
    await Promise.all(Array.from({ length: 8 }, sendUntilStopped));
    expect(await ended).toBe(0);

    const collector = await startedCollector({ data });
    const { body } = await read(collector, '/api/incidents?limit=200');
    expect(promised.length).toBeGreaterThanOrEqual(40);
    expect(body.incidents.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(promised));
  });
});
