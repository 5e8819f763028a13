import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, read, startedCollector } from './started-collector.js';

describe('POST /v1/records', () => {
  it.each(['text/plain', 'text/plain;charset=UTF-8', 'application/json'])('stores records sent as %s', async (type) => {
    const collector = await startedCollector();
    const incident = sampleIncident();
    const envelope = sampleEnvelope({ records: [incident, sampleSession()] });

    const { status, answer } = await post(collector, envelope, { 'content-type': type });

    expect({ status, answer }).toEqual({ status: 200, answer: { accepted: 2, rejected: [] } });
    const stored = await read(collector, `/api/incidents/${incident.id}`);
    expect(stored.body.record).toEqual(incident);
    expect(stored.body.context).toEqual({ sdk: envelope.sdk, app: envelope.app, session: envelope.session });
  });

  it('unpacks gzip', async () => {
    const collector = await startedCollector();
    const body = gzipSync(JSON.stringify(sampleEnvelope()));
    const { status } = await post(collector, body, { 'content-encoding': 'gzip' });
    expect(status).toBe(200);
  });

  it('keeps the text of a record as it was received', async () => {
    const collector = await startedCollector();
    const incident = sampleIncident();
    const text = JSON.stringify(incident).replace('{', '{ "future" : 12345678901234567890.10, "e":"\\u00e9",');
    const body = JSON.stringify(sampleEnvelope({ records: [] })).replace('"records":[]', `"records":[ ${text} ]`);
    await post(collector, body);
    const response = await fetch(`${collector.url}/api/incidents/${incident.id}`);
    expect(await response.text()).toContain(`"record":${text}}`);
  });

  it('refuses a bad record by name and keeps the good ones beside it', async () => {
    const collector = await startedCollector();
    const [good, bad] = [sampleIncident(), { ...sampleIncident(), status: 'exploded' }];
    const { diagnosis: _, ...noDiagnosis } = sampleIncident();
    const records = [bad, good, noDiagnosis, 7, { kind: 'metric', id: 'm1', revision: 1 }];

    const { status, answer } = await post(collector, { ...sampleEnvelope(), records });

    expect(status).toBe(200);
    expect(answer).toEqual({
      accepted: 1,
      rejected: [
        {
          index: 0,
          id: bad.id,
          reason: 'status must be one of "open", "resolved", "abandoned"; got string "exploded"',
        },
        { index: 2, id: noDiagnosis.id, reason: 'diagnosis is missing' },
        { index: 3, reason: 'kind must be "incident" or "session" in schema 1.0' },
        { index: 4, id: 'm1', reason: 'kind must be "incident" or "session" in schema 1.0' },
      ],
    });
    expect((await read(collector, '/api/incidents')).body.incidents.map(({ id }: { id: string }) => id)).toEqual([
      good.id,
    ]);
  });

  it.each([
    ['not JSON', '{"schema":', /^The body is not JSON: /],
    ['an empty body', '', 'The body is empty; an envelope as JSON was expected.'],
    ['not an object', [1], 'The body must be an envelope, a JSON object.'],
    ['no schema', {}, 'schema must be a version such as "1.0"; got nothing'],
    [
      'another major',
      { ...sampleEnvelope(), schema: '2.0' },
      /^schema 2\.0 is not supported: this collector reads 1\.x/,
    ],
    ['a wrong type', { ...sampleEnvelope(), sdk: 'mine' }, 'sdk must be an object; got string "mine"'],
    [
      'a wrong deep field',
      { ...sampleEnvelope(), session: { ...sampleEnvelope().session, startedAt: 'soon' } },
      'session.startedAt must be an ISO 8601 time; got string "soon"',
    ],
    ['a missing field', { ...sampleEnvelope(), batch: undefined }, 'batch is missing'],
  ])('answers 400 and says why to %s', async (_, body, error) => {
    const collector = await startedCollector();
    const { status, answer, headers } = await post(collector, body);
    expect(status).toBe(400);
    expect(answer.error).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it('stores what it does not know: codes, fields, words and kinds of a newer minor', async () => {
    const collector = await startedCollector();
    const incident = sampleIncident();
    const diagnosis = { ...incident.diagnosis, code: 'not-known-here', novelty: [1] };
    const newer = { ...incident, status: 'paused', diagnosis, extra: { a: 1 } };
    const known = sampleIncident({ diagnosis });

    expect((await post(collector, { ...sampleEnvelope(), records: [known] })).answer.accepted).toBe(1);
    const records = [newer, { kind: 'metric', id: 'm1', revision: 1, value: 3 }];
    const { answer } = await post(collector, { ...sampleEnvelope(), schema: '1.7', what: 'else', records });

    expect(answer).toEqual({ accepted: 2, rejected: [] });
    expect((await read(collector, `/api/incidents/${incident.id}`)).body.record).toEqual(newer);
  });

  it('lets the highest revision win, in whatever order they come', async () => {
    const collector = await startedCollector();
    const first = sampleIncident();
    const third = sampleIncident({ id: first.id, revision: 3, status: 'resolved', closedAt: ago(0) });
    const second = sampleIncident({ id: first.id, revision: 2, failedAttempts: 9 });
    const forged = sampleIncident({ id: first.id, revision: 3, status: 'abandoned' });

    for (const record of [first, third, second, first, third, forged]) {
      const { answer } = await post(collector, sampleEnvelope({ records: [record] }));
      expect(answer).toEqual({ accepted: 1, rejected: [] });
    }

    expect((await read(collector, `/api/incidents/${first.id}`)).body.record).toEqual(third);
    expect((await read(collector, '/api/overview')).body.incidents).toBe(1);
  });

  it('counts what the SDK had to drop once, however often the batch is sent', async () => {
    const collector = await startedCollector();
    const envelope = sampleEnvelope({ dropped: { 'queue-full': 4 } });
    await Promise.all([post(collector, envelope), post(collector, envelope), post(collector, envelope)]);
    const { body } = await read(collector, '/api/overview');
    expect([body.dropped, body.incidents]).toEqual([{ 'queue-full': 4 }, 1]);
  });

  it('puts times right that come from a clock that is years off', async () => {
    const collector = await startedCollector();
    const [now, year] = [Date.now(), 365 * 86_400_000];
    const at = (ms: number) => new Date(ms + year).toISOString();
    const incident = sampleIncident({ openedAt: at(now - 30_000), updatedAt: at(now - 10_000) });
    await post(collector, sampleEnvelope({ sentAt: at(now), records: [incident] }));
    const { body } = await read(collector, '/api/incidents');
    expect(Math.abs(body.incidents[0].openedAtMs - (now - 30_000))).toBeLessThan(5000);
  });

  it('shares one transaction among requests and answers every one of them', async () => {
    const collector = await startedCollector();
    const answers = await Promise.all(Array.from({ length: 60 }, () => post(collector, sampleEnvelope())));
    expect(answers.every(({ status, answer }) => status === 200 && answer.accepted === 1)).toBe(true);
    expect((await read(collector, '/api/overview')).body.incidents).toBe(60);
  });

  it('answers a CORS preflight without allowing credentials', async () => {
    const collector = await startedCollector();
    const { status, headers } = await fetch(collector.recordsUrl, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    expect(headers.get('access-control-allow-headers')).toContain('Content-Type');
    const asked = 'authorization,content-encoding,x-project-key';
    const own = await fetch(collector.recordsUrl, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': asked },
    });
    expect(own.headers.get('access-control-allow-headers')).toBe(asked);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});
