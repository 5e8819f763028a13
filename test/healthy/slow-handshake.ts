import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

function variant(delayMs: number, options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({
        options: {
          allowRequest: (_request: unknown, callback: (error: null, ok: boolean) => void) =>
            setTimeout(() => callback(null, true), delayMs),
        },
      });
      return { url, options, close };
    },
  };
}

export const healthy: Fault = {
  code: 'slow-handshake',
  places: ['node', 'chromium'],
  variants: {
    'two-seconds': variant(2_000, {}),
    'four-seconds-websocket': variant(4_000, { transports: ['websocket'] }),
    'slow-middleware': {
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.use((_socket, next) => setTimeout(next, 3_000)),
        });
        return { url, close };
      },
    },
    'slower-middleware-client-2': {
      start: async () => {
        const { url, close } = await startSocketIo({
          version: '2',
          setup: (io) => io.use((_socket, next) => setTimeout(next, 5_000)),
        });
        return { url, client: '2', close };
      },
    },
    'slow-auth': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return {
          url,
          makeOptions: () => ({ auth: (done: (auth: object) => void) => setTimeout(() => done({}), 4_000) }),
          close,
        };
      },
    },
  },
};
