import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { type PlainAnswer, startHttp } from './_kit/http-server.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { tryingAll, withFetch } from './_kit/other-transports.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

/** Without CORS headers no page can tell a 502 from a 404. */
const hidden: Expectation = { certainty: 'suspected' };
const json = { 'content-type': 'application/json' };

/** An empty 500 may be anybody's. */
const internal: Expectation = { within: 'server-error-response' };

function plain(answer: PlainAnswer): FaultVariant {
  return {
    ...(answer.cors ? {} : { expect: { chromium: hidden } }),
    places: ['node', 'chromium', 'chromium-same'],
    start: async () => {
      const { url, close } = await startHttp(answer);
      return { url, options: quickRetries, close };
    },
  };
}

function unsigned(answer: PlainAnswer): FaultVariant {
  return { ...plain(answer), expect: { node: hidden, chromium: hidden, 'chromium-same': hidden } };
}

/** The proxies that answer by themselves: nginx and Caddy with 502, Apache and HAProxy with 503. */
function proxied(name: ProxyName, options: Record<string, unknown> = quickRetries): FaultVariant {
  return {
    expect: { chromium: hidden },
    start: async () => {
      const { url, close } = await startProxy(name, { target: await freePort() });
      return { url, options, close };
    },
  };
}

/** The upstream is a port at which nobody listens. */
function nginx(options: Record<string, unknown>, lines = ''): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startNginx(proxyPass(await freePort(), upgradeHeaders + lines));
      return { url, options, close };
    },
  };
}

export const fault: Fault = {
  code: 'gateway-failing',
  places: ['node', 'chromium'],
  variants: {
    'nginx-502': { ...nginx({}), places: ['node', 'chromium', 'chromium-same'], expect: { chromium: hidden } },
    'nginx-502-cors': nginx(
      quickRetries,
      `
      add_header Access-Control-Allow-Origin $http_origin always;
      add_header Access-Control-Allow-Credentials true always;`,
    ),
    'nginx-502-websocket': {
      ...nginx({ ...quickRetries, transports: ['websocket'] }),
      expect: { chromium: hidden },
    },
    'apache-503': proxied('apache'),
    'haproxy-503-websocket': proxied('haproxy', { ...quickRetries, transports: ['websocket'] }),
    'caddy-502': proxied('caddy'),
    // One of two servers in turn is away, the other one asks for a login: neither answer tells what is broken.
    'alternating-with-401': {
      places: ['node', 'chromium-same'],
      expect: {
        node: { certainty: 'suspected', alternatives: ['request-unauthorized'] },
        'chromium-same': { certainty: 'suspected', alternatives: ['request-unauthorized'] },
      },
      start: async () => {
        let turn = 0;
        const { url, close } = await startHttp((_request, response) => {
          turn += 1;
          response.writeHead(turn % 2 === 0 ? 401 : 502).end();
        });
        const options = { ...quickRetries, transports: ['polling'] };
        return { url, options, enough: ({ failedAttempts }) => failedAttempts >= 4, close };
      },
    },
    'nginx-502-fetch': { ...withFetch(nginx(quickRetries)), expect: { chromium: hidden } },
    'nginx-502-all-transports': { ...tryingAll(nginx(quickRetries)), places: ['node'] },
    'unavailable-503-fetch-cors': withFetch(unsigned({ status: 503, body: 'unavailable', cors: true })),
    // Nobody says whether this is a proxy's word or the server's own.
    'unavailable-503': unsigned({
      status: 503,
      body: '<h1>503 Service Unavailable</h1>',
      headers: { 'retry-after': '5' },
    }),
    'unavailable-503-json-cors': unsigned({
      status: 503,
      body: '{"message":"no healthy upstream"}',
      headers: json,
      cors: true,
    }),
    'envoy-503': plain({ status: 503, body: 'no healthy upstream', cors: true }),
    // As a class: no standard defines these.
    'delivery-network-522': plain({
      status: 522,
      body: 'error code: 522',
      headers: { server: 'cloudflare' },
      cors: true,
    }),
    'delivery-network-524': plain({ status: 524, body: 'error code: 524', headers: { server: 'cloudflare' } }),
    'unavailable-503-cors': unsigned({ status: 503, body: 'busy', headers: { 'retry-after': '30' }, cors: true }),
    // The proxy of Vite up to 6, where nothing listens at its target.
    'development-server-500': {
      ...plain({ status: 500, headers: { 'content-type': 'text/plain' }, cors: true }),
      expect: { node: internal, chromium: internal, 'chromium-same': internal },
    },
    // That of Create React App, and rewrites of Next.js, say so in a line of text.
    'development-server-500-text': {
      ...plain({ status: 500, body: 'Proxy error: Could not proxy request', cors: true }),
      expect: { node: internal, chromium: internal, 'chromium-same': internal },
    },
    // Back before the SDK asks, and long before the client tries again.
    'nobody-behind-once': {
      places: ['chromium'],
      expect: { chromium: hidden },
      start: async () => {
        const server = await startSocketIo();
        let isFirst = true;
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (_request, response) => {
            if (!isFirst) return false;
            isFirst = false;
            response.writeHead(502).end('Bad Gateway');
            return true;
          },
        });
        return { url: proxy.url, options: { reconnectionDelay: 25_000 }, close: closeAll(proxy, server) };
      },
    },
    // Over before anything could be told apart: what does not speak HTTP at all would not have recovered.
    'nobody-behind-for-a-while': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected', best: true } },
      start: async () => {
        const server = await startSocketIo();
        let left = Number.POSITIVE_INFINITY;
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ headers }, response) => {
            // The question whether anything answers; those after it get their answers as well.
            if (headers['sec-fetch-mode'] === 'no-cors') left = Math.min(left, 12);
            left -= 1;
            if (left < 0) return false;
            response.writeHead(502).end('Bad Gateway');
            return true;
          },
          upgrade: { status: 502 },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, upgrade: false },
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    // Of a proxy or tunnel that lost patience.
    'timeout-408': unsigned({ status: 408, body: '<html><body><h1>408 Request Time-out</h1>' }),
    'timeout-408-at-first-poll': {
      places: ['node', 'chromium-same'],
      expect: { node: hidden, 'chromium-same': hidden },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method, url }, response) => {
            const isPoll = method === 'GET' && url?.includes('sid=') === true;
            if (isPoll) response.writeHead(408).end('<html><body><h1>408 Request Time-out</h1>');
            return isPoll;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'timeout-504': plain({
      status: 504,
      body: '{"message":"Endpoint request timed out"}',
      headers: json,
      delayMs: 3_000,
    }),
  },
};
