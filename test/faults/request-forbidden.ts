import { closeAll } from './_kit/close-all.js';
import type { Fault } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

const html = { 'content-type': 'text/html' };

export const fault: Fault = {
  code: 'request-forbidden',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    firewall: plainVariant({ status: 403, body: '<html><h1>Request blocked</h1></html>', headers: html }),
    'access-list-cors': plainVariant({ status: 403, body: '{"message":"Forbidden"}', cors: true }),
    'empty-cors': plainVariant({ status: 403, cors: true }),
    'post-only': {
      places: ['node', 'chromium'],
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (request, response) => {
            if (request.method !== 'POST') return false;
            response.writeHead(403, { ...corsHeaders(request), ...html }).end('<h1>Forbidden</h1>');
            return true;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          close: closeAll(proxy, server),
        };
      },
    },
  },
};
