import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { listen } from './_kit/listen.js';
import type { SocketIoServer } from './_kit/socketio-server.js';

const load = createRequire(import.meta.url);
const suspected: Expectation = { certainty: 'suspected' };
const best: Expectation = { ...suspected, best: true };

/** A WebSocket without a session would tell two handlers from several servers, and ends the process where both are of one package. */
const unasked: FaultVariant['expect'] = {
  node: suspected,
  chromium: suspected,
};

const within: Expectation = { within: 'websocket-blocked' };

/** Two servers on one HTTP server and one path; requests go to the one attached last, upgrades to both. */
function twice(
  first: string,
  second: string,
  options: Record<string, unknown> = {},
  expect: FaultVariant['expect'] = { chromium: suspected },
): FaultVariant {
  return {
    expect,
    start: async () => {
      const http = createServer();
      const servers = [first, second].map((name) => attach(name, http));
      return serve(http, servers, options);
    },
  };
}

/** A WebSocket server of another library on the same HTTP server, as for GraphQL subscriptions, attached first or last. */
function beside(
  { path, isLast = false, says }: { readonly path?: string; readonly isLast?: boolean; readonly says?: string },
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
        other.on('connection', (socket) => {
          socket.on('error', () => {});
          if (says !== undefined) socket.send(says);
        });
      };
      if (!isLast) attachOther();
      const io = attach('socket.io', http);
      if (isLast) attachOther();
      return serve(http, [io], options);
    },
  };
}

/** A WebSocket library of a framework, which answers the upgrades of all paths that are not its own. */
function ofFramework(
  refuse: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  expect: FaultVariant['expect'],
  options: Record<string, unknown> = {},
): FaultVariant {
  return {
    ...(expect && { expect }),
    start: async () => {
      const http = createServer();
      http.on('upgrade', refuse);
      return serve(http, [attach('socket.io', http)], options);
    },
  };
}

/** As @fastify/websocket does. */
function notFound(_request: IncomingMessage, socket: Duplex): void {
  socket.end(
    'HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 19\r\n\r\n{"statusCode": 404}',
  );
}

/** As express-ws does. */
function politely(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  framework.handleUpgrade(request, socket, head, (websocket) => websocket.close());
}
const framework = new WebSocketServer({ noServer: true });

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
    'old-and-new': twice('socket.io-4.0', 'socket.io', {}, unasked),
    // Both from one copy of ws, which throws where both take a WebSocket: that a question of the SDK makes it so would end the server.
    'same-package': twice('socket.io', 'socket.io', {}, unasked),
    'same-package-3': twice('socket.io-3', 'socket.io-3', {}, unasked),
    'same-package-2': {
      places: ['node'],
      expect: unasked,
      start: async () => {
        const http = createServer();
        const servers = [attach('socket.io-2', http), attach('socket.io-2', http)];
        return { ...(await serve(http, servers, {})), client: '2' };
      },
    },
    'new-and-old': twice('socket.io', 'socket.io-3', {}, unasked),
    'websocket-only': twice('socket.io', 'socket.io-3', { transports: ['websocket'] }),
    // As express-status-monitor 1.3.4 brings it: https://github.com/RafalWilinski/express-status-monitor
    'older-package': twice('socket.io', 'socket.io-2'),
    'other-library': beside({}),
    'other-library-websocket-only': beside({}, { transports: ['websocket'] }),
    'other-library-own-path': beside({ path: '/graphql' }),
    'other-library-own-path-last': beside({ path: '/graphql', isLast: true }),
    // The one of a development server, behind whose proxy Socket.IO is.
    'other-library-greets': { ...beside({ says: '{"type":"hot"}' }), places: ['node'] },
    'other-library-greets-websocket-only': {
      ...beside({ says: '{"type":"hot"}' }, { transports: ['websocket'] }),
      places: ['node'],
    },
    'framework-not-found': ofFramework(notFound, { node: within, chromium: within }),
    'framework-not-found-websocket-only': ofFramework(
      notFound,
      { node: within, chromium: within },
      { transports: ['websocket'] },
    ),
    // Firefox takes it for a refusal, which has other causes.
    'framework-closes': ofFramework(politely, { node: best, chromium: best, firefox: suspected }),
    'framework-closes-websocket-only': ofFramework(
      politely,
      { node: best, chromium: best },
      { transports: ['websocket'] },
    ),
    'other-library-own-path-websocket-only': beside({ path: '/graphql' }, { transports: ['websocket'] }),
  },
};
