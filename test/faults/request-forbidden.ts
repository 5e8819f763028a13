import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant, Place } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ReverseProxySetup, startReverseProxy } from './_kit/reverse-proxy.js';
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

function intercepted(intercept: NonNullable<ReverseProxySetup['intercept']>): FaultVariant['start'] {
  return async () => {
    const server = await startSocketIo();
    const proxy = await startReverseProxy({ target: server.port, intercept });
    return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
  };
}

/** A filter reads what the app's own header says, and refuses what it dislikes. */
function valueRefused(status: number, cors = true): FaultVariant {
  return {
    places: ['node', 'chromium'],
    expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
    start: async () => {
      const server = await startSocketIo({ options: { cors: { origin: '*', allowedHeaders: ['x-trace'] } } });
      const proxy = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          if (!String(request.headers['x-trace']).includes('<')) return false;
          response.writeHead(status, { ...(cors && corsHeaders(request)), ...html }).end('<h1>Bad Request</h1>');
          return true;
        },
      });
      return {
        url: proxy.url,
        options: { ...quickRetries, extraHeaders: { 'x-trace': '<root>' } },
        close: closeAll(proxy, server),
      };
    },
  };
}

function tooLong(options: Record<string, unknown>, places: readonly Place[]): FaultVariant {
  return {
    places,
    expect: {
      node: { details: { tooLarge: true } },
      // Nothing of it can be read; without its query a request is let in.
      chromium: { certainty: 'suspected', alternatives: ['request-unauthorized', 'server-refused-request'] },
    },
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options: { ...quickRetries, ...options }, close };
    },
  };
}

export const fault: Fault = {
  code: 'request-forbidden',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'header-value-400': valueRefused(400),
    'header-value-418': valueRefused(418),
    // Its page has no CORS headers, so that nothing of it can be read.
    'header-value-hidden': { ...valueRefused(403, false), places: ['chromium'] },
    firewall: plainVariant({ status: 403, body: '<html><h1>Request blocked</h1></html>', headers: html }),
    'access-list-cors': plainVariant({ status: 403, body: '{"message":"Forbidden"}', cors: true }),
    // A proxy whose server is away may say so in the same way.
    'bot-check-503': {
      ...plainVariant({ status: 503, body: '<html><title>Just a moment</title></html>', headers: html }),
      expect: {
        node: { certainty: 'suspected', alternatives: ['gateway-failing'] },
        'chromium-same': { certainty: 'suspected', alternatives: ['gateway-failing'] },
        chromium: { certainty: 'suspected' },
      },
    },
    // AWS WAF, whose status says nothing of a refusal.
    'bot-check-signed': plainVariant({
      status: 202,
      body: '<html><script src="challenge.js"></script></html>',
      headers: { ...html, 'x-amzn-waf-action': 'challenge' },
    }),
    // Address and headers of a request are longer than the server takes: 16 KiB in Node.
    'headers-too-long': tooLong({ extraHeaders: { 'x-cart': 'x'.repeat(20_000) } }, ['node']),
    'headers-too-long-websocket': {
      ...tooLong({ extraHeaders: { 'x-cart': 'x'.repeat(20_000) }, transports: ['websocket'] }, ['node']),
      expect: { node: { certainty: 'suspected', details: { tooLarge: true } } },
    },
    'query-too-long': tooLong({ query: { cart: 'x'.repeat(20_000) } }, ['chromium']),
    'query-too-long-websocket': {
      ...tooLong({ query: { cart: 'x'.repeat(20_000) }, transports: ['websocket'] }, ['chromium']),
      expect: { chromium: { certainty: 'suspected', alternatives: ['request-unauthorized'] } },
    },
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
    // The firewall's own page has no CORS headers.
    'post-403-hidden': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method }, response) => {
            if (method === 'POST') response.writeHead(403, html).end('<html><h1>Request blocked</h1></html>');
            return method === 'POST';
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'post-405-client-2': { ...postRefused(405, '2'), places: ['node'] },
    'post-400-client-2': {
      ...postRefused(400, '2'),
      expect: { node: { certainty: 'suspected' } },
      places: ['node'],
    },
    // ModSecurity's usual status.
    'post-406': {
      ...postRefused(406, '4'),
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
    },
    // The same to the handshake: a rule about what its address looks like, which leaves WebSocket alone.
    'handshake-406': {
      places: ['node', 'chromium-same'],
      expect: { node: { certainty: 'suspected', best: true }, 'chromium-same': { certainty: 'suspected', best: true } },
      start: intercepted((_request, response) => {
        response.writeHead(406, html).end('<h1>Not Acceptable</h1>');
        return true;
      }),
    },
    'post-501': postRefused(501, '4'),
    // Without CORS headers a page does not see that it was a refusal, and of a reset nobody does.
    'post-hidden': {
      places: ['node', 'chromium'],
      expect: { chromium: { certainty: 'suspected', alternatives: ['gateway-failing'] } },
      start: intercepted((request, response) => {
        if (request.method !== 'POST') return false;
        response.writeHead(403, html).end('<h1>Forbidden</h1>');
        return true;
      }),
    },
    'post-reset': {
      places: ['node', 'chromium'],
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: intercepted((request) => {
        if (request.method === 'POST') request.socket.resetAndDestroy();
        return request.method === 'POST';
      }),
    },
    // WebSocket passes, which a client that starts with polling never tries.
    'polling-only': {
      expect: { chromium: { within: 'cors-origin-not-allowed' } },
      start: intercepted((request, response) => {
        const isPolling = request.url?.includes('transport=polling') === true;
        if (isPolling) response.writeHead(403, html).end('<h1>Forbidden</h1>');
        return isPolling;
      }),
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
