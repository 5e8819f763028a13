import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { proxyPass, startNginx } from './_kit/nginx.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** Nobody tells the page who dropped its request. */
const suspected: Expectation = { certainty: 'suspected' };

/** A healthy server, and something in the browser that drops requests by words in their address. */
function variant(
  patterns: readonly string[],
  options: Record<string, unknown> = {},
  client: '2' | '3' | '4' = '4',
  path = '/socket.io/',
): FaultVariant {
  return {
    places: ['chromium', 'chromium-same'],
    expect: { chromium: suspected, 'chromium-same': suspected },
    start: async () => {
      const { url, close } = await startSocketIo({ options: { allowEIO3: true, path } });
      return {
        url,
        options: { ...quickRetries, ...options },
        client,
        prepare: (control) => control.blockUrls(patterns),
        close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'request-blocked-by-client',
  places: ['chromium'],
  variants: {
    polling: variant(['*transport=polling*']),
    'polling-only-client': variant(['*transport=polling*'], { transports: ['polling'] }),
    path: variant(['*/socket.io/*']),
    'path-client-2': variant(['*/socket.io/*'], {}, '2'),
    'path-client-3': variant(['*/socket.io/*'], {}, '3'),
    'own-path': variant(['*/tracking/*'], { path: '/tracking/' }, '4', '/tracking/'),
    // WebSocket, too: an extension hides from the page what it did, as does a firewall that resets by path.
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
          prepare: (control) => control.blockUrls(['*/socket.io/*']),
          close: closeAll(nginx, server),
        };
      },
    },
  },
};
