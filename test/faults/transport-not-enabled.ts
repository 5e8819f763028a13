import type { Fault } from './_kit/fault.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

export const fault: Fault = {
  code: 'transport-not-enabled',
  places: ['node', 'chromium'],
  variants: {
    'polling-on-websocket-server': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['websocket'] } });
        return { url, options: quickRetries, close };
      },
    },
    'websocket-on-polling-server': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['polling'] } });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    'polling-on-websocket-server-4.0': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({ version: '4.0', options: { transports: ['websocket'] } });
        return { url, options: quickRetries, client: '4.0', close };
      },
    },
    'websocket-on-python-threads': {
      start: async () => {
        const { url, close } = await startPython({ server: 'threads' });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
  },
};
