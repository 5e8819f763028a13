import { expect, test } from 'vitest';
import { sampleIncident, sampleSession } from '../../collector/test/sample-envelope.js';
import { type OtlpSinkOptions, otlpSink } from '../../src/delivery/otlp-sink.js';
import type { SendContext } from '../../src/delivery/sink.js';
import type { PostAnswer } from '../../src/runtime/runtime.js';
import { origin } from './delivery-kit.js';
import { fakeRuntime } from './fake-runtime.js';

const url = 'https://otel.example/v1/logs';
type Value = { readonly [kind: string]: unknown };
type Attribute = { readonly key: string; readonly value: Value };

async function send(
  records: Parameters<ReturnType<typeof otlpSink>['send']>[0],
  {
    answer,
    options,
    dropped = {},
    leaving = false,
    session = {},
  }: {
    answer?: PostAnswer;
    options?: OtlpSinkOptions;
    dropped?: SendContext['envelope']['dropped'];
    leaving?: boolean;
    session?: Partial<SendContext['envelope']['session']>;
  } = {},
) {
  const runtime = fakeRuntime();
  if (answer) runtime.answerPost = () => answer;
  const envelope: SendContext['envelope'] = {
    ...origin,
    app: { name: 'chat-web', release: '4.2.0', environment: 'production' },
    session: { ...origin.session, attributes: { plan: 'team' }, ...session },
    batch: 'b1',
    sentAt: '2026-01-01T00:00:00.123Z',
    dropped,
  };
  const result = await otlpSink(url, options).send(records, { envelope, leaving, runtime });
  const [post] = runtime.posts;
  const body = post && JSON.parse(post.body);
  return { result, post, runtime, body, logs: body?.resourceLogs[0].scopeLogs[0].logRecords ?? [] };
}

const asObject = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value]));

test('an incident is a log record with its own name, severity and stable id', async () => {
  const incident = sampleIncident({ revision: 3, updatedAt: '2026-01-01T00:00:00.120Z' });
  const { post, body, logs, result } = await send([incident]);
  expect(result).toEqual({ ok: true, rejected: 0 });
  expect(post).toMatchObject({ url, contentType: 'application/json', keepalive: true });
  expect(asObject(body.resourceLogs[0].resource.attributes)).toMatchObject({
    'service.name': { stringValue: 'chat-web' },
    'service.version': { stringValue: '4.2.0' },
    'deployment.environment.name': { stringValue: 'production' },
    plan: { stringValue: 'team' },
  });
  expect(body.resourceLogs[0].scopeLogs[0].scope).toEqual({ name: 'socket.io-diagnostics', version: '0.0.0' });
  expect(logs).toHaveLength(1);
  expect(logs[0]).toMatchObject({
    timeUnixNano: '1767225600120000000',
    observedTimeUnixNano: '1767225600123000000',
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'socketio.connection.failed',
    body: { stringValue: incident.diagnosis.title },
  });
  expect(asObject(logs[0].attributes)).toMatchObject({
    'log.record.uid': { stringValue: `${incident.id}.3` },
    'session.id': { stringValue: 'this-page' },
    'error.type': { stringValue: incident.diagnosis.code },
    'server.address': { stringValue: incident.timeline.target.host },
    'server.port': { intValue: incident.timeline.target.port },
    'socketio.incident.revision': { intValue: '3' },
    'socketio.incident.settled': { boolValue: expect.any(Boolean) },
    'socketio.diagnosis.evidence': { arrayValue: { values: expect.any(Array) } },
  });
});

test.each([
  ['wifi', { stringValue: 'wifi' }],
  ['ethernet', { stringValue: 'wired' }],
  ['cellular', { stringValue: 'cell' }],
  ['none', { stringValue: 'unavailable' }],
  ['4g', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('a network that is %s is told by the semantic conventions as far as they have a word', async (networkType, told) => {
  const runtime = { kind: 'browser', engine: 'chromium', engineVersion: '131', networkType } as const;
  const { logs } = await send([sampleIncident()], { session: { runtime } });
  const facts = asObject(logs[0].attributes);
  expect(facts['socketio.runtime.engine_version']).toEqual({ stringValue: '131' });
  expect(facts['socketio.runtime.network_type']).toEqual(networkType && { stringValue: networkType });
  expect(facts['network.connection.type']).toEqual(told);
});

test('no attribute is empty, and the timeline comes only when asked for', async () => {
  for (const options of [{}, { timeline: true }]) {
    const { logs } = await send([sampleIncident(), sampleSession()], { options });
    for (const { attributes } of logs) {
      for (const { value } of attributes as Attribute[]) expect(Object.values(value)[0]).not.toBeUndefined();
      expect(new Set(attributes.map(({ key }: Attribute) => key)).size).toBe(attributes.length);
    }
    expect('socketio.timeline' in asObject(logs[0].attributes)).toBe('timeline' in options);
  }
});

test('a healthy session is a log record, its weight always a double', async () => {
  const { logs } = await send([sampleSession({ weight: 10 })]);
  expect(logs[0]).toMatchObject({ eventName: 'socketio.session', severityNumber: 9 });
  expect(asObject(logs[0].attributes)['socketio.session.weight']).toEqual({ doubleValue: 10 });
});

test('what was not sent is told under the id of its batch', async () => {
  const { logs } = await send([], { dropped: { expired: 2 } });
  expect(logs).toHaveLength(1);
  expect(logs[0].eventName).toBe('socketio.records.dropped');
  expect(asObject(logs[0].attributes)).toMatchObject({
    'log.record.uid': { stringValue: 'b1' },
    'socketio.dropped.expired': { intValue: '2' },
  });
});

test.each<[PostAnswer, object]>([
  [
    { status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"x"}}' },
    { ok: true, rejected: 1 },
  ],
  [
    { status: 200, body: '{"partialSuccess":{}}' },
    { ok: true, rejected: 0 },
  ],
  // Not the receiver's: it answers with JSON.
  [
    { status: 200, body: '<!doctype html><title>Sign in</title>' },
    { ok: false, retry: true, blocked: true },
  ],
  [
    { status: 303, body: '' },
    { ok: false, retry: true, blocked: true },
  ],
  [
    { status: 404, body: '' },
    { ok: false, retry: false, reason: 'rejected' },
  ],
  [
    { status: 429, body: '', retryAfterMs: 5000 },
    { ok: false, retry: true, afterMs: 5000 },
  ],
  [
    { status: 502, body: '' },
    { ok: false, retry: true },
  ],
  [
    { status: 503, body: '' },
    { ok: false, retry: true },
  ],
  [
    { status: 504, body: '' },
    { ok: false, retry: true },
  ],
  [
    { status: 0, body: '' },
    { ok: false, retry: true, blocked: true },
  ],
  [
    { status: 500, body: '' },
    { ok: false, retry: false, reason: 'rejected' },
  ],
  [
    { status: 408, body: '' },
    { ok: false, retry: false, reason: 'rejected' },
  ],
  [
    { status: 400, body: '' },
    { ok: false, retry: false, reason: 'rejected' },
  ],
  [
    { status: 413, body: '' },
    { ok: false, retry: false, reason: 'too-large' },
  ],
])('the answer %j is read by the table of OTLP', async (answer, result) => {
  expect((await send([sampleSession()], { answer })).result).toEqual(result);
});

test('no beacon is used: it cannot say that it is JSON', async () => {
  const { runtime, post } = await send([sampleSession()], { options: { keepalive: false }, leaving: true });
  expect(runtime.beacons).toEqual([]);
  expect(post?.keepalive).toBe(false);
});
