import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

const noName: Expectation = { certainty: 'suspected' };

/**
 * A proxy that refuses polling with a status that stands for no known cause, readable by every page, while the server itself is
 * there on the same path and WebSocket passes.
 */
export const fault: Fault = {
  code: 'unclassified',
  places: ['node', 'chromium'],
  variants: {
    'conflict-409-polling': {
      expect: { node: noName, chromium: noName },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (request, response) => {
            response.writeHead(409, { 'content-type': 'text/plain', ...corsHeaders(request) }).end('Conflict');
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
