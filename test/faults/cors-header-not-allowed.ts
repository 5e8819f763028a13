import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';

const authorization = { authorization: 'Bearer secret' };
const tenant = { 'x-tenant': 'acme' };

function variant(
  options: Record<string, unknown>,
  cors: Record<string, unknown>,
  more: Pick<SocketIoSetup, 'version'> & { client?: '2' | '3' | '4.0' | '4.5'; server?: object } = {},
): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({
        ...(more.version && { version: more.version }),
        options: { cors, ...more.server },
      });
      return { url, options: { ...quickRetries, ...options }, ...(more.client && { client: more.client }), close };
    },
  };
}

export const fault: Fault = {
  code: 'cors-header-not-allowed',
  places: ['chromium'],
  variants: {
    'other-headers-allowed': variant({ extraHeaders: authorization }, { origin: true, allowedHeaders: ['x-other'] }),
    'second-header-missing': variant(
      { extraHeaders: { ...authorization, ...tenant }, transports: ['polling'] },
      { origin: true, allowedHeaders: ['authorization'] },
    ),
    // The client needs credentials, and those are allowed.
    'with-credentials': variant(
      { extraHeaders: tenant, withCredentials: true },
      { origin: true, credentials: true, allowedHeaders: ['authorization'] },
    ),
    // With credentials a `*` is the name of a header and no wildcard.
    'wildcard-with-credentials': variant(
      { extraHeaders: tenant, withCredentials: true },
      { origin: true, credentials: true, allowedHeaders: '*' },
    ),
    'content-type-json': variant(
      { extraHeaders: { 'Content-Type': 'application/json' } },
      { origin: '*', allowedHeaders: ['x-other'] },
    ),
    'transport-options-client-2': variant(
      { transportOptions: { polling: { extraHeaders: tenant } } },
      { origin: true, credentials: true, allowedHeaders: ['x-other'] },
      { client: '2', server: { allowEIO3: true } },
    ),
    'transport-options-client-3': variant(
      { transportOptions: { polling: { extraHeaders: tenant } } },
      { origin: true, allowedHeaders: ['x-other'] },
      { client: '3', version: '3' },
    ),
    'client-4.0': variant(
      { extraHeaders: tenant },
      { origin: true, allowedHeaders: ['x-other'] },
      { client: '4.0', version: '4.0' },
    ),
    // The server would allow everything, but OPTIONS requests do not reach it.
    'options-refused-by-proxy': {
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method }, response) => {
            if (method !== 'OPTIONS') return false;
            response.writeHead(405, { allow: 'GET, POST' }).end();
            return true;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, extraHeaders: authorization },
          close: closeAll(proxy, server),
        };
      },
    },
    'preflight-stripped-by-nginx': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(
          proxyPass(server.port, `${upgradeHeaders}\n      proxy_hide_header Access-Control-Allow-Headers;`),
        );
        return {
          url: nginx.url,
          options: { ...quickRetries, extraHeaders: authorization },
          close: closeAll(nginx, server),
        };
      },
    },
  },
};
