import { expect, test } from 'vitest';
import { httpSink } from '../../src/delivery/http-sink.js';
import { isOwnRequest, ownRequestPatterns } from '../../src/own-requests.js';
import type { ProbeContext } from '../../src/probes/probe.js';
import { probeUrl } from '../../src/probes/probe-url.js';
import { fakeRuntime } from './fake-runtime.js';

const question = probeUrl(
  {
    runtime: fakeRuntime(),
    target: { secure: true, host: 'api.example', port: '443', path: '/socket.io/', sameOrigin: false },
    client: { major: 4, version: '4.8+', protocol: 4 },
  } as unknown as ProbeContext,
  { transport: 'polling' },
);
const uploads = ['https://telemetry.example/v1/records', 'https://telemetry.example/v1/records?key=1'];
const foreign = [
  'https://api.example/socket.io/?EIO=4&transport=polling&t=abc123',
  'https://telemetry.example/v1/records/other',
  'https://telemetry.example.evil/v1/records',
];

test('uploads and questions are told from everything else', () => {
  expect(isOwnRequest('https://telemetry.example/v1/records')).toBe(false);
  httpSink('https://telemetry.example/v1/records?key=1');
  httpSink('/v1/own');
  for (const url of [...uploads, question, '/v1/own', 'https://app.example/v1/own'])
    expect(isOwnRequest(url)).toBe(true);
  for (const url of [...foreign, 'https://app.example/api/v1/own']) expect(isOwnRequest(url)).toBe(false);
});

test('patterns need no sink to exist yet', () => {
  const patterns = ownRequestPatterns('https://telemetry.example/v1/records');
  const matches = (url: string) => patterns.some((pattern) => pattern.test(url));
  for (const url of [...uploads, question]) expect(matches(url)).toBe(true);
  for (const url of foreign) expect(matches(url)).toBe(false);
});
