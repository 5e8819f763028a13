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
    custom: {
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => io.of('/chat').on('connection', () => {}) });
        return { url: `${url}/chat`, close };
      },
    },
  },
};
