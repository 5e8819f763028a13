import type { Fault } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

export const healthy: Fault = {
  code: 'manual-connect',
  places: ['node', 'chromium'],
  variants: {
    'at-once': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { autoConnect: false }, onCreate: (socket) => void socket.connect(), close };
      },
    },
    later: {
      start: async () => {
        const { url, close } = await startSocketIo();
        return {
          url,
          options: { autoConnect: false },
          onCreate: (socket) => void setTimeout(() => socket.connect(), 500),
          close,
        };
      },
    },
  },
};
