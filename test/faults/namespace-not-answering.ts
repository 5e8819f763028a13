import { randomUUID } from 'node:crypto';
import { closeAll } from './_kit/close-all.js';
import { startEngineStandIn } from './_kit/engine-stand-in.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type SocketIoServer, type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';

const both: FaultVariant['places'] = ['node', 'chromium'];
const suspected: Expectation = { certainty: 'suspected' };
const maybeClosed: Expectation = { ...suspected, best: true, alternatives: ['server-closed-connection'] };
/** When it is first told, it may be a middleware that is only slow. */
const soon = { node: suspected, chromium: suspected, 'chromium-same': suspected };
/** A middleware that forgets its `next()`. */
const never = () => {};
const hang = (io: Pick<SocketIoServer, 'use'>) => io.use(never);

function variant(
  setup: SocketIoSetup,
  running: Partial<Awaited<ReturnType<FaultVariant['start']>>> = {},
): FaultVariant {
  return {
    expect: soon,
    start: async () => {
      const { url, close } = await startSocketIo({ setup: hang, ...setup });
      return { url, options: quickRetries, ...running, close };
    },
  };
}

export const fault: Fault = {
  code: 'namespace-not-answering',
  places: ['node'],
  variants: {
    defaults: { ...variant({}), places: ['node', 'chromium', 'chromium-same'] },
    'for-long': {
      ...variant({}, { enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed' }),
      expect: {},
      places: both,
    },
    'websocket-only': { ...variant({}, { options: { transports: ['websocket'] } }), places: both },
    'polling-client': variant({}, { options: { transports: ['polling'] } }),
    // The server gives up before anybody would ask: it looks like a connection that drops again and again, or is closed on purpose.
    'short-connect-timeout': {
      ...variant({ options: { connectTimeout: 2_500 } }),
      expect: { node: maybeClosed, chromium: maybeClosed },
      places: both,
    },
    'client-min': { ...variant({}, { client: '4-min' }), places: ['chromium'] },
    'custom-namespace': {
      places: both,
      expect: soon,
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => hang(io.of('/chat')) });
        return { url: `${url}/chat`, close };
      },
    },
    // The socket that is watched waits, another one of the same Manager works.
    'beside-another': {
      places: both,
      expect: soon,
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => hang(io.of('/chat')) });
        return { url: `${url}/chat`, onCreate: (socket) => void socket.io.socket('/').on('connect', () => {}), close };
      },
    },
    // Without a token it refuses at once, with one it waits for ever.
    'only-with-token': {
      expect: soon,
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) =>
            io.use((socket, next) => {
              const { auth } = (socket as unknown as { handshake: { auth: { token?: string } } }).handshake;
              if (!auth.token) next(new Error('no token'));
            }),
        });
        return { url, options: { auth: { token: 'abc' } }, close };
      },
    },
    'on-reconnect': {
      expect: {
        node: { ...suspected, also: ['server-closed-connection', 'connection-cut'] },
        chromium: { ...suspected, also: ['server-closed-connection', 'connection-cut'] },
      },
      start: async () => {
        let arrivals = 0;
        let closeAllOf = () => {};
        const server = await startSocketIo({
          setup: (io) => {
            io.use((_socket, next) => {
              if (arrivals++ === 0) next();
            });
            io.on('connection', (socket) => {
              closeAllOf = () => void socket.conn.close();
            });
          },
        });
        return {
          url: server.url,
          options: quickRetries,
          trigger: async () => closeAllOf(),
          enough: ({ timeline }) => timeline.signals.some(({ kind }) => kind === 'connect-overdue'),
          close: closeAll(server),
        };
      },
    },
    // It answers every CONNECT, but about a namespace that nobody asked for.
    'connects-another': {
      places: both,
      expect: soon,
      start: async () => {
        const { url, close } = await startEngineStandIn(() => [`40/lobby,{"sid":"${randomUUID()}"}`]);
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    'client-4.5': variant({}, { client: '4.5' }),
    'client-4.0': variant({ version: '4.0' }, { client: '4.0' }),
    'client-3': variant({ version: '3' }, { client: '3' }),
    'client-2-custom': {
      expect: soon,
      start: async () => {
        const { url, close } = await startSocketIo({ version: '2', setup: (io) => hang(io.of('/chat')) });
        return { url: `${url}/chat`, client: '2', close };
      },
    },
    'client-2': { ...variant({ version: '2' }, { client: '2' }), places: both },
    'client-2-on-4': variant(
      { options: { allowEIO3: true, cors: { origin: true, credentials: true } } },
      { client: '2' },
    ),
    'client-1': variant({ version: '1' }, { client: '1' }),
  },
};
