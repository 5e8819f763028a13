import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { WebSocketServer } from 'ws';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { listen } from './_kit/listen.js';
import type { SocketIoServer } from './_kit/socketio-server.js';

const load = createRequire(import.meta.url);
const suspected: Expectation = { certainty: 'suspected' };

const within: Expectation = { within: 'websocket-blocked' };

/** Two servers on one HTTP server and one path; requests go to the one attached last, upgrades to both. */
function twice(first: string, second: string, options: Record<string, unknown> = {}): FaultVariant {
  return {
    expect: { chromium: suspected },
    start: async () => {
      const http = createServer();
      const servers = [first, second].map((name) => attach(name, http));
      return serve(http, servers, options);
    },
  };
}

/** A WebSocket server of another library on the same HTTP server, as for GraphQL subscriptions, attached first or last. */
function beside(
  { path, isLast = false }: { readonly path?: string; readonly isLast?: boolean },
  options: Record<string, unknown> = {},
): FaultVariant {
  return {
    // Refused by the one that keeps to its own path, it looks like any refusal; in Firefox both together do.
    expect:
      path === undefined || isLast
        ? { chromium: suspected, ...(path && { firefox: within }) }
        : { node: within, chromium: within },
    start: async () => {
      const http = createServer();
      const attachOther = () => {
        const other = new WebSocketServer({ server: http, ...(path !== undefined && { path }) });
        other.on('connection', (socket) => socket.on('error', () => {}));
      };
      if (!isLast) attachOther();
      const io = attach('socket.io', http);
      if (isLast) attachOther();
      return serve(http, [io], options);
    },
  };
}

function attach(name: string, http: Server): SocketIoServer {
  const loaded = load(name);
  // 2.x exports a factory and lets pages of every origin in.
  return name === 'socket.io-2' ? loaded(http) : new loaded.Server(http, { cors: { origin: true, credentials: true } });
}

async function serve(
  http: Server,
  servers: readonly SocketIoServer[],
  options: Record<string, unknown>,
): Promise<RunningFault> {
  // Two handlers that write into one connection make the socket throw in the server, too.
  http.on('upgrade', (_request, socket) => socket.on('error', () => {}));
  const listening = await listen(http);
  const engines = servers.map((io) => ({
    close: async () => {
      io.engine.close();
    },
  }));
  return { url: listening.url, options, close: closeAll(...engines, listening) };
}

export const fault: Fault = {
  code: 'websocket-handled-twice',
  places: ['node', 'chromium'],
  variants: {
    'old-and-new': twice('socket.io-4.0', 'socket.io'),
    'new-and-old': twice('socket.io', 'socket.io-3'),
    'websocket-only': twice('socket.io', 'socket.io-3', { transports: ['websocket'] }),
    // As express-status-monitor 1.3.4 brings it: https://github.com/RafalWilinski/express-status-monitor
    'older-package': twice('socket.io', 'socket.io-2'),
    'other-library': beside({}),
    'other-library-websocket-only': beside({}, { transports: ['websocket'] }),
    'other-library-own-path': beside({ path: '/graphql' }),
    'other-library-own-path-last': beside({ path: '/graphql', isLast: true }),
    'other-library-own-path-websocket-only': beside({ path: '/graphql' }, { transports: ['websocket'] }),
  },
};
