import type { Duplex } from 'node:stream';
import type { Incident } from '../../src/incidents/incident.js';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { type Relay, startReverseProxy } from './_kit/reverse-proxy.js';
import { closingFrame } from './_kit/server-frame.js';
import { type ServerVersion, type SocketIoServer, startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

/** One cut has no rhythm yet, and to call it a cut is true as well; so is what flaps, where a busy machine has spoilt the rhythm at first. */
const also = ['connection-cut', 'session-lost', 'connection-flapping'];
const expected = (more: Expectation = {}) => ({
  node: { also, ...more },
  chromium: { also, ...more },
  'chromium-same': { also, ...more },
});
const isSure = ({ diagnosis }: Incident) =>
  diagnosis.certainty === 'confirmed' && diagnosis.code === 'proxy-idle-timeout';

/** Reconnects soon, so that three cuts do not take a minute. */
const soon = { reconnectionDelay: 200, reconnectionDelayMax: 400 };

function behind(
  proxy: ProxyName,
  {
    version = '4',
    client = '4',
    options = {},
    setup,
  }: {
    readonly version?: ServerVersion;
    readonly client?: ClientVersion;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly setup?: (io: SocketIoServer) => void;
  } = {},
): FaultVariant {
  return {
    expect: expected(),
    start: async () => {
      const server = await startSocketIo({ version, ...(setup && { setup }) });
      const front = await startProxy(proxy, { target: server.port, idleTimeoutS: 2 });
      return {
        url: front.url,
        client,
        options: { ...soon, ...options },
        enough: isSure,
        limitMs: 40_000,
        close: closeAll(front, server),
      };
    },
  };
}

/** A router that lets no request wait for longer, and says so with a status of its own. */
function impatient(status: number): FaultVariant {
  return {
    expect: expected(),
    start: async () => {
      const server = await startSocketIo();
      const router = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          const limit = setTimeout(() => {
            if (!response.headersSent)
              response.writeHead(status, corsHeaders(request)).end('<h1>Application error</h1>');
          }, 2_000);
          response.on('close', () => clearTimeout(limit));
          return false;
        },
      });
      return {
        url: router.url,
        options: { ...soon, transports: ['polling'] },
        enough: isSure,
        limitMs: 40_000,
        close: closeAll(router, server),
      };
    },
  };
}

/** A gateway that closes by a frame of its own: 1001, going away. One such end is told as what it says. */
const politely: FaultVariant = {
  expect: expected({ also: [...also, 'server-closed-connection'] }),
  start: async () => {
    const server = await startSocketIo();
    const limits = new WeakMap<Duplex, NodeJS.Timeout>();
    const restart: Relay = (bytes, _turn, client) => {
      clearTimeout(limits.get(client));
      limits.set(
        client,
        setTimeout(() => client.end(closingFrame(1001)), 2_000),
      );
      return bytes;
    };
    const proxy = await startReverseProxy({ target: server.port, toServer: restart, toClient: restart });
    return {
      url: proxy.url,
      options: { ...soon, transports: ['websocket'] },
      enough: isSure,
      limitMs: 40_000,
      close: closeAll(proxy, server),
    };
  },
};

/** Talks for a while that is different each time and then falls silent. */
function talk(io: SocketIoServer): void {
  let connections = 0;
  io.on('connection', (socket) => {
    const beats = (connections++ * 3) % 5;
    for (let beat = 1; beat <= beats; beat += 1) setTimeout(() => socket.emit('news', beat), beat * 700);
  });
}

export const fault: Fault = {
  code: 'proxy-idle-timeout',
  places: ['node', 'chromium'],
  variants: {
    'nginx-websocket': {
      ...behind('nginx', { options: { transports: ['websocket'] } }),
      places: ['node', 'chromium', 'chromium-same'],
    },
    'nginx-upgraded': behind('nginx'),
    'nginx-polling': {
      ...behind('nginx', { options: { transports: ['polling'] } }),
      places: ['node', 'chromium', 'chromium-same'],
    },
    'nginx-after-traffic': { ...behind('nginx', { setup: talk }), places: ['node', 'chromium'] },
    'haproxy-websocket': behind('haproxy', { options: { transports: ['websocket'] } }),
    'haproxy-polling': behind('haproxy', { options: { transports: ['polling'] } }),
    'apache-upgraded': behind('apache'),
    'apache-polling': behind('apache', { options: { transports: ['polling'] } }),
    // Heroku, after 30 seconds; Cloudflare, after 100.
    'router-polling-503': impatient(503),
    'edge-polling-524': impatient(524),
    'caddy-polling': behind('caddy', { options: { transports: ['polling'] } }),
    'caddy-upgraded': behind('caddy'),
    'says-goodbye-1001': politely,
    'nginx-client-2': behind('nginx', { version: '2', client: '2' }),
    'nginx-polling-client-2': behind('nginx', { version: '2', client: '2', options: { transports: ['polling'] } }),
  },
};
