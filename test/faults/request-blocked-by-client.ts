import type { RequestFilter } from '../browser/request-filter.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { proxyPass, startNginx } from './_kit/nginx.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** Nobody tells the page who dropped its request. */
const suspected: Expectation = { certainty: 'suspected' };

/** A healthy server, and a blocker in the browser that drops requests by words in their address. */
function variant(
  filter: RequestFilter,
  options: Record<string, unknown> = {},
  client: '2' | '3' | '4' = '4',
  path = '/socket.io/',
  server: Record<string, unknown> = {},
): FaultVariant {
  return {
    places: ['chromium', 'chromium-same'],
    expect: { chromium: suspected, 'chromium-same': suspected },
    start: async () => {
      const { url, close } = await startSocketIo({ options: { allowEIO3: true, path, ...server } });
      return { url, options: { ...quickRetries, ...options }, client, filter, close };
    },
  };
}

const overHttp = (words: string): RequestFilter => ({ words, kinds: ['http'] });
const all = (words: string): RequestFilter => ({ words, kinds: ['http', 'websocket'] });

export const fault: Fault = {
  code: 'request-blocked-by-client',
  places: ['chromium'],
  variants: {
    polling: variant(overHttp('transport=polling')),
    'polling-only-client': variant(overHttp('transport=polling'), { transports: ['polling'] }),
    path: variant(overHttp('/socket.io/')),
    'path-client-2': variant(overHttp('/socket.io/'), {}, '2'),
    'path-client-3': variant(overHttp('/socket.io/'), {}, '3'),
    'own-path': variant(overHttp('/tracking/'), { path: '/tracking/' }, '4', '/tracking/'),
    'path-all-transports': variant(all('/socket.io/')),
    'path-websocket-only': variant(all('/socket.io/'), { transports: ['websocket'] }),
    // The same server answers at the path without its last slash, which is on no list.
    'path-without-slash': variant(all('/socket.io/'), {}, '4', '/socket.io/', { addTrailingSlash: false }),
    // A firewall that resets by path looks the same.
    'all-transports': {
      places: ['chromium', 'chromium-same'],
      expect: { chromium: suspected, 'chromium-same': suspected },
      start: async () => {
        const { url, close } = await startReverseProxy({
          target: 0,
          upgrade: 'close',
          intercept: ({ url: path }, response) => {
            if (path?.startsWith('/socket.io/')) response.destroy();
            else response.end('<!doctype html>');
            return true;
          },
        });
        return { url, options: quickRetries, close };
      },
    },
    'behind-nginx': {
      expect: { chromium: suspected },
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(proxyPass(server.port));
        return {
          url: nginx.url,
          options: quickRetries,
          filter: overHttp('/socket.io/'),
          close: closeAll(nginx, server),
        };
      },
    },
  },
};
