import type { IncomingMessage } from 'node:http';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { startForeignServer, words } from './_kit/foreign-server.js';
import { proxyPass, startNginx } from './_kit/nginx.js';
import { plainVariant } from './_kit/plain-variant.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type SocketIoServer, startSocketIo } from './_kit/socketio-server.js';

const json = { 'content-type': 'application/json' };
const refuse = (_request: unknown, callback: (error: string | undefined, isAllowed: boolean) => void) =>
  callback('no', false);

/** What Express-style middlewares do with an error, and cors or session middlewares among them. */
const refuseByMiddleware = ({ engine }: SocketIoServer) =>
  (engine as unknown as EngineWithMiddleware).use((_request, _response, next) => next(new Error('no')));

/** One that protects against forged requests, as csurf does, lets everybody begin. */
function postsRefused(client: '4' | '4.0'): FaultVariant {
  return {
    expect: { node: unsaid, chromium: unsaid, 'chromium-same': unsaid },
    start: async () => {
      const setup = ({ engine }: SocketIoServer) =>
        (engine as unknown as EngineWithMiddleware).use(({ method }, _response, next) =>
          next(method === 'POST' ? new Error('no') : undefined),
        );
      const { url, close } = await startSocketIo({ setup });
      return { url, client, options: { ...quickRetries, transports: ['polling'] }, close };
    },
  };
}

interface EngineWithMiddleware {
  use(middleware: (request: IncomingMessage, response: unknown, next: (error?: Error) => void) => void): void;
}

/** Engine.IO answers with code 3, which others say for other reasons. */
const unsaid: Expectation = { certainty: 'suspected' };

/** Pages of its own origin alone are let in, and nginx passes on a host without its port: https://github.com/miguelgrinberg/Flask-SocketIO/issues/1501 */
function behindProxy(server: 'aiohttp' | 'eventlet', options: Record<string, unknown> = {}): FaultVariant {
  return {
    places: ['chromium-same'],
    expect: { 'chromium-same': { details: { reason: 'origin' } } },
    start: async () => {
      const python = await startPython({ server, options: { cors_allowed_origins: null } });
      const nginx = await startNginx(proxyPass(python.port));
      return { url: nginx.url, options: { ...quickRetries, ...options }, close: closeAll(nginx, python) };
    },
  };
}

function originsOn2(options: object, alike: string): FaultVariant {
  return {
    places: ['node', 'chromium'],
    expect: { chromium: { certainty: 'suspected', alternatives: [alike] } },
    start: async () => {
      const server = await startSocketIo({ version: '2', options: { origins: 'https://app.example:*' } });
      return { url: server.url, client: '2', options: { ...quickRetries, ...options }, close: server.close };
    },
  };
}

export const fault: Fault = {
  code: 'server-refused-request',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'allow-request': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { allowRequest: refuse } });
        return { url, options: quickRetries, close };
      },
    },
    'engine-middleware-error': {
      expect: { node: unsaid, chromium: unsaid, 'chromium-same': unsaid },
      start: async () => {
        const { url, close } = await startSocketIo({ setup: refuseByMiddleware });
        return { url, options: quickRetries, close };
      },
    },
    'engine-middleware-posts': postsRefused('4'),
    'engine-middleware-posts-client-4.0': postsRefused('4.0'),
    'engine-middleware-error-websocket': {
      places: ['node'],
      expect: { node: unsaid },
      start: async () => {
        const { url, close } = await startSocketIo({ setup: refuseByMiddleware });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, client: '4.0', close };
      },
    },
    'allow-request-on-3': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({ version: '3', options: { allowRequest: refuse } });
        return { url, options: quickRetries, client: '3', close };
      },
    },
    // What the app says stands in place of the code, and there is no message.
    'allow-request-on-1': {
      places: ['node', 'chromium'],
      start: async () => {
        const { url, close } = await startSocketIo({ version: '1', options: { allowRequest: refuse } });
        return { url, options: quickRetries, client: '1', close };
      },
    },
    'allow-request-on-1-client-2-websocket': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({ version: '1', options: { allowRequest: refuse } });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, client: '2', close };
      },
    },
    // Before 2021-09 python-engineio gave no reason.
    // The option `origins` of 1.x and 2.x: what it refuses has no CORS headers.
    'origins-on-2': originsOn2({}, 'cors-origin-not-allowed'),
    // In Node a client with a query of its own may be told of something else than the SDK, which has none: 400 and 403 do not tell.
    'origins-on-2-websocket': {
      ...originsOn2({ transports: ['websocket'] }, 'websocket-blocked'),
      places: ['chromium'],
    },
    'python-origin-old': {
      expect: { 'chromium-same': { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      places: ['chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startForeignServer({ handshake: words.pythonPlain });
        return { url, options: quickRetries, close };
      },
    },
    // What python-engineio answers to a page whose origin is not in its list.
    'python-origin': {
      ...plainVariant({ status: 400, body: '"Not an accepted origin."', headers: json }),
      places: ['chromium-same', 'node'],
    },
    // Neither the refusal nor a WebSocket can be read by a page of another origin.
    'python-aiohttp-origin': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected', alternatives: ['cors-origin-not-allowed'] } },
      start: async () => {
        const { url, close } = await startPython({ options: { cors_allowed_origins: 'https://app.example.com' } });
        return { url, options: quickRetries, close };
      },
    },
    // A page of its own origin sends that origin with POST requests alone, and the proxy in front has taken the port off the host.
    'python-aiohttp-behind-proxy': behindProxy('aiohttp'),
    'python-eventlet-behind-proxy': behindProxy('eventlet'),
    'python-behind-proxy-websocket': {
      ...behindProxy('aiohttp', { transports: ['websocket'] }),
      expect: { 'chromium-same': { within: 'websocket-blocked' } },
    },
  },
};
