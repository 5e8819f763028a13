import { describe, expect, it } from 'vitest';
import { sampleEnvelope } from './sample-envelope.js';
import { post, startedCollector } from './started-collector.js';

describe('without a read token', () => {
  it.each<[Record<string, string>, number]>([
    [{}, 200],
    [{ 'x-forwarded-for': '127.0.0.1' }, 200],
    [{ 'x-forwarded-for': '::1, 127.0.0.1' }, 200],
    [{ 'x-forwarded-for': '[::1]:5000, ::ffff:127.0.0.1, 127.0.0.1:80' }, 200],
    [{ forwarded: 'for=127.0.0.1;proto=https, For="[::1]:4711"' }, 200],
    [{ 'x-forwarded-for': '203.0.113.9' }, 421],
    [{ 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }, 421],
    [{ 'x-forwarded-for': '203.0.113.9, 127.0.0.1' }, 421],
    [{ 'x-forwarded-for': '2001:db8::1' }, 421],
    [{ 'x-real-ip': '203.0.113.9' }, 421],
    [{ forwarded: 'by=127.0.0.1;for="[2001:db8::1]:4711"' }, 421],
    [{ forwarded: 'for=unknown' }, 421],
  ])('what a proxy passes on from elsewhere is not answered: %j, %i', async (headers, status) => {
    const collector = await startedCollector();
    for (const path of ['/', '/api/overview', '/metrics', '/api/export/incidents.csv']) {
      // The page is built only where the dashboard is.
      const answer = await fetch(collector.url + path, { headers });
      expect([path, answer.status === 503 ? 200 : answer.status]).toEqual([path, status]);
      if (status === 421) expect(await answer.text()).toContain('Start with --read-token to read it from elsewhere.');
    }
    // Writing is another matter.
    expect((await post(collector, sampleEnvelope(), headers)).status).toBe(200);
    expect((await fetch(`${collector.url}/healthz`, { headers })).status).toBe(200);
  });
});

it('too many requests with one key say nothing of a proxy', async () => {
  const told: string[] = [];
  const collector = await startedCollector({
    ratePerKey: 1,
    keys: [{ name: 'shop', secret: 'k-3fJq0vYw8sLrT1' }],
    logger: { info() {}, error: (line) => told.push(line) },
  });
  const headers = { 'x-forwarded-for': '203.0.113.9', 'x-project-key': 'k-3fJq0vYw8sLrT1' };
  const answers = await Promise.all(Array.from({ length: 60 }, () => post(collector, sampleEnvelope(), headers)));
  expect(answers.map(({ status }) => status)).toContain(429);
  expect(told).toEqual([]);
});

describe('too many requests from one address', () => {
  it.each<[string, Record<string, string>, number | undefined, number]>([
    [
      'that is a proxy which is not believed are told once, with what to do',
      { 'x-forwarded-for': '203.0.113.9' },
      undefined,
      1,
    ],
    ['that is believed are not', { 'x-forwarded-for': '203.0.113.9' }, 1, 0],
    ['that is none are not', {}, undefined, 0],
  ])('%s', async (_whose, headers, trustProxy, lines) => {
    const told: string[] = [];
    const collector = await startedCollector({
      ratePerAddress: 1,
      ...(trustProxy !== undefined && { trustProxy }),
      logger: { info() {}, error: (line) => told.push(line) },
    });
    const answers = await Promise.all(Array.from({ length: 60 }, () => post(collector, sampleEnvelope(), headers)));
    expect(answers.map(({ status }) => status)).toContain(429);
    expect(told).toHaveLength(lines);
    for (const line of told) expect(line).toContain('If there is one proxy, start with --trust-proxy 1');
  });
});
