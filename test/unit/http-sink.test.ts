import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createDelivery } from '../../src/delivery/delivery.js';
import type { DiagnosticsRecord, Envelope } from '../../src/delivery/envelope.js';
import { type HttpSinkOptions, httpSink } from '../../src/delivery/http-sink.js';
import type { SendContext } from '../../src/delivery/sink.js';
import { utf8Bytes } from '../../src/delivery/utf8-bytes.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { retryAfterMs } from '../../src/runtime/retry-after-ms.js';
import type { PostAnswer } from '../../src/runtime/runtime.js';
import { incidentRecord, origin, sessionRecord } from './delivery-kit.js';
import { type FakeRuntime, fakeRuntime } from './fake-runtime.js';

const url = 'https://collector.example/v1/records';

function context(runtime: FakeRuntime, batch: string, leaving = false): SendContext {
  const envelope = { ...origin, schema: '1.0', batch, sentAt: '2026-01-01T00:00:00.000Z', dropped: {} };
  return { envelope, leaving, runtime };
}

describe('the URL', () => {
  test('may be absolute or a path of the page', () => {
    for (const good of [url, 'http://localhost:4319', '/v1/records', 'HTTPS://[::1]:8080/x?key=1']) {
      expect(() => httpSink(good)).not.toThrow();
    }
    expect(httpSink(`${url}?key=secret#x`).name).toBe(url);
  });

  test('that cannot work is refused with the reason, and without the password in it', () => {
    for (const bad of [
      '',
      'collector.example',
      '//collector.example',
      'ftp://x/',
      'https://',
      'https:///x',
      ' /x',
      undefined,
      7,
    ]) {
      expect(() => httpSink(bad as string)).toThrow(/httpSink takes an http\(s\) URL .* got /);
    }
    expect(() => httpSink('https://user:secret@collector.example/')).toThrow(
      /got "https:\/\/…@collector.example\/"\.$/,
    );
  });
});

describe('a request', () => {
  test('is plain text with the envelope around the records, and keepalive', async () => {
    const runtime = fakeRuntime();
    const record = sessionRecord('a');
    expect(await httpSink(url).send([record], context(runtime, 'b1'))).toEqual({ ok: true, rejected: [] });
    const [post] = runtime.posts;
    expect(post).toMatchObject({ url, contentType: 'text/plain;charset=UTF-8', keepalive: true, timeoutMs: 10_000 });
    expect(JSON.parse(post?.body ?? '')).toEqual({
      ...origin,
      schema: '1.0',
      batch: 'b1',
      sentAt: '2026-01-01T00:00:00.000Z',
      dropped: {},
      records: [record],
    });
  });

  test('is not made when it would be more than 60,000 bytes', async () => {
    const runtime = fakeRuntime();
    const send = (chars: number) =>
      httpSink(url).send([sessionRecord('a', 1, { x: '€'.repeat(chars) })], context(runtime, 'b'));
    expect(await send(19_000)).toMatchObject({ ok: true });
    expect(await send(20_000)).toEqual({ ok: false, retry: false, reason: 'too-large' });
    expect(runtime.posts).toHaveLength(1);
    expect(runtime.posts[0]?.body.length).toBeLessThan(20_000);
  });

  test.each<[PostAnswer, object]>([
    [
      { status: 204, body: '' },
      { ok: true, rejected: [] },
    ],
    [
      { status: 200, body: 'OK' },
      { ok: true, rejected: [] },
    ],
    // Of a captive portal, a login or the start page of a site: the records are not stored.
    [
      { status: 200, body: '<html>' },
      { ok: false, retry: true, blocked: true },
    ],
    [
      { status: 203, body: '\ufeff\n <!-- Sign in --><!doctype html>' },
      { ok: false, retry: true, blocked: true },
    ],
    // Node does not follow it, and a browser that followed it asks by GET.
    [
      { status: 302, body: '' },
      { ok: false, retry: true, blocked: true },
    ],
    [
      { status: 200, body: '{"accepted":1,"rejected":[{"index":0,"reason":"x"}]}' },
      { ok: true, rejected: ['a'] },
    ],
    [
      { status: 200, body: '{"accepted":1,"rejected":[{"index":1,"id":"b","reason":"x"}]}' },
      { ok: true, rejected: ['b'] },
    ],
    [
      { status: 0, body: '' },
      { ok: false, retry: true, blocked: true },
    ],
    [
      { status: 408, body: '' },
      { ok: false, retry: true },
    ],
    [
      { status: 425, body: '' },
      { ok: false, retry: true },
    ],
    [
      { status: 429, body: '', retryAfterMs: 7e9 },
      { ok: false, retry: true, afterMs: 7e9 },
    ],
    [
      { status: 500, body: '' },
      { ok: false, retry: true },
    ],
    [
      { status: 503, body: '', retryAfterMs: 2000 },
      { ok: false, retry: true, afterMs: 2000 },
    ],
    [
      { status: 413, body: '' },
      { ok: false, retry: false, reason: 'too-large' },
    ],
    [
      { status: 400, body: '' },
      { ok: false, retry: false, reason: 'rejected' },
    ],
    [
      { status: 422, body: '{"error":"x"}' },
      { ok: false, retry: false, reason: 'rejected' },
    ],
    [
      { status: 400, body: '<html>The plain HTTP request was sent to HTTPS port' },
      { ok: false, retry: true, blocked: true },
    ],
    [
      { status: 413, body: '<html>' },
      { ok: false, retry: false, reason: 'too-large' },
    ],
    [
      { status: 410, body: '' },
      { ok: false, retry: false, reason: 'rejected' },
    ],
    // About the way there, not about the records.
    ...[401, 403, 404, 405, 407, 411, 415, 421, 431, 451].map((status): [PostAnswer, object] => [
      { status, body: '404 page not found' },
      { ok: false, retry: true, blocked: true },
    ]),
  ])('answered with %j means %j', async (answer, expected) => {
    const runtime = fakeRuntime();
    runtime.answerPost = () => answer;
    expect(await httpSink(url).send([sessionRecord('a'), sessionRecord('b')], context(runtime, 'b1'))).toEqual(
      expected,
    );
  });

  test('shares one keepalive budget with all others of the page', async () => {
    const runtime = fakeRuntime();
    const releases: (() => void)[] = [];
    runtime.answerPost = () => new Promise((resolve) => releases.push(() => resolve({ status: 200, body: '' })));
    const records = [sessionRecord('a', 1, { x: 'x'.repeat(25_000) })];
    const sending = [1, 2, 3].map((n) => httpSink(url).send(records, context(runtime, `b${n}`)));
    expect(runtime.posts.map(({ keepalive }) => keepalive)).toEqual([true, true, false]);
    for (const release of releases.splice(0)) release();
    await Promise.all(sending);
    const small = Array.from({ length: 10 }, (_, n) =>
      httpSink(url).send([sessionRecord('a')], context(runtime, `c${n}`)),
    );
    expect(runtime.posts.slice(3).filter(({ keepalive }) => keepalive)).toHaveLength(8);
    for (const release of releases) release();
    await Promise.all(small);
    await httpSinkOnce(runtime, {}, releases);
    expect(runtime.posts.at(-1)?.keepalive).toBe(true);
    await httpSinkOnce(runtime, { keepalive: false }, releases);
    expect(runtime.posts.at(-1)?.keepalive).toBe(false);
  });

  test('that failed with keepalive is repeated without', async () => {
    const runtime = fakeRuntime();
    const sink = httpSink(url);
    runtime.answerPost = () => ({ status: 0, body: '' });
    for (let n = 0; n < 3; n++) await sink.send([sessionRecord('a')], context(runtime, 'b'));
    expect(runtime.posts.map(({ keepalive }) => keepalive)).toEqual([true, false, true]);
  });
});

describe('a page that is left', () => {
  test('does not send twice what survives anyway', async () => {
    const runtime = fakeRuntime();
    const sink = httpSink(url);
    const calm = sink.send([sessionRecord('a')], context(runtime, 'b'));
    const leaving = sink.send([sessionRecord('a')], context(runtime, 'b', true));
    expect(await leaving).toEqual(await calm);
    expect(runtime.posts).toHaveLength(1);
  });

  test('sends again when it is left another time', async () => {
    const runtime = fakeRuntime();
    const sink = httpSink(url);
    runtime.answerPost = () => ({ status: 503, body: '' });
    expect(await sink.send([sessionRecord('a')], context(runtime, 'b', true))).toEqual({ ok: false, retry: true });
    runtime.answerPost = () => ({ status: 200, body: '' });
    expect(await sink.send([sessionRecord('a')], context(runtime, 'b', true))).toMatchObject({ ok: true });
    expect(runtime.posts).toHaveLength(2);
  });

  test('sends no beacon where a header is needed, which beacons cannot have', async () => {
    const runtime = fakeRuntime();
    const releases: (() => void)[] = [];
    runtime.answerPost = () => new Promise((resolve) => releases.push(() => resolve({ status: 200, body: '' })));
    const big: DiagnosticsRecord[] = [sessionRecord('a', 1, { x: 'x'.repeat(55_000) })];
    const sink = httpSink(url, { headers: { authorization: 'Bearer key' } });
    const sending = ['b1', 'b2'].map((batch) => sink.send(big, context(runtime, batch, true)));
    expect(runtime.posts.map(({ keepalive }) => keepalive)).toEqual([true, false]);
    expect(runtime.beacons).toHaveLength(0);
    for (const release of releases) release();
    await Promise.all(sending);
  });

  test('uses a beacon only when the budget is used up, and does not take it for an answer', async () => {
    const runtime = fakeRuntime();
    const releases: (() => void)[] = [];
    runtime.answerPost = () => new Promise((resolve) => releases.push(() => resolve({ status: 200, body: '' })));
    const big: DiagnosticsRecord[] = [sessionRecord('a', 1, { x: 'x'.repeat(55_000) })];
    const first = httpSink(url).send(big, context(runtime, 'b1', true));
    expect(runtime.beacons).toHaveLength(0);
    expect(await httpSink(url).send(big, context(runtime, 'b2', true))).toEqual({ ok: false, retry: true });
    expect(runtime.beacons).toHaveLength(1);
    runtime.beaconAccepts = false;
    const last = httpSink(url).send(big, context(runtime, 'b3', true));
    expect(runtime.posts.map(({ keepalive }) => keepalive)).toEqual([true, false]);
    for (const release of releases) release();
    await Promise.all([first, last]);
  });
});

describe('against a real server', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** Plays one part per request; the last one goes on. Resolves `received` with each envelope that was answered with 200. */
  async function collector(parts: ((request: IncomingMessage, response: ServerResponse) => void)[], port = 0) {
    const arrivals: { readonly atMs: number; readonly envelope: Envelope }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const part = parts[Math.min(arrivals.length, parts.length - 1)];
      arrivals.push({ atMs: performance.now(), envelope: JSON.parse(body) });
      part?.(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    closers.push(close);
    const address = server.address() as AddressInfo;
    return { arrivals, close, port: address.port, url: `http://127.0.0.1:${address.port}/v1/records` };
  }

  /** Sends one record and waits until the queue has nothing left to send. */
  async function deliver(target: string, options: HttpSinkOptions = {}, afterFirst = async () => {}) {
    let attempts = 0;
    let safe: () => void = () => {};
    const done = new Promise<void>((resolve) => {
      safe = resolve;
    });
    const sink = httpSink(target, options);
    const delivery = createDelivery({
      runtime: nodeRuntime(),
      origin,
      sinks: [
        {
          async send(records, context) {
            const result = await sink.send(records, context);
            if (attempts++ === 0) await afterFirst();
            if (result.ok) safe();
            return result;
          },
        },
      ],
    });
    delivery.add(incidentRecord('a'), true);
    closers.push(() => void delivery.close());
    await done;
    return attempts;
  }

  const accept = (_request: IncomingMessage, response: ServerResponse) => response.end('{"accepted":1,"rejected":[]}');

  test('503 with `Retry-After: 2`: again after two seconds, as the same batch', async () => {
    const server = await collector([(_, response) => response.writeHead(503, { 'retry-after': '2' }).end(), accept]);
    await deliver(server.url);
    const [first, second] = server.arrivals;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1990);
    expect(second?.envelope.batch).toBe(first?.envelope.batch);
    expect(second?.envelope.records).toHaveLength(1);
    expect(server.arrivals).toHaveLength(2);
  });

  test.each([500, 429, 408])('%i without a word: again soon', async (status) => {
    const server = await collector([(_, response) => response.writeHead(status).end(), accept]);
    await deliver(server.url);
    expect(server.arrivals).toHaveLength(2);
  });

  test('hang: given up in time, again, and the answer lost on the way is no second record', async () => {
    const server = await collector([() => {}, accept]);
    await deliver(server.url, { timeoutMs: 200 });
    const [first, second] = server.arrivals;
    expect(second?.envelope).toEqual({ ...first?.envelope, sentAt: second?.envelope.sentAt });
  });

  test('killed in the middle of the answer', async () => {
    const server = await collector([(request) => request.socket.destroy(), accept]);
    await deliver(server.url);
    expect(server.arrivals).toHaveLength(2);
  });

  test('cut in the middle of the answer, which may have named what was refused', async () => {
    const cut = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"accepted":0,"rej', () => response.destroy());
    };
    const server = await collector([cut, accept]);
    await deliver(server.url);
    expect(server.arrivals).toHaveLength(2);
  });

  test('refused until it is started', async () => {
    const gone = await collector([accept]);
    gone.close();
    let back: typeof gone | undefined;
    const attempts = await deliver(gone.url, {}, async () => {
      back = await collector([accept], gone.port);
    });
    expect(attempts).toBe(2);
    expect(back?.arrivals).toHaveLength(1);
  });

  test('a process may end as soon as flush says so', async () => {
    const server = await collector([accept]);
    const delivery = createDelivery({ runtime: nodeRuntime(), origin, sinks: [httpSink(server.url)] });
    for (let n = 0; n < 45; n++) delivery.add(incidentRecord(`n${n}`), false);
    expect(await delivery.flush()).toBe(true);
    expect(server.arrivals.flatMap(({ envelope }) => envelope.records)).toHaveLength(45);
    await delivery.close();
  });
});

test('bytes are counted as UTF-8 has them', () => {
  for (const value of ['', 'abc', 'é', '€', '😀', 'a\ud800b', '\u2028 \u0000 ü漢字🇩🇪']) {
    const json = JSON.stringify(value);
    expect(utf8Bytes(json)).toBe(Buffer.byteLength(json));
  }
});

test('`Retry-After` is read as seconds or as a date', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs(' 0 ', now)).toBe(0);
  expect(retryAfterMs('Wed, 21 Oct 2026 07:29:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Wed, 21 Oct 2026 07:27:00 GMT', now)).toBe(0);
  for (const unreadable of [null, undefined, '', 'soon']) expect(retryAfterMs(unreadable, now)).toBeUndefined();
});

async function httpSinkOnce(runtime: FakeRuntime, options: HttpSinkOptions, releases: (() => void)[]): Promise<void> {
  const sending = httpSink(url, options).send([sessionRecord('a')], context(runtime, 'last'));
  for (const release of releases) release();
  await sending;
}

describe('options', () => {
  test('gzip is judged by its packed size, and is not used while the page is left', async () => {
    const runtime = fakeRuntime({ gzip: async (text) => new Uint8Array(text.length >> 4) });
    const sink = httpSink(url, { compression: 'gzip' });
    const big = [sessionRecord('a', 1, { x: 'x'.repeat(90_000) })];
    expect(await sink.send(big, context(runtime, 'b1'))).toMatchObject({ ok: true });
    expect(runtime.posts[0]?.packed?.length).toBeLessThan(60_000);
    expect(await sink.send(big, context(runtime, 'b2', true))).toMatchObject({ ok: false, reason: 'too-large' });
    await sink.send([sessionRecord('a')], context(runtime, 'b3', true));
    expect(runtime.posts[1]?.packed).toBeUndefined();
  });

  test('a platform that cannot pack sends plain text', async () => {
    const runtime = fakeRuntime();
    await httpSink(url, { compression: 'gzip' }).send([sessionRecord('a')], context(runtime, 'b1'));
    expect(runtime.posts[0]).toMatchObject({ contentType: 'text/plain;charset=UTF-8' });
    expect(runtime.posts[0]?.packed).toBeUndefined();
  });

  test('`onBlocked` is called once when nothing is reached for long', async () => {
    const runtime = fakeRuntime();
    runtime.answerPost = () => ({ status: 0, body: '' });
    let blocked = 0;
    const sink = httpSink(url, { onBlocked: () => blocked++ });
    const delivery = createDelivery({ sinks: [sink], runtime, origin });
    delivery.add(incidentRecord('a'), true);
    await runtime.advance(3_600_000);
    expect(blocked).toBe(1);
    expect(runtime.warnings).toEqual([]);
    expect(runtime.posts.length).toBeLessThan(20);
  });
});

describe('a flush before the process ends', () => {
  test('resolves with false as soon as it is clear that nothing is reached', async () => {
    const server = createServer(() => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hanging = createDelivery({
      runtime: nodeRuntime(),
      origin,
      sinks: [httpSink(`http://127.0.0.1:${port}/`, { timeoutMs: 100 })],
    });
    hanging.add(incidentRecord('a'), false);
    expect(await hanging.flush()).toBe(false);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    const refused = createDelivery({ runtime: nodeRuntime(), origin, sinks: [httpSink(`http://127.0.0.1:${port}/`)] });
    refused.add(incidentRecord('a'), false);
    expect(await refused.flush()).toBe(false);
    await Promise.all([hanging.close(), refused.close()]);
  });
});
