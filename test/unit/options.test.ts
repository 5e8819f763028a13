import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge.js';
import { misuseSentences } from '../../src/misuse-sentences.js';
import { createWithDiagnostics } from '../../src/observe.js';
import { resolveOptions } from '../../src/options.js';
import { fakeRuntime } from './fake-runtime.js';

function resolve(given: unknown) {
  const messages: string[] = [];
  const sentences = misuseSentences();
  const options = resolveOptions(given, (name, ...about) => {
    const say: ((...about: never[]) => string) | undefined = sentences?.[name];
    if (say) messages.push(say(...(about as never[])));
  });
  return { options, messages };
}

const defaults = {
  app: undefined,
  sinks: [],
  onDiagnosis: undefined,
  probe: { maxPerIncident: 6, cooldownMs: 60_000, timeoutMs: 5_000 },
  sampleRate: 1,
  limits: undefined,
  storage: undefined,
  beforeSend: undefined,
  sessionId: undefined,
  attributes: undefined,
  console: false,
  lint: false,
};

const KNOWN =
  'app, collector, onDiagnosis, probe, sampleRate, limits, storage, beforeSend, sessionId, attributes, console, lint';
const APP =
  'options.app: expected an object with the string name and, optionally, the strings release and environment, got';
const COLLECTOR =
  'options.collector: expected a URL, a sink (a function that takes the records, or { send(records) }), or an array of these, got';
const COLLECTOR_URL =
  'options.collector: expected an http(s) URL without a user name and password, or a path on the page\'s own origin such as "/v1/records", got another string';
const PROBE =
  "options.probe: expected 'auto', 'never' or an object with the numbers maxPerIncident, cooldownMs and timeoutMs, got";
const SAMPLE_RATE = 'options.sampleRate: expected a number from 0 to 1, got';
const ATTRIBUTES = 'options.attributes: expected an object of strings, numbers and booleans, got';

describe('a wrong option is named, with what it takes and what came, and its default is used', () => {
  test.each<[unknown, string]>([
    [null, 'options: expected an object, got null'],
    ['c0ffee5ecret', 'options: expected an object, got a string'],
    [{ colector: 'c0ffee5ecret' }, `options.colector: unknown option; the known options are ${KNOWN}`],
    [{ toString: 'c0ffee5ecret' }, `options.toString: unknown option; the known options are ${KNOWN}`],
    [{ app: 'c0ffee5ecret' }, `${APP} a string`],
    [{ app: { release: '1' } }, `${APP} an object of another shape`],
    [{ app: { name: 'a', release: 2 } }, `${APP} an object of another shape`],
    [{ collector: 7 }, `${COLLECTOR} 7`],
    [{ collector: '' }, `${COLLECTOR} a string`],
    [{ collector: {} }, `${COLLECTOR} an object of another shape`],
    [{ collector: ['https://a.example/', {}] }, `${COLLECTOR} an array`],
    [{ collector: 'ftp://a.example/?key=c0ffee5ecret' }, COLLECTOR_URL],
    [{ collector: 'https://user:c0ffee5ecret@a.example/' }, COLLECTOR_URL],
    [{ onDiagnosis: 'c0ffee5ecret' }, 'options.onDiagnosis: expected a function, got a string'],
    [{ beforeSend: {} }, 'options.beforeSend: expected a function, got an object of another shape'],
    [{ probe: 'always' }, `${PROBE} a string`],
    [{ probe: true }, `${PROBE} true`],
    [{ probe: { timeoutMs: '5' } }, `${PROBE} an object of another shape`],
    [{ probe: { timeoutMs: -1 } }, `${PROBE} an object of another shape`],
    [{ probe: { timeoutMs: Number.NaN } }, `${PROBE} an object of another shape`],
    [{ probe: { timeout: 5 } }, `${PROBE} an object of another shape`],
    [{ probe: { constructor: 5 } }, `${PROBE} an object of another shape`],
    [{ sampleRate: 2 }, `${SAMPLE_RATE} 2`],
    [{ sampleRate: '0.5' }, `${SAMPLE_RATE} a string`],
    [{ sampleRate: Number.NaN }, `${SAMPLE_RATE} NaN`],
    [{ sessionId: '' }, 'options.sessionId: expected a string, got a string'],
    [{ sessionId: 5 }, 'options.sessionId: expected a string, got 5'],
    [{ attributes: { user: { token: 'c0ffee5ecret' } } }, `${ATTRIBUTES} an object of another shape`],
    [{ attributes: ['c0ffee5ecret'] }, `${ATTRIBUTES} an array`],
    [{ attributes: Symbol('c0ffee5ecret') }, `${ATTRIBUTES} a symbol`],
    [{ console: 'prod' }, "options.console: expected 'dev', true or false, got a string"],
  ])('%j', (given, message) => {
    const { options, messages } = resolve(given);
    expect(messages).toEqual([message]);
    expect(options).toEqual(defaults);
    expect(messages.join()).not.toContain('c0ffee5ecret');
  });
});

test('what is right is taken, what is missing or undefined gets its default', () => {
  expect(resolve(undefined)).toEqual({ options: defaults, messages: [] });
  expect(resolve({}).options).toEqual(defaults);
  const absent = Object.fromEntries(KNOWN.split(', ').map((name) => [name, undefined]));
  expect(resolve(absent)).toEqual({ options: defaults, messages: [] });
  const sink = { send: async () => ({ ok: true as const }) };
  const given = {
    app: { name: 'chat', release: '1', environment: 'production' },
    onDiagnosis: () => {},
    beforeSend: () => null,
    sampleRate: 0,
    sessionId: 'page',
    attributes: { plan: 'free', seats: 3, beta: true },
    console: 'dev',
  };
  const { options, messages } = resolve({ ...given, collector: [sink, 'https://a.example/v1/records', '/v1/records'] });
  expect(messages).toEqual([]);
  expect(options).toMatchObject(given);
  expect(options.sinks).toHaveLength(3);
  expect(options.sinks[0]).toBe(sink);
});

test('limits of probes: the ones that are not given stay as they are, and a time-out fits a timer', () => {
  const probe = (given: unknown) => resolve({ probe: given }).options.probe;
  expect(probe('never')).toBeUndefined();
  expect(probe('auto')).toEqual(defaults.probe);
  expect(probe({ maxPerIncident: 2, timeoutMs: undefined })).toEqual({ ...defaults.probe, maxPerIncident: 2 });
  expect(probe({ cooldownMs: Number.POSITIVE_INFINITY, timeoutMs: Number.POSITIVE_INFINITY })).toEqual({
    ...defaults.probe,
    cooldownMs: Number.POSITIVE_INFINITY,
    timeoutMs: 2 ** 31 - 1,
  });
});

test('told once, while the app is being developed, and never in production', () => {
  for (const development of [true, false]) {
    const runtime = fakeRuntime();
    runtime.development = development;
    const withDiagnostics = createWithDiagnostics(() => runtime, judge);
    const emitter = () => ({ on() {}, off() {} });
    for (let round = 0; round < 3; round += 1) {
      withDiagnostics({ ...emitter(), connected: false, io: emitter() }, {
        sampleRate: 2,
      } as never).diagnostics.dispose();
      withDiagnostics('c0ffee5ecret' as never);
    }
    expect(runtime.warnings).toEqual(
      development
        ? [
            `${SAMPLE_RATE} 2`,
            'withDiagnostics(socket): expected a socket of socket.io-client 1.x to 4.x, got a string',
          ]
        : [],
    );
  }
});

test('a getter that throws is a mistake of the app, too, and costs it nothing but the diagnoses', () => {
  const runtime = fakeRuntime();
  const socket = { on() {}, off() {}, connected: false, io: { on() {}, off() {} } };
  const given = {
    get collector(): never {
      throw new Error('c0ffee5ecret');
    },
  };
  const { diagnostics } = createWithDiagnostics(() => runtime, judge)(socket, given);
  expect(diagnostics.report().markdown).toBe('The socket is not watched.\n');
});

test('a function is a sink: it may answer as a sink does, or with anything else', async () => {
  const seen: unknown[] = [];
  const answers: unknown[] = [{ ok: false, retry: true }, 7];
  const collector = (records: readonly unknown[]) => {
    seen.push(records);
    if (!answers.length) throw new Error('thrown by the sink');
    return answers.shift();
  };
  const [sink] = resolveOptions({ collector: [collector] }, () => {}).sinks;
  const send = () => sink?.send([], {} as never);
  expect(await send()).toEqual({ ok: false, retry: true });
  expect(await send()).toBe(7);
  await expect(send()).rejects.toThrow('thrown by the sink');
  expect(seen).toHaveLength(3);
});
