import { createServer } from 'node:http';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, Place } from './_kit/fault.js';
import { type PlainAnswer, startHttp } from './_kit/http-server.js';
import { listen } from './_kit/listen.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

const html = { 'content-type': 'text/html; charset=utf-8' };
const json = { 'content-type': 'application/json' };
const spa = '<!doctype html><html><head><title>App</title></head><body><div id="root"></div></body></html>';
const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same'];
/** A proxy that does not forward this path would answer in the same words: the path may be wrong instead. */
const suspected: Expectation = { certainty: 'suspected', alternatives: ['path-mismatch'] };

/** A gateway in front of the right server says it as well. */
const forbidden: Expectation = { within: 'request-forbidden', alternatives: ['path-mismatch'] };

function variant(answer: PlainAnswer, options: Record<string, unknown> = quickRetries): FaultVariant {
  return {
    expect: { node: suspected, chromium: suspected, 'chromium-same': suspected },
    places: everywhere,
    start: async () => {
      const { url, close } = await startHttp(answer);
      return { url, options, close };
    },
  };
}

export const fault: Fault = {
  code: 'server-not-socketio',
  places: everywhere,
  variants: {
    'not-found': variant({ status: 404, body: 'Cannot GET /socket.io/', headers: html }, {}),
    'not-found-cors': variant({ status: 404, body: '{"error":"not_found"}', headers: json, cors: true }),
    'app-page': variant({ body: spa, headers: html }),
    'app-page-cors': variant({ body: spa, headers: html, cors: true }),
    'json-api': variant({ body: '{"status":"ok","version":"2.3.1"}', headers: json, cors: true }),
    // As short as a refusal by Engine.IO 1.x.
    'json-code-400': variant({ status: 400, body: '{"code":"BAD_REQUEST"}', headers: json, cors: true }),
    // The login page of a network: every GET is given it, and what asks for an upgrade is sent there.
    'login-page': {
      places: ['node'],
      expect: { node: suspected },
      start: async () => {
        const http = createServer((_request, response) => void response.writeHead(200, html).end(spa));
        http.on('upgrade', (_request, socket) => {
          socket.end('HTTP/1.1 302 Found\r\nlocation: http://login.test/\r\nconnection: close\r\n\r\n');
        });
        const { url, close } = await listen(http);
        return { url, options: quickRetries, close };
      },
    },
    // Who has logged in gets as far as the app, and the questions of the SDK do not.
    'behind-login': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startHttp(({ url = '' }, response) => {
          if (url.includes('token=')) response.writeHead(404, html).end('Cannot GET /socket.io/');
          else response.writeHead(302, { location: '/login' }).end();
        });
        return { url, options: { ...quickRetries, query: { token: 'abc' } }, close };
      },
    },
    empty: variant({}),
    'method-not-allowed': variant({ status: 405, headers: { allow: 'PUT' }, cors: true }),
    // The policy of the page forgets WebSocket, which nobody has asked for yet.
    'not-found-under-policy': {
      places: ['chromium'],
      expect: { chromium: suspected },
      start: async () => {
        const { url, close } = await startHttp({ status: 404, body: 'Not Found', cors: true });
        const policy = `script-src 'unsafe-inline' 'unsafe-eval'; connect-src ${url}`;
        return { url, options: quickRetries, pageHeaders: { 'content-security-policy': policy }, close };
      },
    },
    // Another program has the port: on macOS the AirPlay receiver listens on 5000 and 7000.
    'forbidden-by-another-program': {
      ...variant({ status: 403, headers: { server: 'AirTunes/670.6.2' } }),
      expect: { node: forbidden, chromium: suspected, 'chromium-same': forbidden },
    },
    // A page learns nothing of why a WebSocket handshake was refused, not even from its own origin.
    'not-found-websocket': {
      expect: { node: suspected, chromium: suspected, 'chromium-same': suspected },
      places: ['node', 'chromium'],
      start: async () => {
        const { url, close } = await startHttp({ status: 404, body: 'Not Found' });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    // A development server leaves upgrades that it does not know without an answer.
    'upgrade-unanswered': {
      expect: { node: suspected, chromium: suspected, 'chromium-same': suspected },
      start: async () => {
        const http = createServer((_request, response) => void response.writeHead(200, html).end(spa));
        http.on('upgrade', (_request, socket) => socket.on('error', () => {}));
        const { url, close } = await listen(http);
        return { url, options: { ...quickRetries, transports: ['websocket'], timeout: 2_000 }, close };
      },
    },
    // A proxy that tells the app's server from Socket.IO by the Upgrade header alone.
    'only-upgrades-forwarded': {
      expect: {
        node: { certainty: 'suspected' },
        // What is answered over HTTP is hidden there, and Socket.IO answers over WebSocket.
        chromium: { within: 'cors-origin-not-allowed' },
        'chromium-same': { certainty: 'suspected' },
      },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (_request, response) => {
            response.writeHead(404, html).end('<html><body>Cannot GET /socket.io/</body></html>');
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'not-found-client-2': {
      expect: { node: suspected, chromium: suspected },
      places: ['node', 'chromium'],
      start: async () => {
        const { url, close } = await startHttp({ status: 404, body: 'Not Found', cors: true });
        return { url, client: '2', options: quickRetries, close };
      },
    },
  },
};
