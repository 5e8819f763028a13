import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../src/index.js';
import { rawExchange, statusesIn } from './raw-exchange.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { temporaryFolderForAll } from './started-collector.js';

const data = temporaryFolderForAll();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector({ port: 0, data, ratePerAddress: 0 });
});
afterAll(() => collector.close());

const CRLF = '\r\n';

function head(start: string, headers: readonly string[] = []): string {
  return [start, 'Host: localhost', ...headers, '', ''].join(CRLF);
}

function goodBody(): { id: string; body: string; length: number } {
  const incident = sampleIncident({ id: randomUUID() });
  const body = JSON.stringify(sampleEnvelope({ records: [incident] }));
  return { id: incident.id, body, length: Buffer.byteLength(body) };
}

async function isStored(id: string): Promise<boolean> {
  return (await fetch(`${collector.url}/api/incidents/${id}`)).status === 200;
}

const POST = 'POST /v1/records HTTP/1.1';
const TEXT = 'Content-Type: text/plain';

describe('what is odd but right', () => {
  it('two requests at once in one connection are both answered and stored', async () => {
    const [one, two] = [goodBody(), goodBody()];
    const parts = [one, two].map(({ body, length }) => head(POST, [TEXT, `Content-Length: ${length}`]) + body);
    expect(statusesIn(await rawExchange(collector.url, [parts.join('')], { answers: 2 }))).toEqual([200, 200]);
    expect([await isStored(one.id), await isStored(two.id)]).toEqual([true, true]);
  });

  it('chunks of one byte, with extensions and trailers, are a body', async () => {
    const { id, body } = goodBody();
    const chunks = [...body].map((char) => `${Buffer.byteLength(char).toString(16)};x=y${CRLF}${char}${CRLF}`);
    const text = `${head(POST, [TEXT, 'Transfer-Encoding: chunked'])}${chunks.join('')}0${CRLF}X-Trailer: 1${CRLF}${CRLF}`;
    expect(statusesIn(await rawExchange(collector.url, [text], { answers: 1 }))).toEqual([200]);
    expect(await isStored(id)).toBe(true);
  });

  it('HTTP/1.0 is answered', async () => {
    const { id, body, length } = goodBody();
    const text = `POST /v1/records HTTP/1.0${CRLF}${TEXT}${CRLF}Content-Length: ${length}${CRLF}${CRLF}${body}`;
    expect(statusesIn(await rawExchange(collector.url, [text], { answers: 1 }))).toEqual([200]);
    expect(await isStored(id)).toBe(true);
  });

  it('a sender that waits for 100 Continue gets it', async () => {
    const { id, body, length } = goodBody();
    const text = head(POST, [TEXT, `Content-Length: ${length}`, 'Expect: 100-continue']) + body;
    expect(statusesIn(await rawExchange(collector.url, [text], { answers: 2 }))).toEqual([100, 200]);
    expect(await isStored(id)).toBe(true);
  });

  it('gzip in two members is unpacked as one', async () => {
    const { id, body } = goodBody();
    const packed = Buffer.concat([gzipSync(body.slice(0, 100)), gzipSync(body.slice(100))]);
    const start = head(POST, [TEXT, 'Content-Encoding: gzip', `Content-Length: ${packed.length}`]);
    expect(statusesIn(await rawExchange(collector.url, [start, packed], { answers: 1 }))).toEqual([200]);
    expect(await isStored(id)).toBe(true);
  });
});

const BODY = goodBody();
const FULL = `${BODY.body}`;

describe('what is wrong is answered or let go, and nothing of it is stored', () => {
  it.concurrent.each<[string, readonly (string | Uint8Array)[]]>([
    ['a length that is too short', [head(POST, [TEXT, 'Content-Length: 10']) + FULL]],
    ['a negative length', [head(POST, [TEXT, 'Content-Length: -1']) + FULL]],
    ['a length in words', [head(POST, [TEXT, 'Content-Length: many']) + FULL]],
    ['two lengths', [head(POST, [TEXT, `Content-Length: ${BODY.length}`, 'Content-Length: 3']) + FULL]],
    ['a length of an exabyte', [head(POST, [TEXT, 'Content-Length: 1000000000000000000']) + FULL]],
    ['a length and chunks', [head(POST, [TEXT, 'Content-Length: 5', 'Transfer-Encoding: chunked']) + FULL]],
    ['chunks without sizes', [head(POST, [TEXT, 'Transfer-Encoding: chunked']) + FULL]],
    ['a chunk of 2^64 bytes', [`${head(POST, [TEXT, 'Transfer-Encoding: chunked'])}10000000000000000${CRLF}${FULL}`]],
    ['an unknown transfer encoding', [head(POST, [TEXT, 'Transfer-Encoding: secret']) + FULL]],
    ['line ends without CR', [head(POST, [TEXT, `Content-Length: ${BODY.length}`]).replaceAll(CRLF, '\n') + FULL]],
    ['a folded header', [`${POST}${CRLF}Host: localhost${CRLF} folded: yes${CRLF}${TEXT}${CRLF}${CRLF}${FULL}`]],
    ['a NUL in a header', [head(POST, [TEXT, 'X-A: a\0b', `Content-Length: ${BODY.length}`]) + FULL]],
    ['no Host', [`${POST}${CRLF}${TEXT}${CRLF}Content-Length: ${BODY.length}${CRLF}${CRLF}${FULL}`]],
    ['a header of 20 KB', [head(POST, [TEXT, `X-Long: ${'x'.repeat(20_000)}`]) + FULL]],
    ['an address of 20 KB', [head(`POST /v1/records?${'x'.repeat(20_000)} HTTP/1.1`, [TEXT]) + FULL]],
    [
      '10,000 headers',
      [
        head(
          POST,
          Array.from({ length: 10_000 }, (_, n) => `X-${n}: 1`),
        ) + FULL,
      ],
    ],
    ['an endless header', [`${POST}${CRLF}X: `, ...Array.from({ length: 40 }, () => 'y'.repeat(1000))]],
    [
      'truncated gzip',
      [head(POST, [TEXT, 'Content-Encoding: gzip', 'Content-Length: 60']), gzipSync(FULL).subarray(0, 60)],
    ],
    ['gzip twice', packed(gzipSync(gzipSync(FULL)), 'gzip')],
    ['gzip twice by name', packed(gzipSync(gzipSync(FULL)), 'gzip, gzip')],
    ['an encoding of 300 letters', packed(Buffer.from(FULL), 'z'.repeat(300))],
    ['the preface of HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
    ['the hello of TLS', [Buffer.from('160301020001000001fc0303', 'hex'), Buffer.alloc(500, 7)]],
    ['no HTTP at all', ['hello?\r\n\r\n']],
    ['zeros', [Buffer.alloc(100_000)]],
    ['an expectation that nobody knows', [head(POST, [TEXT, 'Expect: the-impossible', 'Content-Length: 2'])]],
    ['no content type', [head(POST, [`Content-Length: ${BODY.length}`]) + FULL]],
    [
      'a form',
      [head(POST, ['Content-Type: multipart/form-data; boundary=x', `Content-Length: ${BODY.length}`]) + FULL],
    ],
  ])('%s', async (_, parts) => {
    const statuses = statusesIn(await rawExchange(collector.url, parts));
    for (const status of statuses) expect([400, 408, 411, 413, 414, 415, 417, 431, 501, 505]).toContain(status);
    expect(await isStored(BODY.id)).toBe(false);
  });
});

function packed(bytes: Buffer, encoding: string): (string | Uint8Array)[] {
  return [head(POST, [TEXT, `Content-Encoding: ${encoding}`, `Content-Length: ${bytes.length}`]), bytes];
}

it.concurrent.each([
  [
    'GET /v1/records',
    ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA=='],
  ],
  ['GET /api/overview', ['Connection: Upgrade', 'Upgrade: h2c']],
  ['CONNECT example.com:443', []],
  ['TRACE /', []],
  ['OPTIONS *', []],
  ['PROPFIND /', []],
  ['HEAD /api/overview', []],
  ['GET http://other.example/api/overview', []],
  ['GET //api//overview', []],
  ['GET /v1%2frecords', []],
  ['GET /api/incidents/..%2f..%2f..%2fetc%2fpasswd', []],
  ['GET /assets/..%2f..%2f..%2fpackage.json', []],
  ['GET /assets/%2e%2e/%2e%2e/package.json', []],
  ['GET /assets/%00', []],
  ['GET /api/incidents/%00', []],
  ['GET /api/incidents/__proto__', []],
  ['GET /api/causes/constructor', []],
  ['GET /api/causes/%E0%A4%A', []],
  ['GET /api/sessions/%ff%fe', []],
  ['GET /causes/%', []],
  [`GET /api/incidents/${'a'.repeat(2000)}`, []],
  [`GET /api/causes/${'%2f'.repeat(400)}`, []],
  ['GET /api/incidents?limit=1e9', []],
  ['GET /api/incidents?limit=-0&cursor=9999999999999999_x', []],
  ['GET /api/incidents?cursor=0_%00', []],
  ['GET /api/incidents?search=%25%5f%5c%00', []],
  [`GET /api/incidents?search=${'%25'.repeat(1000)}`, []],
  ['GET /api/overview?period=all&since=-1', []],
  ['GET /api/overview?since=999999999999999&until=1', []],
  ['GET /api/overview?since=0&until=999999999999999', []],
  ['GET /api/overview?since=1&until=2', []],
  ['GET /api/causes?since=0001-01-01T00:00:00Z', []],
  ['GET /api/releases?since=+275760-09-13T00:00:00Z', []],
  ['GET /api/overview?period=__proto__', []],
  ['GET /api/overview?app=a&app=b&app[c]=d', []],
  ['GET /api/export/incidents.csv?limit=x', []],
  ['GET /api/export/__proto__.csv', []],
  ['GET /metrics?x=%00', []],
])('%s is answered below 500', async (start, headers) => {
  const said = await rawExchange(collector.url, [head(`${start} HTTP/1.1`, headers)], { answers: 1 });
  for (const status of statusesIn(said)) expect(status).toBeLessThan(500);
  expect(said).not.toMatch(/root:|"devDependencies"|node_modules/);
  expect((await fetch(`${collector.url}/healthz`)).status).toBe(200);
});

it('HEAD /healthz, as programs that watch others ask, is answered as GET is, without a body', async () => {
  const answer = await fetch(`${collector.url}/healthz`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'application/json; charset=utf-8',
    '',
  ]);
});

it('senders that hang up in mid-body leave nothing behind', async () => {
  const { id, body, length } = goodBody();
  const half = head(POST, [TEXT, `Content-Length: ${length}`]) + body.slice(0, 200);
  await Promise.all(Array.from({ length: 50 }, () => rawExchange(collector.url, [half], { hangUp: true })));
  await expect.poll(async () => (await fetch(`${collector.url}/metrics`)).text()).toContain('_waiting_bytes 0\n');
  expect(await isStored(id)).toBe(false);
});
