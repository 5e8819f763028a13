import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../src/index.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { post, read, startedCollector } from './started-collector.js';

const MIB = 1024 * 1024;

async function expectAlive(collector: Collector) {
  expect((await read(collector, '/healthz')).body.status).toBe('ok');
}

describe('a hostile body', () => {
  it('with prototype keys is stored as the text it is', async () => {
    const collector = await startedCollector();
    const incident = sampleIncident();
    const evil = '"__proto__":{"status":"resolved","polluted":1},"constructor":{"prototype":{"polluted":1}},';
    const text = JSON.stringify(incident).replace('{', `{${evil}`);
    const body = JSON.stringify(sampleEnvelope({ records: [] }))
      .replace('{', `{${evil}`)
      .replace('"records":[]', `"records":[${text}]`);
    expect((await post(collector, body)).answer).toEqual({ accepted: 1, rejected: [] });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((await read(collector, '/api/incidents')).body.incidents[0].status).toBe('open');
  });

  it('that has its required fields only through a prototype is refused', async () => {
    const collector = await startedCollector();
    const { status } = await post(collector, `{"schema":"1.0","__proto__":${JSON.stringify(sampleEnvelope())}}`);
    expect(status).toBe(400);
  });

  it.each(['[', '{"a":'])('nested 100,000 deep with %s is refused', async (open) => {
    const collector = await startedCollector();
    const deep = open.repeat(100_000) + 1 + (open === '[' ? ']' : '}').repeat(100_000);
    const inRecord = JSON.stringify(sampleEnvelope()).replace('"details":{', `"details":{"deep":${deep},`);
    const { answer } = await post(collector, inRecord);
    expect(answer.rejected[0].reason).toBe('nested deeper than 64 levels');
    const inEnvelope = JSON.stringify(sampleEnvelope()).replace('{', `{"deep":${deep},`);
    expect((await post(collector, inEnvelope)).status).toBe(400);
    await expectAlive(collector);
  });

  it('with huge strings, NUL and lone surrogates is refused or stored', async () => {
    const collector = await startedCollector();
    const huge = sampleIncident({ namespace: 'x'.repeat(500_000) });
    const { answer } = await post(collector, sampleEnvelope({ records: [huge] }));
    expect(answer.rejected[0].reason).toMatch(
      /^namespace must be a string of at most 2000 characters; got string "x+…$/,
    );

    const odd = sampleIncident({ namespace: '/a\0b\ud800\u2028' });
    expect((await post(collector, sampleEnvelope({ records: [odd] }))).answer.accepted).toBe(1);
    expect((await read(collector, `/api/incidents/${odd.id}`)).body.record.namespace).toBe('/a\0b\ud800\u2028');
  });

  it('with a number beyond all bounds is refused', async () => {
    const collector = await startedCollector();
    const body = JSON.stringify(sampleEnvelope()).replace('"revision":1', '"revision":1e400');
    const { answer } = await post(collector, body);
    expect(answer.rejected[0].reason).toMatch(/^revision must be/);
  });

  it('that is too large is refused with the limit', async () => {
    const collector = await startedCollector();
    const { status, answer } = await post(collector, 'x'.repeat(MIB + 1));
    expect([status, answer.error]).toEqual([
      413,
      'The body is larger than the limit of 1048576 bytes; send smaller batches.',
    ]);
  });

  it('that is a gzip bomb is refused without unpacking it', async () => {
    const collector = await startedCollector();
    const bomb = gzipSync(Buffer.alloc(300 * MIB));
    const before = process.memoryUsage().rss;
    const { status } = await post(collector, bomb, { 'content-encoding': 'gzip' });
    expect(status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
  });

  it.each([
    ['gzip that is none', 'no gzip', { 'content-encoding': 'gzip' }, 400],
    ['an encoding nobody offered', 'x', { 'content-encoding': 'br' }, 415],
    ['another content type', 'x', { 'content-type': 'application/xml' }, 415],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), {}, 400],
  ])('as %s is refused', async (_, body, headers, status) => {
    const collector = await startedCollector();
    expect((await post(collector, body, headers as Record<string, string>)).status).toBe(status);
    await expectAlive(collector);
  });
});
