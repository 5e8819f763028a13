import { connect, createServer } from 'node:net';
import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { quickRetries } from '../faults/_kit/quick-retries.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

function written(rewrite: (url: string) => string): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url: rewrite(url), options: quickRetries, close };
    },
  };
}

/** The same server, under addresses that are written in other ways. */
export const healthy: Fault = {
  code: 'addresses',
  places: ['node', 'chromium'],
  variants: {
    'websocket-scheme': written((url) => url.replace('http:', 'ws:')),
    'user-info': written((url) => url.replace('//', '//user:password@')),
    'root-path': { ...written((url) => `${url}/`), places: ['node', 'chromium-same'] },
    ipv6: {
      start: async () => {
        const { port, close } = await startSocketIo();
        const outer = createServer((downstream) => {
          const upstream = connect(port, '127.0.0.1');
          for (const socket of [downstream, upstream]) socket.on('error', () => {});
          downstream.pipe(upstream).pipe(downstream);
        });
        await new Promise<void>((resolve) => outer.listen(0, '::1', resolve));
        const address = outer.address();
        return {
          url: `http://[::1]:${typeof address === 'object' ? address?.port : ''}`,
          options: quickRetries,
          close: async () => {
            await close();
            await new Promise((resolve) => outer.close(resolve));
          },
        };
      },
    },
  },
};
