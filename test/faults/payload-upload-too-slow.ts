import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const suspected = { certainty: 'suspected' } as const;
/** It counts what its network process has taken as sent. */
const inWebKit = { within: 'heartbeat-lost' } as const;

function variant(version: ServerVersion, options: Readonly<Record<string, unknown>>): FaultVariant {
  return {
    expect: {
      node: suspected,
      chromium: suspected,
      ...(JSON.stringify(options).includes('websocket') && { webkit: inWebKit }),
    },
    start: async () => {
      const server = await startSocketIo({
        version,
        options: { pingInterval: 500, pingTimeout: 5_500, maxHttpBufferSize: 1e8 },
      });
      const proxy = await startTcpProxy(server.port, { bytesPerSecond: 1e6 });
      return {
        url: proxy.url,
        client: version === '2' ? '2' : '4',
        options: { ...quickRetries, ...options },
        onConnect: (socket) => {
          socket.emit('file', 'x'.repeat(30e6));
        },
        limitMs: 45_000,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'payload-upload-too-slow',
  places: ['node', 'chromium'],
  variants: {
    websocket: variant('4', { transports: ['websocket'] }),
    polling: variant('4', { transports: ['polling'] }),
    'websocket-client-2': variant('2', { transports: ['websocket'] }),
  },
};
