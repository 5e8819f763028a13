import type { Fault, RunningFault } from './_kit/fault.js';
import { startSocketIo } from './_kit/socketio-server.js';

const goOffline: RunningFault['trigger'] = ({ setOffline }) => setOffline(true);

export const fault: Fault = {
  code: 'network-offline',
  places: ['chromium'],
  // WebKit's driver has no switch for it, and follows the routes of the machine, which all tests share.
  engines: ['chromium', 'firefox'],
  variants: {
    'after-connect': {
      places: ['chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, trigger: goOffline, close };
      },
    },
    'after-connect-polling': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: { transports: ['polling'] }, trigger: goOffline, close };
      },
    },
    'before-connect': {
      places: ['chromium', 'chromium-same'],
      start: async () => {
        const { port, close } = await startSocketIo();
        return { url: `http://socket.example.test:${port}`, prepare: goOffline, close };
      },
    },
    // A device without network still reaches itself: who was never online proves nothing about a failure there.
    'before-connect-loopback': {
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, prepare: goOffline, close };
      },
    },
    // The client does not react to the offline event when the host is exactly "localhost" (engine.io-client lib/socket.ts).
    'localhost-polling': {
      start: async () => {
        const { port, close } = await startSocketIo({ options: { pingInterval: 500, pingTimeout: 1_000 } });
        return { url: `http://localhost:${port}`, options: { transports: ['polling'] }, trigger: goOffline, close };
      },
    },
    'client-2': {
      start: async () => {
        const { url, close } = await startSocketIo({
          version: '2',
          options: { pingInterval: 500, pingTimeout: 1_000 },
        });
        return { url, client: '2', options: { transports: ['polling'] }, trigger: goOffline, close };
      },
    },
  },
};
