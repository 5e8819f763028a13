import { createHash } from 'node:crypto';
import { request as ask, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Incident } from '../../src/incidents/incident.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, Place, RunningFault } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { type Listening, listen } from './_kit/listen.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ReverseProxySetup, startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcp } from './_kit/tcp-server.js';

const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same'];

/** Who changed the answer stays unknown, and so does whether it was not the server itself. */
const suspected: Expectation = { certainty: 'suspected' };

/** Only Chromium tells a cut from a frame that cannot be read. */
const mixed: Expectation = { within: 'connection-cut' };

/** The beginning of a handshake whose session no other text names by chance. */
const BEGINNING = '0{"sid":"lv_VI97HAXpY6yYWAAAC"';

/** A proxy that does something to the bodies of the answers that pass it. */
function variant(
  alter: (body: string) => string | Buffer,
  {
    places = ['chromium', 'chromium-same'],
    options = {},
    headers = {},
    client = '4',
  }: { places?: readonly Place[]; options?: object; headers?: object; client?: '2' | '3' | '4.0' | '4' } = {},
): FaultVariant {
  return {
    places,
    expect: { node: suspected, chromium: suspected, 'chromium-same': suspected },
    start: async () => {
      const server = await startSocketIo({ options: { allowEIO3: true } });
      const proxy = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          const { method, headers: asked, url: path } = request;
          const behind = ask({ port: server.port, host: '127.0.0.1', method, path, headers: asked }, (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk) => chunks.push(chunk));
            answer.on('end', () => {
              const body = alter(Buffer.concat(chunks).toString());
              const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
              response.writeHead(answer.statusCode ?? 502, { ...rest, ...headers });
              response.end(body);
            });
          });
          // The run may end in the middle of a poll, and the server with it.
          behind.on('error', () => response.destroy());
          request.pipe(behind);
          return true;
        },
      });
      return {
        url: proxy.url,
        options: { ...quickRetries, timeout: 3_000, ...options },
        mayThrow: true,
        client,
        close: closeAll(proxy, server),
      };
    },
  };
}

/** Passes everything on but the header that announces compressed frames. */
function withoutExtensions(port: number): Promise<Listening> {
  return listen(
    createServer((client) => {
      const server = connect(port, '127.0.0.1');
      client.pipe(server);
      server.once('data', (head) => {
        client.write(head.toString('latin1').replace(/sec-websocket-extensions:[^\r]*\r\n/i, ''), 'latin1');
        server.pipe(client);
      });
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => server.destroy());
    }),
  );
}

/** A server that compresses what it sends over WebSocket, as all do up to 2.x. */
function compressedFrames(version: '4' | '2', isAnswer?: (incident: Incident) => boolean): FaultVariant {
  return {
    places: ['node', 'chromium'],
    expect: { node: suspected, chromium: isAnswer ? mixed : suspected },
    start: async () => {
      const server = await startSocketIo({
        version,
        options: { perMessageDeflate: { threshold: 1_024 } },
        setup: (io) => io.on('connection', (socket) => setTimeout(() => socket.emit('state', 'x'.repeat(20_000)), 700)),
      });
      const proxy = await withoutExtensions(server.port);
      return {
        url: proxy.url,
        client: version,
        options: { ...quickRetries, transports: ['websocket'] },
        ...(isAnswer && { enough: isAnswer }),
        close: closeAll(proxy, server),
      };
    },
  };
}

/** The bodies stay as they are. */
function proxied(setup: Omit<ReverseProxySetup, 'target'>, options: object = {}): FaultVariant {
  return {
    places: ['node', 'chromium'],
    expect: { node: suspected, chromium: suspected },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({ target: server.port, ...setup });
      return { url: proxy.url, options: { ...quickRetries, ...options }, close: closeAll(proxy, server) };
    },
  };
}

/** A CDN that forwards only the parameters it was told of, for all requests or for some alone. */
function sidDropped(
  isConcerned: (path: string, request: IncomingMessage) => boolean,
  {
    client = '4',
    options = {},
    ...running
  }: { client?: '2' | '3' | '4'; options?: object } & Pick<RunningFault, 'onConnect'> = {},
): FaultVariant {
  const expect: Expectation = { ...suspected, best: true, details: { what: 'query' } };
  return {
    places: ['node', 'chromium'],
    expect: { node: expect, chromium: expect },
    start: async () => {
      const server = await startSocketIo({ version: client });
      const proxy = await startReverseProxy({
        target: server.port,
        rewrite: (path, request) => (isConcerned(path, request) ? path.replace(/&sid=[^&]*/, '') : path),
      });
      const close = closeAll(proxy, server);
      return { url: proxy.url, client, options: { ...quickRetries, ...options }, ...running, close };
    },
  };
}

/** Every answer breaks off in the middle of its body. */
function brokenOff(end: (socket: Socket) => void, cors: boolean, within?: string): FaultVariant {
  return {
    places: everywhere,
    expect: {
      node: suspected,
      chromium: within ? { within } : suspected,
      'chromium-same': suspected,
      ...(within && { firefox: { within, certainty: 'suspected' } }),
    },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          response.writeHead(200, { ...(cors && corsHeaders(request)), 'content-length': '200' });
          response.write(BEGINNING, () => end(request.socket));
          return true;
        },
      });
      return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
    },
  };
}

/** A filter that takes a session id for a secret. */
function masked(mask: (sid: string) => string, options: Parameters<typeof variant>[1] = {}): FaultVariant {
  const alter = (body: string) => body.replace(/"sid":"([^"]+)"/, (_, sid: string) => `"sid":"${mask(sid)}"`);
  const expect: Expectation = {
    ...suspected,
    best: true,
    details: { what: 'handshake' },
    alternatives: ['session-not-sticky'],
  };
  return {
    ...variant(alter, { places: ['node', 'chromium'], ...options }),
    expect: { node: expect, chromium: expect },
  };
}

/** What Node's parser does not take, behind a first line that it does. */
function withHead(head: string, client: '2' | '4' = '4'): FaultVariant {
  return {
    places: ['node'],
    expect: { node: { ...suspected, best: true, details: { what: 'headers' } } },
    start: async () => {
      const { url, close } = await startTcp((socket) =>
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${BEGINNING}}`)),
      );
      return { url, client, options: quickRetries, close };
    },
  };
}

const isUpgrade = (path: string) => path.includes('transport=websocket');

/** nginx puts other words in place of some of the handshake's. */
function substituted(field: string, places: readonly Place[]): FaultVariant {
  const expect: Expectation = { ...suspected, best: true, details: { what: 'handshake' } };
  return {
    places,
    expect: { node: expect, chromium: expect },
    start: async () => {
      const server = await startSocketIo();
      const lines = `proxy_set_header Accept-Encoding ""; sub_filter_types *; sub_filter '"${field}"' '"${field.toUpperCase()}"';`;
      const nginx = await startNginx(proxyPass(server.port, `${upgradeHeaders}\n${lines}`));
      return {
        url: nginx.url,
        options: { ...quickRetries, timeout: 3_000 },
        mayThrow: true,
        close: closeAll(nginx, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'response-altered',
  places: ['chromium'],
  variants: {
    // In mid-session, always at the same age: a rhythm, and no limit of time.
    'bad-frame-in-session': {
      places: ['node', 'chromium'],
      engines: ['chromium'],
      expect: { node: suspected, chromium: suspected },
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) =>
            io.on('connection', (socket) => {
              const { transport } = socket.conn as unknown as { transport: { socket?: { _socket: Socket } } };
              setTimeout(() => transport.socket?._socket.write(Buffer.alloc(20, 0xff)), 300);
            }),
        });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    'extensions-taken-off': compressedFrames('4'),
    // There the first frames are too short to be compressed.
    'extensions-taken-off-client-2': { ...compressedFrames('2'), engines: ['chromium'] },
    'extensions-taken-off-untold': {
      ...compressedFrames('2', ({ diagnosis }) => diagnosis.certainty === 'confirmed'),
      places: ['chromium'],
      engines: ['firefox', 'webkit'],
    },
    // A proxy in Node behind `express.json()`: what it passes on has no body any more.
    'body-emptied': {
      places: everywhere,
      expect: {
        node: { certainty: 'suspected', alternatives: ['session-not-sticky'] },
        chromium: { certainty: 'suspected', alternatives: ['session-not-sticky'] },
        'chromium-same': { certainty: 'suspected', alternatives: ['session-not-sticky'] },
      },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (request, response) => {
            if (request.method !== 'POST') return false;
            const { headers, url: path } = request;
            const asked = { ...headers, 'content-length': '0' };
            request.resume().on('end', () => {
              ask({ port: server.port, host: '127.0.0.1', method: 'POST', path, headers: asked }, (answer) => {
                response.writeHead(answer.statusCode ?? 502, answer.headers);
                answer.pipe(response);
              })
                .on('error', () => response.destroy())
                .end();
            });
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // The client throws while it reads these: in Node that ends the process, and nothing is left to diagnose.
    'script-appended': variant((body) => `${body}<script src="https://ads.example/inject.js"></script>`),
    'comment-appended-polling': variant((body) => `${body}\n<!-- cached by example -->`, {
      options: { transports: ['polling'] },
    }),
    truncated: variant((body) => body.slice(0, 40)),
    // Before the handshake: the client cannot tell it from any other page.
    'banner-in-front': variant((body) => `<!-- trial version -->${body}`, { places: everywhere }),
    // Only the XMLHttpRequest of Node hands it on: browsers take it off.
    'byte-order-mark': variant((body) => `\ufeff${body}`, { places: ['node'] }),
    'banner-in-front-client-3': variant((body) => `<!-- trial version -->${body}`, {
      places: ['node', 'chromium'],
      client: '3',
    }),
    // An API that wraps what functions return.
    'wrapped-in-json': variant((body) => JSON.stringify({ statusCode: 200, body }), { places: everywhere }),
    // What rewrites words in pages finds one of the handshake: clients of 4.x throw then.
    'word-replaced': variant((body) => body.replace('"upgrades"', '"updates"')),
    // Clients take 200 and nothing else.
    'post-202': proxied({ status: (told, { method }) => (method === 'POST' ? 202 : told) }),
    'post-204-polling': proxied(
      { status: (told, { method }) => (method === 'POST' ? 204 : told) },
      { transports: ['polling'] },
    ),
    'poll-204': proxied(
      { status: (told, { method, url = '' }) => (method === 'GET' && url.includes('sid=') ? 204 : told) },
      { transports: ['polling'] },
    ),
    'handshake-203': proxied({ status: (told, { method }) => (method === 'GET' ? 203 : told) }),
    // A second poll of one session, to Engine.IO.
    'post-made-get': proxied({ method: () => 'GET' }, { transports: ['polling'] }),
    // What reads frames as text and hands them on as bytes.
    'text-made-binary': {
      ...proxied(
        { toClient: (bytes, turn) => (turn === 0 ? Buffer.concat([Buffer.from([0x82]), bytes.subarray(1)]) : bytes) },
        { transports: ['websocket'], timeout: 3_000 },
      ),
      expect: { node: { within: 'websocket-blocked' }, chromium: { within: 'websocket-blocked' } },
    },
    'sid-dropped': sidDropped(() => true),
    'sid-dropped-polling': sidDropped(() => true, { options: { transports: ['polling'] } }),
    'sid-dropped-upgrade': sidDropped(isUpgrade),
    'sid-dropped-upgrade-client-3': { ...sidDropped(isUpgrade, { client: '3' }), places: ['node'] },
    // Engine.IO 3 connects by the handshake alone, and each poll is answered by another one.
    'sid-dropped-client-2': sidDropped(() => true, { client: '2' }),
    // That client shows what the server said to the POST to its engine alone.
    'sid-dropped-post-client-2': {
      ...sidDropped((_path, { method }) => method === 'POST', {
        client: '2',
        options: { transports: ['polling'] },
        onConnect: (socket) => socket.emit('hello'),
      }),
      places: ['node'],
    },
    // What brings addresses into small letters, and a delivery network that forwards the parameters that it was told to.
    'protocol-dropped': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', best: true, alternatives: ['version-client-too-new'] } },
      start: async () => {
        const server = await startSocketIo();
        const rewrite = (path: string) => path.replace('EIO=', 'eio=');
        const proxy = await startReverseProxy({ target: server.port, rewrite });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'id-renamed': substituted('sid', ['node', 'chromium']),
    'id-masked': masked((sid) => '*'.repeat(sid.length)),
    'id-masked-client-2': masked((sid) => 'x'.repeat(sid.length), { client: '2', places: ['node'] }),
    // A pseudonym, another one for each session.
    'id-hashed': masked((sid) => createHash('sha256').update(sid).digest('hex'), { places: ['node'] }),
    'interval-renamed': substituted('pingInterval', ['node', 'chromium']),
    'broken-off': brokenOff((socket) => socket.end(), true),
    'broken-off-reset': brokenOff((socket) => socket.resetAndDestroy(), true),
    // What breaks off before it is allowed to be read is hidden from the page like any other answer.
    'broken-off-hidden': brokenOff((socket) => socket.end(), false, 'cors-origin-not-allowed'),
    // Nothing at all is behind it, so that no WebSocket tells that it is Socket.IO.
    'broken-off-alone': {
      places: everywhere,
      expect: {
        node: suspected,
        chromium: suspected,
        'chromium-same': suspected,
        // Firefox tells as little of an answer that broke off as of none.
        firefox: { within: 'server-unreachable' },
        'firefox-same': { within: 'server-unreachable' },
      },
      start: async () => {
        const { url, close } = await startTcp((socket) =>
          socket.once('data', () =>
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n0{"sid"', () => socket.end()),
          ),
        );
        return { url, options: quickRetries, close };
      },
    },
    // An application and a proxy in front of it both wrote one.
    'two-lengths': withHead('content-length: 10\r\ncontent-length: 20'),
    'head-too-long-client-2': withHead(`set-cookie: a=${'a'.repeat(20_000)}`, '2'),
    // Compressed, and nobody said so.
    'compressed-unannounced': variant((body) => gzipSync(body), { places: everywhere }),
    // Said to be compressed, and it is not.
    'encoding-false': variant((body) => body, { headers: { 'content-encoding': 'gzip' } }),
    // WebKit takes what came.
    'length-too-long': {
      ...variant((body) => body, { headers: { 'content-length': '900', connection: 'close' } }),
      engines: ['chromium', 'firefox'],
    },
  },
};
