import type { Incident } from '../../src/incidents/incident.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const isBack = ({ status }: Incident) => status === 'resolved';

function variant(how: 'rst' | 'fin', options: Record<string, unknown> = {}): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startTcpProxy(server.port);
      return {
        url: proxy.url,
        options,
        trigger: async () => proxy.cut(how),
        enough: isBack,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'connection-cut',
  places: ['node', 'chromium'],
  variants: {
    reset: { ...variant('rst'), places: ['node', 'chromium', 'chromium-same'] },
    // Chromium repeats the poll, and shows what the server says to that.
    'reset-polling': {
      ...variant('rst', { ...quickRetries, transports: ['polling'] }),
      places: ['chromium'],
      expect: { chromium: { within: 'session-lost' } },
    },
    'reset-websocket': variant('rst', { transports: ['websocket'] }),
    'closed-without-frame': variant('fin'),
    // A worker that dies of a message which the app sends a fixed time after each connect, and is replaced at once: as regular as a limit.
    'dies-of-a-message': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) =>
            io.on('connection', (socket) => {
              const { conn } = socket as unknown as { conn: { transport: { socket: { terminate(): void } } } };
              socket.on('poison', () => conn.transport.socket.terminate());
            }),
        });
        return {
          url,
          options: { ...quickRetries, transports: ['websocket'] },
          onCreate: (socket) => void socket.on('connect', () => void setTimeout(() => socket.emit('poison'), 1_500)),
          enough: ({ timeline }) => (timeline.ended?.count ?? 0) >= 5,
          close,
        };
      },
    },
    'reset-client-2': {
      start: async () => {
        const server = await startSocketIo({ version: '2' });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          client: '2',
          trigger: async () => proxy.cut('rst'),
          enough: isBack,
          close: closeAll(proxy, server),
        };
      },
    },
  },
};
