import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, Place } from './_kit/fault.js';
import { proxyPass, startNginx } from './_kit/nginx.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ReverseProxySetup, startReverseProxy, type UpgradeTreatment } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';
import { startWebSocket } from './_kit/websocket-server.js';

function variant(upgrade: UpgradeTreatment, how: string, options: Record<string, unknown> = {}): FaultVariant {
  return {
    expect: { node: { details: { how } } },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({ target: server.port, upgrade });
      return { url: proxy.url, options, close: closeAll(proxy, server) };
    },
  };
}

/** A real proxy that passes HTTP on, and upgrades as HTTP. */
function proxied(
  name: ProxyName,
  client: '1' | '3' | '4.0' | '4',
  options: Record<string, unknown> = quickRetries,
): FaultVariant {
  return {
    expect: { node: { details: { how: 'rejected', status: 400 } } },
    start: async () => {
      const server = await startSocketIo({ version: client });
      const proxy = await startProxy(name, { target: server.port, websocket: false });
      return { url: proxy.url, client, options, close: closeAll(proxy, server) };
    },
  };
}

/** Something changes what passes through a WebSocket, or its beginning. */
function altered(
  setup: Omit<ReverseProxySetup, 'target'>,
  options: Record<string, unknown> = quickRetries,
): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({ target: server.port, ...setup });
      return { url: proxy.url, options, close: closeAll(proxy, server) };
    },
  };
}

const END = '\r\n\r\n';

/** Closes a WebSocket at its first message where compression was agreed on; the newest connection alone matters. */
function cutsCompressed(): Omit<ReverseProxySetup, 'target'> {
  let isCompressed = false;
  return {
    upgradeHead: (head) => {
      isCompressed = /permessage-deflate/i.test(head);
      return head;
    },
    toClient: (frames, _turn, client) => {
      if (!isCompressed) return frames;
      client.end();
      return undefined;
    },
  };
}

const oneWay: Expectation = { certainty: 'suspected', alternatives: ['session-not-sticky'] };
/** A server that never answers may have a middleware that does not go on. */
const oneWayOnly: Expectation = { certainty: 'suspected', alternatives: ['namespace-not-answering'] };

const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same'];
const websocketOnly = { ...quickRetries, transports: ['websocket'], timeout: 4_000 };

/** It heals, and what had been found stays true: the upgrade gets through in a later connection. */
const healed: FaultVariant = {
  places: ['node', 'chromium'],
  expect: { node: { details: { how: 'rejected', status: 403 } } },
  start: async () => {
    const server = await startSocketIo();
    const [pass] = server.io.httpServer.listeners('upgrade') as ((...values: unknown[]) => void)[];
    let isHealed = false;
    server.io.httpServer.removeAllListeners('upgrade').on('upgrade', (request, socket, head) => {
      if (isHealed) pass?.(request, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    });
    return {
      url: server.url,
      options: quickRetries,
      onConnect: (socket) => {
        setTimeout(() => socket.io.engine?.close(), 3_000);
      },
      prepare: async () => {
        setTimeout(() => {
          isHealed = true;
        }, 2_500);
      },
      enough: ({ status }) => status === 'resolved',
      close: server.close,
    };
  },
};

export const fault: Fault = {
  code: 'websocket-blocked',
  places: ['node', 'chromium'],
  variants: {
    // nginx speaks HTTP/1.0 to what is behind it and drops hop-by-hop headers unless told otherwise.
    'nginx-defaults': {
      places: everywhere,
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(proxyPass(server.port, ''));
        return { url: nginx.url, close: closeAll(nginx, server) };
      },
    },
    healed,
    // IIS with Application Request Routing: the question of the SDK in Node offers no compression.
    'cut-where-compressed': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', best: true, details: { how: 'closed' } } },
      start: async () => {
        const server = await startSocketIo({ options: { perMessageDeflate: { threshold: 0 } } });
        const proxy = await startReverseProxy({ target: server.port, ...cutsCompressed() });
        return {
          url: proxy.url,
          options: websocketOnly,
          // Only a cut after the question was answered tells.
          enough: ({ diagnosis, failedAttempts }) => diagnosis.code === 'websocket-blocked' || failedAttempts > 4,
          close: closeAll(proxy, server),
        };
      },
    },
    'apache-proxypass-only': proxied('apache', '4'),
    'apache-proxypass-only-client-1-websocket': proxied('apache', '1', websocketOnly),
    'haproxy-drops-upgrade-client-3': proxied('haproxy', '3'),
    'caddy-drops-upgrade-client-4.0-websocket': proxied('caddy', '4.0', websocketOnly),
    'nginx-defaults-websocket': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(proxyPass(server.port, ''));
        return { url: nginx.url, options: websocketOnly, close: closeAll(nginx, server) };
      },
    },
    // Nobody gets in without the query of the app, and the questions of the SDK have none.
    'nginx-defaults-websocket-with-token': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const allowRequest = ({ url = '' }, done: (error: null, isAllowed: boolean) => void) =>
          done(null, url.includes('token='));
        const server = await startSocketIo({ options: { allowRequest } });
        const nginx = await startNginx(proxyPass(server.port, ''));
        return {
          url: nginx.url,
          options: { ...websocketOnly, query: { token: 'abc' } },
          close: closeAll(nginx, server),
        };
      },
    },
    // What fails without the query of the app has never met the client.
    'nginx-defaults-websocket-and-a-500-without-token': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo();
        const gateway = await startReverseProxy({
          target: server.port,
          upgrade: { status: 403 },
          intercept: ({ url = '' }, response) => {
            if (url.includes('token=')) return false;
            response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>');
            return true;
          },
        });
        return {
          url: gateway.url,
          options: { ...websocketOnly, query: { token: 'abc' } },
          close: closeAll(gateway, server),
        };
      },
    },
    // The page has logged in, and the questions of the SDK come without its cookies.
    'forbidden-403-websocket-behind-login': {
      places: ['chromium-same'],
      expect: { 'chromium-same': { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo();
        const gateway = await startReverseProxy({
          target: server.port,
          upgrade: { status: 403 },
          intercept: ({ headers, url = '' }, response) => {
            if (headers.cookie?.includes('login=') || !url.startsWith('/socket.io/')) return false;
            response.writeHead(401).end('Unauthorized');
            return true;
          },
        });
        return {
          url: gateway.url,
          options: websocketOnly,
          makeOptions: () => {
            Reflect.set(Reflect.get(globalThis, 'document'), 'cookie', 'login=1');
            return {};
          },
          close: closeAll(gateway, server),
        };
      },
    },
    // With `tryAllTransports` the client goes on with polling and never upgrades.
    'falls-back-to-polling': {
      places: ['node'],
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({ target: server.port, upgrade: { status: 400 } });
        const options = { transports: ['websocket', 'polling'], tryAllTransports: true };
        return { url: proxy.url, options, close: closeAll(proxy, server) };
      },
    },
    // HTTP has nothing but a refusal to compare with.
    'nginx-defaults-server-without-polling': {
      expect: {
        node: { certainty: 'suspected', alternatives: ['transport-not-enabled'] },
        chromium: { certainty: 'suspected', alternatives: ['transport-not-enabled'] },
      },
      start: async () => {
        const server = await startSocketIo({ options: { transports: ['websocket'] } });
        const nginx = await startNginx(proxyPass(server.port, ''));
        return { url: nginx.url, options: websocketOnly, close: closeAll(nginx, server) };
      },
    },
    'forbidden-403': variant({ status: 403, body: 'Forbidden' }, 'rejected'),
    'bad-request-400': variant({ status: 400, body: '<html>400 Bad Request</html>' }, 'rejected'),
    'upgrade-required-426': variant({ status: 426, headers: { upgrade: 'h2c' } }, 'rejected'),
    'ok-200': variant({ status: 200, body: 'OK' }, 'rejected'),
    // Azure App Service where WebSocket is switched off, Varnish that does not pipe upgrades.
    'page-503': variant({ status: 503, body: '<html>WebSockets are disabled</html>' }, 'rejected'),
    closed: variant('close', 'closed'),
    hanging: variant('hang', 'hanging'),
    swallowed: { ...variant('swallow', 'swallowed'), places: everywhere },
    'forbidden-403-websocket': variant({ status: 403, body: 'Forbidden' }, 'rejected', websocketOnly),
    'hanging-websocket': variant('hang', 'hanging', websocketOnly),
    'forbidden-403-client-2': {
      start: async () => {
        const server = await startSocketIo({ version: '2' });
        const proxy = await startReverseProxy({ target: server.port, upgrade: { status: 403 } });
        return { url: proxy.url, client: '2', close: closeAll(proxy, server) };
      },
    },
    // A gateway agrees to what the client of somebody else had asked for: clients have to refuse that. Firefox takes it (153).
    'subprotocol-unasked': {
      ...altered({ upgradeHead: (head) => head.replace(END, `\r\nSec-WebSocket-Protocol: mqtt${END}`) }),
      engines: ['chromium', 'webkit'],
      // The upgrade came as far as Engine.IO, which a page cannot tell from two handlers.
      expect: { chromium: { certainty: 'suspected' } },
    },
    'upgraded-to-another-websocket': {
      ...altered({ upgradeHead: (head) => head.replace(/upgrade: websocket/i, 'Upgrade: h2c') }, websocketOnly),
      expect: { firefox: { certainty: 'suspected' } },
    },
    // What the server says arrives, what the client says does not.
    'one-way': { ...altered({ toServer: () => undefined }, {}), expect: { node: oneWay, chromium: oneWay } },
    'one-way-websocket': {
      ...altered({ toServer: () => undefined }, websocketOnly),
      expect: { node: oneWayOnly, chromium: oneWayOnly },
    },
    // The query of the app makes the address longer than the gateway takes; that of a poll would be shorter.
    'address-too-long': {
      places: ['node', 'chromium'],
      expect: { node: oneWay, chromium: oneWay },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startNginx(`large_client_header_buffers 2 1k; ${proxyPass(server.port)}`);
        const options = { ...quickRetries, query: { t: 'x'.repeat(3_000) } };
        return { url: proxy.url, options, close: closeAll(proxy, server) };
      },
    },
    // Another WebSocket server has taken the upgrade, and answers the probe with what it was sent.
    'echoed-by-another': {
      expect: { node: { details: { how: 'swallowed' } } },
      start: async () => {
        const server = await startSocketIo();
        const other = await startWebSocket((socket) => socket.on('message', (data) => socket.send(String(data))));
        const proxy = await startReverseProxy({
          target: (request) => (request.headers.upgrade ? other.port : server.port),
        });
        return { url: proxy.url, close: closeAll(proxy, other, server) };
      },
    },
  },
};
