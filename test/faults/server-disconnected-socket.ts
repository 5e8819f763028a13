import type { ClientVersion } from './_kit/client-version.js';
import type { Expectation, Fault, Place } from './_kit/fault.js';
import { type ServerVersion, type SocketIoServerSocket, startSocketIo } from './_kit/socketio-server.js';

/** A server that keeps its latest socket at hand, so that it can be thrown out later. */
async function throwsOutLater(
  versions: { server?: ServerVersion; client?: ClientVersion } = {},
  namespace = '/',
  closeConnection = false,
) {
  let latest: SocketIoServerSocket | undefined;
  const { url, close } = await startSocketIo({
    version: versions.server ?? '4',
    setup: (io) =>
      io.of(namespace).on('connection', (socket) => {
        latest = socket;
      }),
  });
  return {
    url: `${url}${namespace}`,
    client: versions.client ?? '4',
    trigger: async () => void latest?.disconnect(closeConnection),
    close,
  };
}

const onConnect: Readonly<Partial<Record<Place, Expectation>>> = {
  node: { details: { onConnect: true } },
  chromium: { details: { onConnect: true } },
};

export const fault: Fault = {
  code: 'server-disconnected-socket',
  places: ['node', 'chromium'],
  variants: {
    'on-connect': {
      expect: onConnect,
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.on('connection', (socket) => socket.disconnect()),
        });
        return { url, close };
      },
    },
    'on-connect-websocket': {
      expect: onConnect,
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.on('connection', (socket) => socket.disconnect(true)),
        });
        return { url, options: { transports: ['websocket'] }, close };
      },
    },
    later: { start: () => throwsOutLater() },
    'later-with-connection': { start: () => throwsOutLater({}, '/', true) },
    'later-namespace': { start: () => throwsOutLater({}, '/chat') },
    'later-client-2': { start: () => throwsOutLater({ server: '2', client: '2' }) },
  },
};
