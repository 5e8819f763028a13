import { closeAll } from './_kit/close-all.js';
import type { DrivenSocket } from './_kit/drive-client.js';
import type { Fault } from './_kit/fault.js';
import { proxyPass, startNginx } from './_kit/nginx.js';
import { hidden, plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

const json = { 'content-type': 'application/json' };

export const fault: Fault = {
  code: 'request-rate-limited',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'json-cors': plainVariant({ status: 429, body: '{"message":"Too Many Requests"}', headers: json, cors: true }),
    // nginx says 503 unless told otherwise, and so do proxies whose server is away.
    'nginx-503-in-session': {
      places: ['node', 'chromium'],
      expect: {
        node: { certainty: 'suspected', alternatives: ['gateway-failing'] },
        chromium: { certainty: 'suspected' },
      },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startNginx(
          `limit_req zone=each burst=8 nodelay; ${proxyPass(server.port)}`,
          'limit_req_zone $binary_remote_addr zone=each:1m rate=1r/s;',
        );
        const onConnect = (socket: DrivenSocket) => {
          let left = 40;
          const next = () => {
            if (left-- > 0 && socket.connected) socket.emit('step', left);
            if (left > 0 && socket.connected) setTimeout(next, 50);
          };
          next();
        };
        const options = { ...quickRetries, transports: ['polling'] };
        return { url: proxy.url, options, onConnect, close: closeAll(proxy, server) };
      },
    },
    'with-retry-after': {
      ...plainVariant({ status: 429, headers: { 'retry-after': '30' } }),
      expect: {
        node: { details: { retryAfterMs: 30_000 } },
        'chromium-same': { details: { retryAfterMs: 30_000 } },
        chromium: hidden,
      },
    },
  },
};
