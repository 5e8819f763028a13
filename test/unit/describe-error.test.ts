import { describe, expect, test } from 'vitest';
import { systemErrorCode } from '../../src/runtime/system-error-code.js';
import { classifyBody } from '../../src/signals/classify-body.js';
import { describeError } from '../../src/signals/describe-error.js';

const SECRET = 'c0ffee5ecret';
const target = { host: '127.0.0.1', port: '3000', path: '/socket.io/' };

/** As engine.io-client makes them. */
const transportError = (message: string, more: object = {}) =>
  Object.assign(new Error(message), { type: 'TransportError', ...more });
const systemError = (code: string, more: object = {}) =>
  Object.assign(new Error(`connect ${code} ${SECRET}`), { code, ...more });
const hostile = () =>
  new Proxy(
    {},
    {
      get() {
        throw new Error(SECRET);
      },
    },
  );

describe('describeError', () => {
  test.each<[string, unknown, object]>([
    ['1.x and 2.x: a string', 'timeout', { message: 'timeout' }],
    ['any: no transports', 'No transports available', { message: 'No transports available' }],
    ['3.x: an Error', new Error('timeout'), { message: 'timeout' }],
    [
      '3.x and later: unparsable answer',
      Object.assign(new Error('server error'), { code: 'parser error' }),
      { message: 'server error' },
    ],
    [
      'towards an old server',
      new Error('It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but'),
      { message: 'v2 server' },
    ],
    [
      'polling before 4.5: a status only',
      transportError('xhr poll error', { description: 400 }),
      { message: 'xhr poll error', status: 400 },
    ],
    [
      'polling from 4.5 in a browser',
      transportError('xhr poll error', { description: 403, context: { status: 403, responseText: `<html>${SECRET}` } }),
      { message: 'xhr poll error', status: 403, body: { is: 'html' } },
    ],
    [
      'polling in a browser, hidden',
      transportError('xhr poll error', { description: 0, context: { status: 0, responseText: '' } }),
      { message: 'xhr poll error', status: 0 },
    ],
    [
      'polling in Node, refused: the text is that of the error, not of an answer',
      transportError('xhr poll error', {
        description: 0,
        context: {
          status: 0,
          statusText: systemError('ECONNREFUSED', { port: 3000 }),
          responseText: `Error: ${SECRET}\n at`,
        },
      }),
      { message: 'xhr poll error', status: 0, code: 'ECONNREFUSED' },
    ],
    [
      'polling in Node, redirected to another port',
      transportError('xhr poll error', {
        description: 0,
        context: { status: 0, statusText: systemError('ECONNREFUSED', { port: 80 }), responseText: '' },
      }),
      { message: 'xhr poll error', status: 0, code: 'ECONNREFUSED', dialled: 'elsewhere' },
    ],
    [
      'polling in a page, led to another path',
      transportError('xhr poll error', {
        description: 401,
        context: { status: 401, responseText: '', responseURL: `http://127.0.0.1:3000/login?next=${SECRET}` },
      }),
      { message: 'xhr poll error', status: 401, body: { is: 'empty' }, dialled: 'elsewhere' },
    ],
    [
      'polling in a page, led to another host, by the transport Fetch',
      transportError('fetch read error', {
        description: 403,
        context: { status: 403, url: 'http://login.example/socket.io/?EIO=4' },
      }),
      { message: 'fetch read error', status: 403, dialled: 'elsewhere' },
    ],
    [
      'polling in a page, kept to https by the browser alone',
      transportError('xhr poll error', {
        description: 401,
        context: { status: 401, responseText: '', responseURL: 'https://127.0.0.1:3000/socket.io/?EIO=4' },
      }),
      { message: 'xhr poll error', status: 401, body: { is: 'empty' } },
    ],
    [
      'both address families failed',
      transportError('websocket error', {
        description: {
          message: '',
          error: Object.assign(new AggregateError([systemError('ECONNREFUSED'), systemError('EHOSTUNREACH')]), {}),
        },
      }),
      { message: 'websocket error', code: 'ECONNREFUSED' },
    ],
    [
      'WebSocket in Node: ws 8',
      transportError('websocket error', {
        description: { message: 'Unexpected server response: 403', error: new Error('x') },
      }),
      { message: 'websocket error', status: 403 },
    ],
    [
      'WebSocket in Node: ws 1',
      transportError('websocket error', { description: new Error('unexpected server response (503)') }),
      { message: 'websocket error', status: 503 },
    ],
    [
      'WebSocket in Node: a frame that is none',
      transportError('websocket error', { description: { error: systemError('WS_ERR_UNEXPECTED_RSV_1') } }),
      { message: 'websocket error', code: 'WS_ERR_UNEXPECTED_RSV_1' },
    ],
    [
      'WebSocket in a browser: a bare event',
      transportError('websocket error', { description: new Event('error') }),
      { message: 'websocket error' },
    ],
    [
      'fetch: a Response',
      transportError('fetch read error', {
        description: 502,
        context: new Response(SECRET, { status: 502, statusText: SECRET }),
      }),
      { message: 'fetch read error', status: 502 },
    ],
    [
      'fetch: a Response of a platform of functions',
      transportError('fetch read error', {
        description: 400,
        context: new Response('', { status: 400, headers: { 'x-vercel-id': 'fra1::abcde' } }),
      }),
      { message: 'fetch read error', status: 400, hosting: 'vercel' },
    ],
    [
      'fetch in Node: no answer',
      transportError('fetch write error', {
        description: new TypeError('fetch failed', { cause: systemError('ENOTFOUND') }),
      }),
      { message: 'fetch write error', status: 0, code: 'ENOTFOUND' },
    ],
    [
      'fetch in Node: cut',
      transportError('fetch read error', {
        description: new TypeError('fetch failed', { cause: systemError('UND_ERR_SOCKET') }),
      }),
      { message: 'fetch read error', status: 0, code: 'ECONNRESET' },
    ],
    [
      'no XMLHttpRequest',
      transportError('xhr poll error', { description: new TypeError(SECRET) }),
      { message: 'xhr poll error', notSent: true },
    ],
    [
      'React Native: the reason in `_response`',
      transportError('xhr poll error', {
        description: 0,
        context: { status: 0, responseText: '', _response: `Failed to connect to ${SECRET}` },
      }),
      { message: 'xhr poll error', status: 0 },
    ],
    ['a refusal by the server', Object.assign(new Error(SECRET), { data: { token: SECRET } }), { message: 'other' }],
    [
      'an error of the app',
      Object.assign(new Error('x'), { description: { code: `user ${SECRET}` } }),
      { message: 'other' },
    ],
    ['nothing', undefined, { message: 'other' }],
    ['null', null, { message: 'other' }],
    ['a number', 7, { message: 'other' }],
    ['an object without a prototype', Object.create(null), { message: 'other' }],
    ['getters that throw', hostile(), { message: 'other' }],
    [
      'getters that throw, further inside',
      transportError('xhr poll error', { context: hostile(), description: hostile() }),
      { message: 'xhr poll error' },
    ],
  ])('%s', (_name, error, facts) => {
    const told = describeError(error, target, undefined, { systemErrorCode });
    expect(told).toEqual(facts);
    expect(JSON.stringify(told)).not.toContain(SECRET);
  });

  test('before 4.5 status and body are read from the request of the engine, where its names are not mangled', () => {
    const request = { status: 404, responseText: 'Cannot GET /socket.io/' };
    const error = transportError('xhr poll error', { description: 404 });
    const facts = { message: 'xhr poll error', status: 404, body: { is: 'text' } };
    for (const pollXhr of [{ xhr: request }, { _xhr: request }]) {
      expect(describeError(error, target, { transport: { pollXhr } } as never)).toEqual(facts);
    }
    const sent = { transport: { sendXhr: { xhr: { status: 413, responseText: '<html>' } } } };
    expect(describeError(transportError('xhr post error', { description: 413 }), target, sent as never)).toMatchObject({
      status: 413,
      body: { is: 'html' },
    });
    const mangled = { transport: { a: request } };
    expect(describeError(error, target, mangled as never)).toEqual({ message: 'xhr poll error', status: 404 });
    expect(describeError(error, target, { transport: hostile() } as never)).toEqual({
      message: 'xhr poll error',
      status: 404,
    });
    // Where the server was not reached over HTTP the last request says nothing.
    expect(
      describeError(transportError('websocket error'), target, { transport: { pollXhr: { xhr: request } } } as never),
    ).toEqual({
      message: 'websocket error',
    });
  });
});

describe('what OpenSSL says while the handshake is under way', () => {
  const failed = (message: string) =>
    describeError(
      transportError('websocket error', {
        description: { error: Object.assign(new Error(message), { code: 'EPROTO' }) },
      }),
      target,
      undefined,
      { systemErrorCode },
    ).code;

  test.each([
    // Node 20, with OpenSSL 3.0.
    ['ssl3_get_record:wrong version number:../deps/openssl/ssl3_record.c:355:', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['ssl3_read_bytes:tlsv1 alert protocol version:../deps/x.c:1605:SSL alert', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    // Node 24, with OpenSSL 3.5.
    ['ssl3_read_bytes:ssl/tls alert handshake failure:../x.c:9:', 'ERR_SSL_SSL_TLS_ALERT_HANDSHAKE_FAILURE'],
  ])('%s', (reason, code) => {
    expect(failed(`write EPROTO 80BC:error:0A00010B:SSL routines:${reason}\n`)).toBe(code);
  });

  test('keeps the code where no reason is told', () => {
    expect(failed('write EPROTO')).toBe('EPROTO');
  });
});

describe('classifyBody', () => {
  test.each<[string, string, object]>([
    ['nothing', '', { is: 'empty' }],
    ['white space', ' \r\n', { is: 'empty' }],
    [
      'Engine.IO 4',
      `0{"sid":"${SECRET}","upgrades":["websocket"],"pingInterval":25000}`,
      { is: 'engineio-open', protocol: 4 },
    ],
    [
      'Engine.IO 4, polling only',
      `0{"sid":"${SECRET}","upgrades":[],"pingInterval":25000}`,
      { is: 'engineio-open', protocol: 4, pollingOnly: true },
    ],
    ['Engine.IO 3', `97:0{"sid":"${SECRET}","upgrades":["websocket"]}2:40`, { is: 'engineio-open', protocol: 3 }],
    [
      'Engine.IO 3 of 1.x, binary',
      `\u0000\u0009\u0007\u00ff0{"sid":"${SECRET}","upgrades":["websocket"]}`,
      { is: 'engineio-open', protocol: 2 },
    ],
    ['transport unknown', '{"code":0,"message":"Transport unknown"}', { is: 'engineio-error', code: 0 }],
    ['session unknown', '{"code":1,"message":"Session ID unknown"}', { is: 'engineio-error', code: 1 }],
    [
      'unsupported version',
      '{"code":5,"message":"Unsupported protocol version"}',
      { is: 'engineio-error', code: 5, ownWords: true },
    ],
    ['a code that Engine.IO does not know', '{"code":99,"message":"x"}', { is: 'json' }],
    ['a code that is no integer', '{"code":1.5,"message":"x"}', { is: 'json' }],
    ['a code without a message', '{"code":1}', { is: 'json' }],
    ['python-engineio: session', '"Invalid session abc"', { is: 'engineio-error', code: 1 }],
    ['python-engineio: transport', '"Invalid transport"', { is: 'engineio-error', code: 0 }],
    ['python-engineio: origin', '"Not an accepted origin."', { is: 'engineio-error', code: 4, origin: true }],
    [
      'python-engineio for asyncio: origin',
      '"http://127.0.0.1:5000 is not an accepted origin."',
      { is: 'engineio-error', code: 4, origin: true },
    ],
    [
      'python-engineio: version',
      '"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"',
      { is: 'engineio-error', code: 5 },
    ],
    [
      'the JavaScript server: an engine middleware failed',
      '{"code":3,"message":"Bad request"}',
      { is: 'engineio-error', code: 3, ownWords: true },
    ],
    ['socketioxide: no reason', '{"code":"3","message":"Bad request"}', { is: 'engineio-error', code: 3 }],
    ['a CONNECT packet where a handshake was asked for', `40{"sid":"${SECRET}"}`, { is: 'text' }],
    ['a few words in front of a handshake', `ok: 0{"sid":"${SECRET}"}`, { is: 'engineio-altered' }],
    ['a handshake in quotes', JSON.stringify(`0{"sid":"${SECRET}"}`), { is: 'engineio-altered' }],
    [
      'a handshake in an envelope',
      JSON.stringify({ statusCode: 200, body: `0{"sid":"${SECRET}"}` }),
      { is: 'engineio-altered' },
    ],
    ['python-engineio: no reason', '"Bad Request"', { is: 'engineio-error', code: 3 }],
    [
      'socketioxide: the code as text',
      '{"code":"1","message":"Session ID unknown"}',
      { is: 'engineio-error', code: 1 },
    ],
    ['a code as other text', '{"code":"length","message":"6"}', { is: 'json' }],
    ['another JSON string', `"${SECRET}"`, { is: 'json' }],
    ['JSON', `{"error":"${SECRET}"}`, { is: 'json' }],
    ['JSON null', 'null', { is: 'json' }],
    ['HTML', `<!DOCTYPE html><title>${SECRET}`, { is: 'html' }],
    ['HTML after white space', '\n  <html>', { is: 'html' }],
    ['text', `Cannot GET /${SECRET}`, { is: 'text' }],
    ['text that looks like a handshake further inside', `this is not 0{"sid":"${SECRET}"}`, { is: 'text' }],
  ])('%s', (_name, body, kind) => {
    expect(classifyBody(body)).toEqual(kind);
  });

  test('knows what Node says where HTTP/2 alone is spoken', () => {
    const body = 'Unknown ALPN Protocol, expected `h2` to be available.\nIf this is a HTTP request: The server was not';
    expect(classifyBody(body, 403)).toEqual({ is: 'http2-only' });
    expect(classifyBody(body)).toEqual({ is: 'text' });
  });

  test.each([
    [400, '<html>\n<head><title>400 No required SSL certificate was sent</title></head>'],
    [400, '<html><head><title>400 The SSL certificate error</title></head>'],
    [401, '{"message":"No required TLS certificate was sent"}'],
    [403, '<h2>HTTP Error 403.7 - Forbidden: SSL client certificate is required.</h2>'],
  ])('knows a gateway that misses a certificate of the client: %i %s', (status, body) => {
    expect(classifyBody(body, status)).toEqual({ is: 'certificate-wanted' });
    // A page that writes about it is none.
    expect(classifyBody(body, 200)).not.toEqual({ is: 'certificate-wanted' });
    expect(classifyBody(body)).not.toEqual({ is: 'certificate-wanted' });
  });

  test('takes an object of nothing but a code for a refusal by Engine.IO 1.x, where its status fits', () => {
    const body = `{"code":"${SECRET}"}`;
    expect(classifyBody(body, 400)).toEqual({ is: 'engineio-error', code: 4 });
    expect(classifyBody(body)).toEqual({ is: 'json' });
    expect(classifyBody(body, 404)).toEqual({ is: 'json' });
    expect(classifyBody(`{"code":"${SECRET}","path":"/"}`, 400)).toEqual({ is: 'json' });
    expect(classifyBody('[]', 400)).toEqual({ is: 'json' });
  });
});
