import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

const html = { 'content-type': 'text/html' };

/** Something in front lets GET pass and refuses POST. */
function postRefused(status: number, client: ClientVersion): FaultVariant {
  return {
    places: ['node', 'chromium'],
    start: async () => {
      const server = await startSocketIo({ version: client === '2' ? '2' : '4' });
      const proxy = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          if (request.method !== 'POST') return false;
          response.writeHead(status, { ...corsHeaders(request), ...html }).end('<h1>Refused</h1>');
          return true;
        },
      });
      const namespace = client === '2' ? '/chat' : '';
      return {
        url: proxy.url + namespace,
        client,
        options: { ...quickRetries, transports: ['polling'] },
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'request-forbidden',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    firewall: plainVariant({ status: 403, body: '<html><h1>Request blocked</h1></html>', headers: html }),
    'access-list-cors': plainVariant({ status: 403, body: '{"message":"Forbidden"}', cors: true }),
    // An API whose error format is that of Engine.IO by chance.
    'api-code-4': {
      ...plainVariant({ status: 403, body: '{"code":4,"message":"Access denied"}', cors: true }),
      expect: {
        node: { certainty: 'suspected' },
        chromium: { certainty: 'suspected' },
        'chromium-same': { certainty: 'suspected' },
      },
    },
    'post-405': postRefused(405, '4'),
    'post-405-client-2': { ...postRefused(405, '2'), places: ['node'] },
    'post-400-client-2': {
      ...postRefused(400, '2'),
      expect: { node: { certainty: 'suspected', alternatives: ['session-not-sticky'] } },
      places: ['node'],
    },
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
