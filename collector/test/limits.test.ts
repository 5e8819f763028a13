import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('a sender that stalls', () => {
  it('in its headers is answered with 408 and let go', async () => {
    const { url } = await startedCollector();
    expect(await answerTo(url, 'POST /v1/records HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('in its body is answered with 408 and let go, and holds no memory any more', async () => {
    const collector = await startedCollector();
    const head =
      'POST /v1/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n{';
    expect(await answerTo(collector.url, head)).toMatch(/^HTTP\/1\.1 408 /);
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    expect(metrics).toContain('_waiting_bytes 0\n');
  });
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
