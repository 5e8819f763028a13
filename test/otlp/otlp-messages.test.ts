import { describe, expect, test } from 'vitest';
import { sampleIncident, sampleSession } from '../../collector/test/sample-envelope.js';
import { rules } from '../../src/causes/rules.js';
import { rule as unclassified } from '../../src/causes/unclassified.js';
import { usageRules } from '../../src/causes/usage-rules.js';
import type { DiagnosticsRecord, IncidentRecord } from '../../src/delivery/envelope.js';
import { otlpSink } from '../../src/delivery/otlp-sink.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { createFacts } from '../../src/diagnosis/facts.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { readRecordings } from '../tools/exactness.js';
import { origin } from '../unit/delivery-kit.js';
import { parseLogs } from './parse-logs.js';

/** An incident for each recording, so that every cause, its details and its evidence go through. */
const incidents = readRecordings().flatMap(({ recording: { timeline } }): IncidentRecord[] => {
  const diagnosis = diagnose(createFacts(timeline), [...rules, ...usageRules()], unclassified);
  return diagnosis ? [sampleIncident({ phase: diagnosis.phase, diagnosis, timeline })] : [];
});
const records: readonly DiagnosticsRecord[] = [
  ...incidents,
  sampleSession(),
  sampleSession({ weight: 10, ended: 'page' }),
  // Numbers that look like another type.
  sampleIncident({ failedAttempts: 2 ** 40, namespace: '/ünïcode "quoted"\n' }),
];

/** What really goes over the wire: bodies as a server received them. */
async function sent(options: { timeline?: boolean } = {}): Promise<string[]> {
  const bodies: string[] = [];
  const { url, close } = await startHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.end('{}');
  });
  const sink = otlpSink(`${url}/v1/logs`, options);
  const runtime = nodeRuntime();
  for (const record of records) {
    const envelope = {
      ...origin,
      app: { name: 'chat-web', release: '4.2.0', environment: 'production' },
      session: { ...origin.session, attributes: { plan: 'team', seats: 3, trial: false, ratio: 0.5 } },
      batch: 'b1',
      sentAt: '2026-01-01T00:00:00.123Z',
      dropped: { sampled: 2 },
    };
    expect(await sink.send([record], { envelope, leaving: false, runtime })).toMatchObject({ ok: true });
  }
  await close();
  return bodies;
}

const withTimeline = await sent({ timeline: true });
const plain = await sent();

describe('every record, by the official messages', () => {
  test.each([
    ['without the timeline', plain],
    ['with it', withTimeline],
  ])('is understood whole %s', (_name, bodies) => {
    const parsed = parseLogs(bodies);
    expect(parsed.map(({ error }) => error).filter(Boolean)).toEqual([]);
    // Nothing is lost or read as another type: protobuf's own JSON says the same.
    expect(parsed.map(({ understood }) => understood)).toEqual(bodies.map((body) => JSON.parse(body, withoutEmpty)));
  });
});

describe('what protobuf forgives and the OTLP specification does not', () => {
  const everything = [...plain, ...withTimeline].map((body) => JSON.parse(body) as unknown);

  test('all keys are in lowerCamelCase', () => {
    expect([...new Set(keysOf(everything))].filter((key) => !/^[a-z][A-Za-z0-9]*$/.test(key))).toEqual([]);
  });

  test('64-bit integers are texts, and times have nine digits below a second', () => {
    const wide = valuesOf(everything, /^(intValue|.*UnixNano)$/);
    expect(wide.length).toBeGreaterThan(records.length);
    expect(wide.filter((value) => typeof value !== 'string' || !/^-?\d+$/.test(value))).toEqual([]);
    expect(valuesOf(everything, /UnixNano$/).filter((time) => !/^1\d{18}$/.test(String(time)))).toEqual([]);
  });

  test('severities are numbers', () => {
    expect([...new Set(valuesOf(everything, /^severityNumber$/))].sort()).toEqual([13, 17, 9]);
  });

  test('ids of traces and spans, where there are any, are in hex', () => {
    for (const id of valuesOf(everything, /^(traceId|spanId)$/)) expect(id).toMatch(/^([0-9a-f]{32}|[0-9a-f]{16})$/);
  });
});

test('the parser finds what is wrong', () => {
  const [good = ''] = plain;
  const change = (from: string, to: string) => {
    expect(good).toContain(from);
    return good.replace(from, to);
  };
  const parsed = parseLogs([
    change('"eventName"', '"event"'),
    change('"severityNumber":17', '"severityNumber":"SERIOUS"'),
    change('"stringValue":"', '"intValue":"x'),
    change('"timeUnixNano":"', '"timeUnixNano":"-'),
    change('"attributes":[', '"attributes":{"a":1},"x":['),
  ]);
  expect(parsed.map(({ error }) => typeof error)).toEqual(Array(5).fill('string'));
});

/** To protobuf an empty list is none. */
const withoutEmpty = (_key: string, value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value);

function* keysOf(value: unknown): Generator<string> {
  for (const [key, inner] of Object.entries(Object(value))) {
    if (!Array.isArray(value)) yield key;
    if (typeof inner === 'object') yield* keysOf(inner);
  }
}

function valuesOf(value: unknown, wanted: RegExp): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    !Array.isArray(value) && wanted.test(key) ? [inner] : valuesOf(inner, wanted),
  );
}
