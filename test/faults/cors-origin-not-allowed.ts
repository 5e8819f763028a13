import type { EventEmitter } from 'node:events';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { withFetch } from './_kit/other-transports.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

const noCors: FaultVariant = {
  start: async () => {
    const { url, close } = await startSocketIo({ options: { cors: undefined } });
    return { url, options: quickRetries, close };
  },
};

export const fault: Fault = {
  code: 'cors-origin-not-allowed',
  places: ['chromium'],
  variants: {
    'no-cors': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: undefined } });
        return { url, close };
      },
    },
    'no-cors-polling': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: undefined } });
        return { url, options: { ...quickRetries, transports: ['polling'] }, close };
      },
    },
    // The list of origins in the documentation of Express's `cors`: the server then refuses WebSockets, too.
    'function-with-error': {
      expect: { chromium: { certainty: 'suspected', alternatives: ['server-refused-request', 'path-mismatch'] } },
      start: async () => {
        const origin = (_asked: string, callback: (error: Error) => void) => callback(new Error('Not allowed by CORS'));
        const { url, close } = await startSocketIo({ options: { cors: { origin } } });
        return { url, options: quickRetries, close };
      },
    },
    // A proxy adds the headers, but only to what it knows as answers to GET.
    'post-without-headers': {
      expect: { chromium: { certainty: 'suspected', best: true, alternatives: ['request-forbidden'] } },
      start: async () => {
        const server = await startSocketIo({ options: { cors: undefined } });
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method }, response) => {
            if (method === 'GET') response.setHeader('access-control-allow-origin', '*');
            return false;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          // Once the socket connects before the POST is answered, and once it does not: the answer is the same.
          enough: ({ timeline }) => timeline.signals.filter(({ kind }) => kind === 'engine-closed').length > 3,
          close: closeAll(proxy, server),
        };
      },
    },
    'other-origin': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: { origin: 'https://app.example.com' } } });
        return { url, options: quickRetries, close };
      },
    },
    // Server and proxy both add the header: two values are as bad as none.
    'doubled-by-nginx': {
      start: async () => {
        const server = await startSocketIo({ options: { cors: { origin: true } } });
        const nginx = await startNginx(
          proxyPass(server.port, `${upgradeHeaders}\n      add_header Access-Control-Allow-Origin *;`),
        );
        return { url: nginx.url, options: quickRetries, close: closeAll(nginx, server) };
      },
    },
    'stripped-by-nginx': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(
          proxyPass(server.port, `${upgradeHeaders}\n      proxy_hide_header Access-Control-Allow-Origin;`),
        );
        return { url: nginx.url, options: quickRetries, close: closeAll(nginx, server) };
      },
    },
    'no-cors-fetch': withFetch(noCors),
    'no-cors-server-3': {
      start: async () => {
        const { url, close } = await startSocketIo({ version: '3', options: { cors: undefined } });
        return { url, client: '3', options: quickRetries, close };
      },
    },
    // What Helmet sets by default, as the documentation of Socket.IO adds it, keeps also the answers from the page that nobody reads.
    'resource-policy': {
      expect: { chromium: { certainty: 'suspected', alternatives: ['request-blocked-by-client'] } },
      start: async () => {
        const { url, close } = await startSocketIo({
          options: { cors: undefined, transports: ['polling'] },
          setup: ({ engine }) =>
            (engine as unknown as EventEmitter).on('headers', (headers) => {
              headers['cross-origin-resource-policy'] = 'same-origin';
            }),
        });
        return { url, options: quickRetries, close };
      },
    },
    // Whatever its address: a page in a sandbox is of the origin `null`.
    sandboxed: {
      expect: { chromium: { details: { pageOrigin: 'null' } } },
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: { origin: ['http://127.0.0.1'] } } });
        return {
          url,
          options: quickRetries,
          pageHeaders: { 'content-security-policy': 'sandbox allow-scripts' },
          close,
        };
      },
    },
    'no-cors-client-2': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: undefined, allowEIO3: true } });
        return { url, client: '2', options: quickRetries, close };
      },
    },
  },
};
