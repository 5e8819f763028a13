import { randomUUID } from 'node:crypto';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import { startEngineStandIn } from './_kit/engine-stand-in.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const refusal = (data?: object) => Object.assign(new Error('not authorized'), data && { data });

/** Told first, and true as well. */
const expired: Expectation = { also: ['server-disconnected-socket'] };

function emptyRefusal(packet: string): FaultVariant {
  return {
    places: ['chromium'],
    expect: { chromium: { certainty: 'suspected', alternatives: ['namespace-unknown'] } },
    start: async () => {
      const { url, close } = await startSocketIo({
        setup: (io) =>
          io.use((socket) => {
            (socket as unknown as { conn: { write(data: string): void } }).conn.write(packet);
          }),
      });
      return { url, mayThrow: true, close };
    },
  };
}

function textForError(server: ServerVersion, client: ClientVersion, namespace = '/', options = {}): FaultVariant {
  const expect = { certainty: 'suspected', best: true, alternatives: ['namespace-unknown'] } as const;
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const { url, close } = await startSocketIo({
        version: server,
        setup: (io) => io.of(namespace).use((_socket, next) => next('not authorized' as unknown as Error)),
      });
      return { url: url + namespace, client, options, close };
    },
  };
}

function invalidNamespace(version: '2' | '4'): FaultVariant {
  const expect = { certainty: 'suspected', best: true, alternatives: ['namespace-unknown'] } as const;
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const { url, close } = await startSocketIo({
        version,
        setup: (io) => io.use((_socket, next) => next(new Error('Invalid namespace'))),
      });
      return { url, client: version, close };
    },
  };
}

export const fault: Fault = {
  code: 'middleware-rejected',
  places: ['node', 'chromium'],
  variants: {
    'with-data': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.use((_socket, next) => next(refusal({ reason: 'token expired' }))),
        });
        return { url, close };
      },
    },
    // What the server ended the socket for is why it lets it in no more.
    'after-server-disconnect': {
      expect: { node: expired, chromium: expired },
      start: async () => {
        let connections = 0;
        const { url, close } = await startSocketIo({
          setup: (io) => {
            io.use((_socket, next) => next(connections > 0 ? new Error('token expired') : undefined));
            io.on('connection', (socket) => {
              connections += 1;
              setTimeout(() => socket.disconnect(), 500);
            });
          },
        });
        return {
          url,
          onConnect: (socket) =>
            void socket.on('disconnect', (reason) => reason === 'io server disconnect' && socket.connect()),
          enough: ({ diagnosis }) => diagnosis.code === 'middleware-rejected',
          close,
        };
      },
    },
    'without-data-websocket': {
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => io.use((_socket, next) => next(refusal())) });
        return { url, options: { transports: ['websocket'] }, close };
      },
    },
    'custom-namespace': {
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.of('/admin').use((_socket, next) => next(refusal())),
        });
        return { url: `${url}/admin`, close };
      },
    },
    'on-reconnect': {
      expect: { node: { also: ['connection-cut'] }, chromium: { also: ['connection-cut'] } },
      start: async () => {
        let arrivals = 0;
        const server = await startSocketIo({
          setup: (io) => io.use((_socket, next) => (arrivals++ === 0 ? next() : next(refusal()))),
        });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          options: quickRetries,
          trigger: async () => proxy.cut('rst'),
          enough: ({ diagnosis }) => diagnosis.code === 'middleware-rejected',
          close: closeAll(proxy, server),
        };
      },
    },
    // Later than the SDK waits before it says that there is no answer.
    'after-nine-seconds': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.use((_socket, next) => setTimeout(() => next(refusal()), 9_000)),
        });
        return { url, enough: ({ diagnosis }) => diagnosis.code === 'middleware-rejected', close };
      },
    },
    // It connects first, and JavaScript clients cannot read the packet in which it then refuses.
    'python-always-connect': {
      expect: { node: { within: 'packet-invalid' }, chromium: { within: 'packet-invalid' } },
      start: async () => {
        const { url, close } = await startPython({ options: { always_connect: true }, refusal: 'not authorized' });
        return {
          url,
          options: { ...quickRetries, transports: ['websocket'] },
          enough: ({ diagnosis }) => diagnosis.code === 'packet-invalid',
          close,
        };
      },
    },
    // The same in one go: the client reads both before it tells that it is connected.
    'connect-then-refuse': {
      expect: {
        node: { certainty: 'suspected', alternatives: ['packet-invalid'] },
        // Two frames are two tasks of a page: it is connected between them.
        chromium: { within: 'packet-invalid' },
      },
      start: async () => {
        const { url, close } = await startEngineStandIn((namespace) => {
          const prefix = namespace === '/' ? '' : `${namespace},`;
          return [`40${prefix}{"sid":"${randomUUID()}"}`, `41${prefix}"not authorized"`];
        });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    // A refusal that says nothing at all, which the client does not survive: in Node it ends the process.
    'empty-refusal': emptyRefusal('4'),
    'empty-refusal-id': emptyRefusal('4401'),
    'client-3': {
      start: async () => {
        const { url, close } = await startSocketIo({
          version: '3',
          setup: (io) => io.use((_socket, next) => next(refusal())),
        });
        return { url, client: '3', close };
      },
    },
    // Up to 2.x the refusal is an `error` event with a bare string.
    'client-2': {
      start: async () => {
        const { url, close } = await startSocketIo({
          version: '2',
          setup: (io) => io.use((_socket, next) => next(refusal())),
        });
        return { url, client: '2', close };
      },
    },
    // Without a word it may be another server's answer for a namespace that it does not know.
    'no-words-client-2': {
      expect: {
        node: { certainty: 'suspected', alternatives: ['namespace-unknown'] },
        chromium: { certainty: 'suspected', alternatives: ['namespace-unknown'] },
      },
      start: async () => {
        const { url, close } = await startSocketIo({
          version: '2',
          setup: (io) => io.use((_socket, next) => next(new Error(''))),
        });
        return { url, client: '2', close };
      },
    },
    // What is no Error has no message: servers from 3.x on send an empty object.
    'text-for-error': textForError('4', '4'),
    'text-for-error-server-4.0': { ...textForError('4.0', '4.5'), places: ['node'] },
    'text-for-error-client-3': { ...textForError('3', '3'), places: ['node'] },
    'text-for-error-namespace': textForError('4', '4', '/chat', { transports: ['websocket'] }),
    // The server's own words for a namespace that is not there; the default one always is.
    'invalid-namespace': invalidNamespace('4'),
    'invalid-namespace-client-2': { ...invalidNamespace('2'), places: ['node'] },
    python: {
      start: async () => {
        const { url, close } = await startPython({ refusal: 'not for you' });
        return { url, close };
      },
    },
  },
};
