import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeAll } from './_kit/close-all.js';
import type { DrivenSocket } from './_kit/drive-client.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { corsHeaders, startHttp } from './_kit/http-server.js';
import { startNginx } from './_kit/nginx.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

type Client = '2' | '3' | '4.0' | '4.5' | '4';

/** nginx that caches what it is told to, by a key without the parameter that makes each request unique. */
function nginx(options: object = {}, client: Client = '4', key = '$uri'): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo({ options: { allowEIO3: true } });
      const proxy = await startNginx(
        `location / {
      proxy_pass http://127.0.0.1:${server.port};
      proxy_cache answers;
      proxy_cache_key "${key}";
      proxy_cache_valid 200 10m;
      proxy_no_cache $arg_sid;
      proxy_cache_bypass $arg_sid;
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;
    }`,
        'proxy_cache_path cache keys_zone=answers:1m;',
      );
      return {
        url: proxy.url,
        options: { ...quickRetries, transports: ['polling'], ...options },
        client,
        onConnect: beginAgain,
        close: closeAll(proxy, server),
      };
    },
  };
}

/** A store that answers each handshake with one of a session that has ended. */
async function oldHandshake(port: number) {
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}/socket.io/${path}`, init);
  const body = await (await ask('?EIO=4&transport=polling')).text();
  await ask(`?EIO=4&transport=polling&sid=${JSON.parse(body.slice(1)).sid}`, { method: 'POST', body: '1' });
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || request.url?.includes('sid=')) return false;
    response.writeHead(200, { ...corsHeaders(request), 'content-type': 'text/plain; charset=UTF-8' }).end(body);
    return true;
  };
}

/** The first session is a good one; its end brings the old handshake back. */
const beginAgain = (socket: DrivenSocket) => {
  setTimeout(() => {
    socket.disconnect();
    // The server has to hear of the end first.
    setTimeout(() => socket.connect(), 300);
  }, 100);
};

export const fault: Fault = {
  code: 'response-cached',
  places: ['node', 'chromium'],
  variants: {
    'nginx-ignores-query': { ...nginx(), places: ['node', 'chromium', 'chromium-same'] },
    'nginx-client-2': nginx({}, '2'),
    'nginx-client-3': nginx({}, '3'),
    'nginx-client-4.0': nginx({}, '4.0'),
    // The cache goes by the whole query, and the client has nothing in it that changes.
    'timestamps-off': nginx({ timestampRequests: false }, '4', '$request_uri'),
    // It ignores the session as well, and so answers the polls of a session with its handshake: no request fails.
    'answers-polls-with-handshake': {
      places: ['node'],
      start: async () => {
        const server = await startSocketIo();
        let kept: Promise<string> | undefined;
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (request, response) => {
            if (request.method !== 'GET') return false;
            kept ??= fetch(`http://127.0.0.1:${server.port}${request.url}`).then((answer) => answer.text());
            const answer = kept;
            // As far away as a cache is: the client asks again at once.
            setTimeout(() => answer.then((body) => response.end(body)), 200);
            return true;
          },
        });
        const options = { ...quickRetries, transports: ['polling'] };
        return { url: proxy.url, options, close: closeAll(proxy, server) };
      },
    },
    'default-transports': {
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: await oldHandshake(server.port),
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // The worker of the page keeps what it fetched, as a careless "cache first" does.
    'service-worker': {
      places: ['chromium-same'],
      start: async () => {
        const worker = `self.addEventListener('install', () => self.skipWaiting());
          self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
          self.addEventListener('fetch', (event) => {
            if (event.request.method !== 'GET' || !event.request.url.includes('/socket.io/')) return;
            const find = async () => {
              const cache = await caches.open('all');
              const url = new URL(event.request.url);
              url.searchParams.delete('t');
              const kept = await cache.match(url.href);
              if (kept) return kept;
              const answer = await fetch(event.request);
              if (answer.ok) await cache.put(url.href, answer.clone());
              return answer;
            };
            event.respondWith(find());
          });`;
        const server = await startSocketIo({
          elsewhere: (_request, response) => {
            response.writeHead(200, { 'content-type': 'text/javascript' }).end(worker);
          },
        });
        return {
          url: server.url,
          options: { ...quickRetries, transports: ['polling'], autoConnect: false },
          onCreate: (socket: DrivenSocket) => {
            const { serviceWorker } = globalThis.navigator;
            serviceWorker.addEventListener('controllerchange', () => socket.connect());
            serviceWorker.register('/worker.js');
          },
          onConnect: beginAgain,
          close: server.close,
        };
      },
    },
    // A filter in front that makes entity tags and compares them with nothing. As like a server that knows no Socket.IO.
    'not-modified': {
      places: ['node', 'chromium-same'],
      expect: {
        node: { certainty: 'suspected', alternatives: ['server-not-socketio'] },
        'chromium-same': { certainty: 'suspected', alternatives: ['server-not-socketio'] },
      },
      start: async () => {
        const { url, close } = await startHttp({ status: 304, headers: { etag: '"1"' } });
        return { url, options: quickRetries, close };
      },
    },
  },
};
