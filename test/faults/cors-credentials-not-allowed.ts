import type { Fault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

export const fault: Fault = {
  code: 'cors-credentials-not-allowed',
  places: ['chromium'],
  variants: {
    'any-origin': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: { origin: '*' } } });
        return { url, options: { withCredentials: true }, close };
      },
    },
    'no-allow-credentials': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: { origin: true } } });
        return { url, options: { ...quickRetries, withCredentials: true }, close };
      },
    },
    'any-origin-polling-client-4.0': {
      start: async () => {
        const { url, close } = await startSocketIo({ version: '4.0', options: { cors: { origin: '*' } } });
        return {
          url,
          client: '4.0',
          options: { ...quickRetries, withCredentials: true, transports: ['polling'] },
          close,
        };
      },
    },
    // Clients up to 2.x send credentials unless told not to.
    'client-2-default': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { cors: { origin: '*' }, allowEIO3: true } });
        return { url, client: '2', options: quickRetries, close };
      },
    },
  },
};
