import { createRequire } from 'node:module';
import type { Fault } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

const msgpack = createRequire(import.meta.url)('socket.io-msgpack-parser');

/** The same parser on both sides. */
export const healthy: Fault = {
  code: 'parsers',
  places: ['node', 'chromium'],
  variants: {
    msgpack: {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { parser: msgpack } });
        return { url, client: '4-msgpack', close };
      },
    },
    'msgpack-slow-middleware': {
      start: async () => {
        const { url, close } = await startSocketIo({
          options: { parser: msgpack },
          setup: (io) => io.use((_socket, next) => setTimeout(next, 2_000)),
        });
        return { url, client: '4-msgpack', close };
      },
    },
  },
};
