import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';

const hasReturned: NonNullable<Awaited<ReturnType<FaultVariant['start']>>['enough']> = ({ timeline }) =>
  timeline.signals.filter(({ kind }) => kind === 'connected').length >= 2;

/** Code on the server writes to the engine beneath Socket.IO. */
function written(
  packet: string,
  options: object = {},
  client: ClientVersion = '4',
  version?: ServerVersion,
): FaultVariant {
  return {
    start: async () => {
      let write = () => {};
      const { url, close } = await startSocketIo({
        ...(version && { version }),
        setup: (io) =>
          io.on('connection', (socket) => {
            write = () => void (socket.conn as unknown as { write(data: string): void }).write(packet);
          }),
      });
      return {
        url,
        client,
        options: { ...quickRetries, ...options },
        trigger: async () => write(),
        enough: hasReturned,
        close,
      };
    },
  };
}

/** A filter on the way replaces the body of a polling request in mid-session. */
function replaced(
  body: string,
  contentType: string,
  client: ClientVersion = '4',
  version?: ServerVersion,
): FaultVariant {
  return {
    start: async () => {
      let isBroken = false;
      const server = await startSocketIo({
        ...(version && { version }),
        setup: (io) => io.on('connection', (socket) => socket.on('again', () => socket.emit('again'))),
      });
      const proxy = await startReverseProxy({
        target: server.port,
        intercept: (request, response) => {
          const isPoll = request.method === 'GET' && request.url?.includes('sid=');
          if (!isBroken || !isPoll) return false;
          isBroken = false;
          const { origin } = request.headers;
          response.writeHead(200, {
            'content-type': contentType,
            ...(origin !== undefined && {
              'access-control-allow-origin': origin,
              'access-control-allow-credentials': 'true',
            }),
          });
          response.end(body);
          return true;
        },
      });
      return {
        url: proxy.url,
        client,
        options: { ...quickRetries, transports: ['polling'] },
        // An answer to the present poll, so that the client makes the next one.
        onConnect: (socket) => {
          setTimeout(() => socket.emit('again'), 100);
        },
        trigger: async () => {
          isBroken = true;
        },
        enough: hasReturned,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'packet-invalid',
  places: ['node', 'chromium'],
  variants: {
    'unknown-type': written('9unknown'),
    'no-json': { ...written('2["cut off'), places: ['node'] },
    'unknown-type-polling': {
      ...written('x', { transports: ['polling'] }),
      places: ['node', 'chromium', 'chromium-same'],
    },
    'unknown-type-client-4.5': { ...written('9unknown', {}, '4.5'), places: ['node'] },
    'body-replaced': replaced('x-replaced', 'text/plain'),
    'body-replaced-client-4.0': { ...replaced('x-replaced', 'text/plain', '4.0'), places: ['node'] },
    'body-replaced-client-3': { ...replaced('x-replaced', 'text/plain', '3'), places: ['node'] },
    'body-replaced-client-2': { ...replaced('x-replaced', 'text/plain', '2', '2'), places: ['node'] },
    'body-replaced-client-1': { ...replaced('x-replaced', 'text/plain', '1', '1'), places: ['node'] },
    'page-instead': {
      ...replaced('<!doctype html><title>Please sign in</title>', 'text/html'),
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
    },
  },
};
