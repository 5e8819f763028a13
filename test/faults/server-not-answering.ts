import type { Fault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcp } from './_kit/tcp-server.js';

const short = { ...quickRetries, timeout: 1_500 };
const expectShort = { node: { details: { timeoutMs: 1_500 } }, chromium: { details: { timeoutMs: 1_500 } } };

export const fault: Fault = {
  code: 'server-not-answering',
  places: ['node', 'chromium'],
  variants: {
    'black-hole': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, options: short, close };
      },
    },
    'black-hole-websocket': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, options: { ...short, transports: ['websocket'] }, close };
      },
    },
    'black-hole-defaults': {
      expect: { node: { details: { timeoutMs: 20_000 } }, chromium: { details: { timeoutMs: 20_000 } } },
      start: async () => {
        const { url, close } = await startTcp();
        return { url, limitMs: 60_000, close };
      },
    },
    'slow-handshake': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startSocketIo({
          options: {
            allowRequest: (_request: unknown, callback: (error: null, ok: boolean) => void) =>
              setTimeout(() => callback(null, true), 4_000),
          },
        });
        return { url, options: short, close };
      },
    },
    // The kernel still accepts connections for a process that is stopped.
    'process-stopped': {
      expect: expectShort,
      start: async () => {
        const server = await startSocketIoProcess();
        server.freeze();
        return { url: server.url, options: short, close: server.close };
      },
    },
    'black-hole-client-2': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, client: '2', options: short, close };
      },
    },
  },
};
