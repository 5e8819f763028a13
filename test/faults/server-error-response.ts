import type { Fault } from './_kit/fault.js';
import { plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

const html = { 'content-type': 'text/html' };

export const fault: Fault = {
  code: 'server-error-response',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'error-page': plainVariant({ status: 500, body: '<pre>Error: no database</pre>', headers: html }),
    'json-cors': plainVariant({
      status: 500,
      body: '{"statusCode":500,"message":"Internal server error"}',
      cors: true,
    }),
    'delivery-network-520': plainVariant({ status: 520, body: 'error code: 520', cors: true }),
    'delivery-network-526': plainVariant({ status: 526, body: 'error code: 526', cors: true }),
    'engine-middleware': {
      places: ['node', 'chromium'],
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => {
            (
              io.engine as unknown as {
                use(middleware: (req: unknown, res: { writeHead(status: number): void; end(): void }) => void): void;
              }
            ).use((_request, response) => {
              // To an upgrade it is given something that returns nothing (engine.io 6 lib/server.ts, WebSocketResponse).
              response.writeHead(500);
              response.end();
            });
          },
        });
        return { url, options: quickRetries, close };
      },
    },
  },
};
