import { request as ask } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, Place } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** Who changed the answer stays unknown, and so does whether it was not the server itself. */
const suspected: Expectation = { certainty: 'suspected' };

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

const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same'];

export const fault: Fault = {
  code: 'response-altered',
  places: ['chromium'],
  variants: {
    // In mid-session, always at the same age: a rhythm, and no limit of time.
    'bad-frame-in-session': {
      places: ['node'],
      expect: { node: suspected },
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) =>
            io.on('connection', (socket) => {
              const { transport } = socket.conn as unknown as { transport: { socket?: { _socket: Socket } } };
              setTimeout(() => transport.socket?._socket.write(Buffer.from([0xff, 0xff])), 300);
            }),
        });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
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
