import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../src/ingest/parse-envelope.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';

const parse = (envelope: object, receivedAtMs = Date.now()) => parseEnvelope(JSON.stringify(envelope), receivedAtMs);

describe('a session that never connected', () => {
  it.each([
    [{ failedAttempts: 0, incidents: 0 }, false],
    [{ failedAttempts: 2, incidents: 0 }, true],
    // Refused in its namespace: the connection itself did not fail.
    [{ failedAttempts: 0, incidents: 1 }, true],
  ])('with %j counts as failed: %s', (counts, failed) => {
    const session = sampleSession({ connected: false, ...counts });
    expect(parse(sampleEnvelope({ records: [session] })).batch.sessions).toMatchObject([{ failed }]);
  });
});

describe('what the database could not keep whole', () => {
  it('is replaced: it reads a text only up to its first NUL', () => {
    const incident = sampleIncident({ namespace: '/a\0b' });
    const app = { name: 'chat\0web', release: '1\0', environment: '' };
    const { batch } = parse(sampleEnvelope({ app, records: [incident] }));
    expect(batch).toMatchObject({ app: 'chat\ufffdweb', release: '1\ufffd', incidents: [{ namespace: '/a\ufffdb' }] });
  });

  it('is cut: the id of what is refused comes back to its sender, who may name it as he likes', () => {
    const unknown = { kind: 'something', id: 'x'.repeat(5_000) };
    const { rejected } = parse({ ...sampleEnvelope(), records: [unknown] });
    expect(rejected).toMatchObject([{ index: 0, id: 'x'.repeat(100) }]);
  });
});

describe('a clock that is off', () => {
  it.each([-86_400_000, 86_400_000])('by %i ms moves every time of a record, by as much', (offMs) => {
    const now = Date.now();
    const at = (agoMs: number) => new Date(now + offMs - agoMs).toISOString();
    const incident = sampleIncident({ openedAt: at(3_000), updatedAt: at(2_000), closedAt: at(1_000) });
    const { batch } = parse(sampleEnvelope({ sentAt: at(0), records: [incident] }), now);
    expect(batch.incidents).toMatchObject([
      { openedAtMs: now - 3_000, updatedAtMs: now - 2_000, closedAtMs: now - 1_000 },
    ]);
  });

  it('by less than a minute moves nothing: that may have been the way', () => {
    const { batch } = parse(sampleEnvelope({ sentAt: ago(50_000) }));
    expect(batch.correctionMs).toBe(0);
  });
});

it.each([100, 100_000])('refuses a schema that is nested %i levels deep as any other that is none', (levels) => {
  const body = JSON.stringify({ ...sampleEnvelope(), schema: '@' });
  const nested = body.replace('"@"', '['.repeat(levels) + ']'.repeat(levels));
  expect(() => parseEnvelope(nested, Date.now())).toThrow('schema must be a version such as "1.0"; got an array of 1');
});
