import type { Fault } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

export const healthy: Fault = {
  code: 'namespaces',
  places: ['node', 'chromium'],
  variants: {
    'two-on-one-manager': {
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => io.of('/second').on('connection', () => {}) });
        return { url, onCreate: (socket) => void socket.io.socket('/second').connect(), close };
      },
    },
    // Slow, not silent.
    'slow-middleware': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.use((_socket, next) => setTimeout(next, 7_000)),
        });
        return { url, close };
      },
    },
    'slow-auth': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo();
        const makeOptions = () => ({
          auth: (callback: (auth: object) => void) => void setTimeout(callback, 7_000, {}),
        });
        return { url, makeOptions, close };
      },
    },
    custom: {
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => io.of('/chat').on('connection', () => {}) });
        return { url: `${url}/chat`, close };
      },
    },
  },
};
