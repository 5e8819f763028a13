import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { startNginx, upgradeHeaders } from './_kit/nginx.js';
import { withFetch } from './_kit/other-transports.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

function keepsPrefix(name: ProxyName): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startProxy(name, { target: server.port });
      return {
        url: proxy.url,
        options: { ...quickRetries, path: '/realtime/socket.io', transports: ['websocket'] },
        close: closeAll(proxy, server),
      };
    },
  };
}

/** No question guesses the name under which it would answer; the second after which the server cuts a foreign WebSocket tells that it is there. */
function stripsPath(name: ProxyName): FaultVariant {
  const listed: Expectation = { certainty: 'suspected', alternatives: ['server-not-socketio'] };
  return {
    expect: { node: listed, chromium: listed },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startProxy(name, { target: server.port, from: '/socket.io/', to: '/' });
      return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
    },
  };
}

export const fault: Fault = {
  code: 'path-mismatch',
  places: ['node', 'chromium'],
  variants: {
    'server-path': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo({ options: { path: '/realtime/' } });
        return { url, close };
      },
    },
    // The client appends it to host and port as it is: no URL at all, or, without a port, another host name.
    'client-path-without-slash': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: 'socket.io' }, close };
      },
    },
    'client-path-without-slash-or-port': {
      start: async () => ({
        url: 'http://socket-server.invalid',
        options: { ...quickRetries, path: 'socket.io' },
        close: async () => {},
      }),
    },
    // The WebSocket throws before anybody listens: nothing is told until the time limit.
    'client-path-without-slash-websocket': {
      start: async () => {
        const { url, close } = await startSocketIo();
        const options = { ...quickRetries, path: 'socket.io', transports: ['websocket'], timeout: 2_000 };
        return { url, options, close };
      },
    },
    // The client puts its own query behind that of the path, where no server finds it.
    'client-path-with-query': {
      // A query of the app in front of it heals that.
      places: ['chromium'],
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: '/socket.io/?room=7' }, close };
      },
    },
    'client-path-with-fragment': {
      // What is not for Engine.IO is answered without CORS headers.
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: '/socket.io#room' }, close };
      },
    },
    'client-path': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: '/chat' }, close };
      },
    },
    // API Gateway and S3 say 403 of a path that they do not have.
    'forbidden-elsewhere': {
      places: ['node', 'chromium', 'chromium-same'],
      expect: {
        node: { within: 'request-forbidden', alternatives: ['server-not-socketio'] },
        chromium: { certainty: 'suspected', alternatives: ['server-not-socketio', 'request-forbidden'] },
        'chromium-same': { within: 'request-forbidden', alternatives: ['server-not-socketio'] },
      },
      start: async () => {
        const server = await startSocketIo({ options: { path: '/production/socket.io/' } });
        const gateway = await startReverseProxy({
          target: server.port,
          upgrade: { status: 403 },
          intercept: (request, response) => {
            if (request.url?.startsWith('/production/')) return false;
            response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
            return true;
          },
        });
        return { url: gateway.url, options: quickRetries, close: closeAll(gateway, server) };
      },
    },
    'client-path-websocket': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: '/chat', transports: ['websocket'] }, close };
      },
    },
    // No WebSocket leaves a trace of the other path, and an HTTP server without a handler for this one leaves the client without an answer.
    'client-path-polling-server': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['polling'] } });
        return { url, options: { ...quickRetries, path: '/chat/' }, close };
      },
    },
    'client-path-polling-server-hanging': {
      places: ['node', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['polling'] }, elsewhere: () => {} });
        return { url, options: { ...quickRetries, timeout: 1_500, path: '/chat/' }, close };
      },
    },
    'trailing-slash': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, addTrailingSlash: false }, close };
      },
    },
    'trailing-slash-custom': {
      expect: {
        node: { details: { requestedPath: '/realtime', workingPath: '/realtime/' } },
        chromium: { details: { requestedPath: '/realtime', workingPath: '/realtime/' } },
      },
      start: async () => {
        const { url, close } = await startSocketIo({ options: { path: '/realtime' } });
        return { url, options: { ...quickRetries, path: '/realtime', addTrailingSlash: false }, close };
      },
    },
    'lowercased-by-proxy': {
      start: async () => {
        const path = '/MyApp/Socket.IO';
        const server = await startSocketIo({ options: { path } });
        const proxy = await startReverseProxy({
          target: server.port,
          rewrite: (asked) => asked.replace(/^[^?]*/, (name) => name.toLowerCase()),
        });
        return { url: proxy.url, options: { ...quickRetries, path }, close: closeAll(proxy, server) };
      },
    },
    'base-added-twice': {
      start: async () => {
        const server = await startSocketIo({ options: { path: '/api/socket.io' } });
        const proxy = await startReverseProxy({ target: server.port, rewrite: (asked) => `/api${asked}` });
        return { url: proxy.url, options: { ...quickRetries, path: '/api/socket.io' }, close: closeAll(proxy, server) };
      },
    },
    // A path in the URL is a namespace: the request goes to /socket.io/, which this proxy does not route.
    'proxy-needs-prefix': {
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          rewrite: (path) => (path.startsWith('/api/') ? path.slice('/api'.length) : undefined),
        });
        return { url: `${proxy.url}/api`, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'nginx-needs-prefix': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(
          `location /realtime/ { proxy_pass http://127.0.0.1:${server.port}/;${upgradeHeaders} }`,
        );
        return { url: `${nginx.url}/realtime`, options: quickRetries, close: closeAll(nginx, server) };
      },
    },
    // A slash behind the port puts the rest of the path in place of the location's own name.
    'nginx-strips-path': stripsPath('nginx'),
    'apache-strips-path': stripsPath('apache'),
    // The proxy routes by the prefix and passes it on; the server does not know it.
    'nginx-keeps-prefix': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(`location / { proxy_pass http://127.0.0.1:${server.port};${upgradeHeaders} }`);
        return {
          url: nginx.url,
          options: { ...quickRetries, path: '/realtime/socket.io' },
          close: closeAll(nginx, server),
        };
      },
    },
    // Engine.IO cuts an upgrade to a path that is not its own, which a proxy in front tells as a 502.
    'apache-keeps-prefix-websocket': keepsPrefix('apache'),
    'haproxy-keeps-prefix-websocket': keepsPrefix('haproxy'),
    'caddy-needs-prefix': {
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startProxy('caddy', { target: server.port, from: '/realtime/', to: '/' });
        return { url: `${proxy.url}/realtime`, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'client-path-fetch': withFetch({
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { ...quickRetries, path: '/chat' }, close };
      },
    }),
    'client-2': {
      start: async () => {
        const { url, close } = await startSocketIo({ version: '2', options: { path: '/realtime' } });
        return { url, client: '2', options: quickRetries, close };
      },
    },
    // It leaves no fingerprint: whether it lives there under another name cannot be known.
    python: {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startPython({ server: 'eventlet', path: 'realtime/socket.io' });
        return { url, options: quickRetries, close };
      },
    },
  },
};
