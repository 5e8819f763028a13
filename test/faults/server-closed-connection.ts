import type { Incident } from '../../src/incidents/incident.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { closingFrame } from './_kit/server-frame.js';
import { type SocketIoServerSocket, startSocketIo } from './_kit/socketio-server.js';

const isBack = ({ status }: Incident) => status === 'resolved';

const maybeTooLarge: Expectation = { certainty: 'suspected', alternatives: ['payload-too-large'] };

function variant(options: Record<string, unknown> = {}, version: '1' | '2' | '3' | '4.0' | '4' = '4'): FaultVariant {
  return {
    start: async () => {
      let latest: SocketIoServerSocket | undefined;
      const server = await startSocketIo({
        version,
        setup: (io) => io.on('connection', (socket) => (latest = socket)),
      });
      return {
        url: server.url,
        options: { ...quickRetries, ...options },
        client: version,
        trigger: async () => {
          latest?.conn.close();
        },
        enough: isBack,
        close: server.close,
      };
    },
  };
}

function beforeConnect(options: Record<string, unknown>, version: '4.0' | '4' = '4', afterMs = 0): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({
        version,
        setup: (io) => io.use(({ conn }) => void setTimeout(() => conn.close(), afterMs)),
      });
      return { url, client: version, options: { ...quickRetries, ...options }, close };
    },
  };
}

/** What relays the frames closes the WebSocket with this code instead of handing on a packet of the client. */
function closedBy(code: number, isIt: (turn: number) => boolean, expect: Expectation): FaultVariant {
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const server = await startSocketIo({ options: { pingInterval: 400, pingTimeout: 5_000 } });
      const proxy = await startReverseProxy({
        target: server.port,
        toServer: (bytes, turn, client) => {
          if (!isIt(turn)) return bytes;
          client.end(closingFrame(code));
          return undefined;
        },
      });
      const options = { ...quickRetries, transports: ['websocket'] };
      return { url: proxy.url, options, close: closeAll(proxy, server) };
    },
  };
}

export const fault: Fault = {
  code: 'server-closed-connection',
  places: ['node', 'chromium'],
  variants: {
    'after-upgrade': variant(),
    // A namespace is left and joined again in one go, over and over: for a server 4.x that is no valid order of packets, and it ends all
    // of the connection.
    'namespaces-left-and-joined': {
      start: async () => {
        const names = ['/a', '/b'];
        const server = await startSocketIo({ setup: (io) => names.forEach((name) => void io.of(name)) });
        return {
          url: server.url,
          options: quickRetries,
          onConnect: (socket) => {
            const rooms = ['/a', '/b'].map((name) => socket.io.socket(name));
            for (let round = 0; round < 4; round += 1) {
              for (const room of rooms) room.connect();
              for (const room of rooms) room.disconnect();
            }
            for (const room of rooms) room.connect();
            setTimeout(() => {
              for (const room of rooms) room.disconnect();
              for (const room of rooms) room.connect();
            }, 700);
          },
          enough: isBack,
          close: server.close,
        };
      },
    },
    'websocket-only': variant({ transports: ['websocket'] }),
    'polling-only': variant({ transports: ['polling'] }),
    // Servers that tell no limit in their handshake may close in the same way for a message that was too big.
    'websocket-4.0': {
      ...variant({ transports: ['websocket'] }, '4.0'),
      expect: { node: maybeTooLarge, chromium: maybeTooLarge },
    },
    // Code of the app closes the WebSocket under Engine.IO. Gateways that end sessions use such codes, too.
    'own-code': {
      expect: {
        node: { certainty: 'suspected', alternatives: ['connection-cut'] },
        chromium: { certainty: 'suspected', alternatives: ['connection-cut'] },
      },
      start: async () => {
        let latest: SocketIoServerSocket | undefined;
        const server = await startSocketIo({ setup: (io) => io.on('connection', (socket) => (latest = socket)) });
        return {
          url: server.url,
          options: { ...quickRetries, transports: ['websocket'] },
          trigger: async () => {
            const conn = latest?.conn as { transport?: { socket: { close(code: number): void } } } | undefined;
            conn?.transport?.socket.close(4_000);
          },
          enough: isBack,
          close: server.close,
        };
      },
    },
    // A gateway lets the session begin and ends it when the client speaks, in each attempt.
    'before-connect-1001': closedBy(1001, (turn) => turn === 0, { certainty: 'suspected' }),
    'before-connect-1008': closedBy(1008, (turn) => turn === 0, { certainty: 'suspected' }),
    // It could not read a frame of the client, so it says.
    'protocol-error': closedBy(1002, (turn) => turn === 3, {
      certainty: 'suspected',
      alternatives: ['connection-cut'],
    }),
    'websocket-2': variant({ transports: ['websocket'] }, '2'),
    // Clients before 4.5 do not say who ended a session of polling.
    'polling-client-4.0': variant({ transports: ['polling'] }, '4.0'),
    'polling-client-3': variant({ transports: ['polling'] }, '3'),
    'polling-client-1': variant({ transports: ['polling'] }, '1'),
    // A middleware that lets nobody in closes the connection instead of handing on an error.
    'before-connect': beforeConnect({}),
    // It looks something up first. A server whose middleware never answers closes the session as well, after its `connectTimeout`.
    'before-connect-late': {
      ...beforeConnect({ transports: ['websocket'] }, '4', 900),
      expect: {
        node: { certainty: 'suspected', alternatives: ['namespace-not-answering'] },
        chromium: { certainty: 'suspected', alternatives: ['namespace-not-answering'] },
      },
    },
    'before-connect-websocket': beforeConnect({ transports: ['websocket'] }),
    'before-connect-client-4.0': beforeConnect({ transports: ['polling'] }, '4.0'),
  },
};
