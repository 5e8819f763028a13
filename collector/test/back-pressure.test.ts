import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ByteBudget, createByteBudget } from '../src/ingest/byte-budget.js';
import { readBody } from '../src/ingest/read-body.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { post, read, startedCollector } from './started-collector.js';

const KIB = 1024;

/** A sender that is in the middle of its body. */
async function halfSent(url: string, body: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
  });
  const head = ['POST /v1/records HTTP/1.1', 'Host: localhost', 'Content-Type: text/plain', 'Connection: close'];
  socket.write([...head, `Content-Length: ${body.length}`, '', body.slice(0, -1)].join('\r\n'));
  return { socket, answer };
}

describe('what is waiting for the disk', () => {
  it('is bounded: beyond it senders get 429 and come again, and what was begun is finished', async () => {
    const collector = await startedCollector({ maxWaitingBytes: 64 * KIB });
    const large = JSON.stringify(sampleEnvelope({ records: [sampleIncident()] })) + ' '.repeat(60 * KIB);
    const begun = await halfSent(collector.recordsUrl, large);
    const small = sampleEnvelope();

    let refused = await post(collector, small);
    // The first half is on its way; until it is there, nothing is held.
    while (refused.status === 200) refused = await post(collector, small);

    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.answer.error).toMatch(/^More is waiting to be written to disk/);
    begun.socket.write(' ');
    expect(await begun.answer).toContain('{"accepted":1,"rejected":[]}');
    const later = sampleEnvelope();
    expect((await post(collector, later)).status).toBe(200);
    expect((await read(collector, '/api/incidents')).status).toBe(200);
  });

  it('is given back by a sender that leaves in the middle', async () => {
    const collector = await startedCollector({ maxWaitingBytes: 64 * KIB });
    const begun = await halfSent(collector.recordsUrl, 'x'.repeat(63 * KIB));
    let { status } = await post(collector, sampleEnvelope());
    while (status === 200) status = (await post(collector, sampleEnvelope())).status;
    begun.socket.destroy();
    while (status === 429) status = (await post(collector, sampleEnvelope())).status;
    expect(status).toBe(200);
  });
});

describe('a packed body', () => {
  it('is held as what it is unpacked to', async () => {
    const budget = createByteBudget(64 * KIB);
    const other = budget.open();
    other.grow(1);
    const packed = gzipSync(' '.repeat(100 * KIB));
    await expect(readBody(packed, 'gzip', 1024 * KIB, budget.open())).rejects.toMatchObject({ statusCode: 429 });
    other.release();
    expect(await readBody(packed, 'gzip', 1024 * KIB, budget.open())).toHaveLength(100 * KIB);
    expect(budget.heldBytes).toBe(100 * KIB);
  });
});

describe('a budget of bytes', () => {
  const held = (budget: ByteBudget, bytes: number) => {
    const hold = budget.open();
    return { hold, taken: hold.grow(bytes) };
  };

  it('takes what fits and gives it back once', () => {
    const budget = createByteBudget(10);
    const first = held(budget, 6);
    expect([first.taken, held(budget, 5).taken, held(budget, 4).taken]).toEqual([true, false, true]);
    first.hold.release();
    first.hold.release();
    expect(budget.heldBytes).toBe(4);
  });

  it('lets one request through that is larger than the whole', () => {
    const budget = createByteBudget(10);
    const one = held(budget, 11);
    expect([one.taken, one.hold.grow(5), held(budget, 1).taken]).toEqual([true, true, false]);
  });

  it('takes nothing for a request that is over', () => {
    const budget = createByteBudget(10);
    const { hold } = held(budget, 1);
    hold.release();
    expect([hold.grow(1), budget.heldBytes]).toEqual([false, 0]);
  });
});
