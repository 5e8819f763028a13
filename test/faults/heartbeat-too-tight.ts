import { request as ask } from 'node:http';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const suspected = { certainty: 'suspected', alternatives: ['heartbeat-lost'] } as const;

/** The network is without reception for a moment that the default of the server would have stood. */
function variant(
  version: ServerVersion,
  client: ClientVersion,
  options: Readonly<Record<string, unknown>> = {},
): FaultVariant {
  return {
    expect: { node: suspected, chromium: suspected },
    start: async () => {
      const server = await startSocketIo({ version, options: { pingInterval: 1_000, pingTimeout: 1_500 } });
      const proxy = await startTcpProxy(server.port);
      return {
        url: proxy.url,
        client,
        options: { ...quickRetries, ...options },
        trigger: async () => {
          const release = proxy.hold();
          setTimeout(release, 6_000);
        },
        enough: ({ status }) => status === 'resolved',
        close: closeAll(proxy, server),
      };
    },
  };
}

/** So little time that the server itself gives sessions up: it closes them in good order, or does not know them any more. */
function noTime(
  pingTimeout: number,
  options: Readonly<Record<string, unknown>>,
  version: '2' | '4' = '4',
): FaultVariant {
  return {
    expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
    start: async () => {
      const { url, close } = await startSocketIo({ version, options: { pingInterval: 100, pingTimeout } });
      return {
        url,
        client: version,
        options: { ...quickRetries, ...options },
        enough: ({ recurrences = 0, failedAttempts }) => recurrences + failedAttempts >= 5,
        close,
      };
    },
  };
}

/** The same, and a handshake that is longer on its way than the session lasts. */
function lateHandshake(): FaultVariant {
  return {
    places: ['node'],
    expect: { node: { certainty: 'suspected' } },
    start: async () => {
      const server = await startSocketIo({ options: { pingInterval: 100, pingTimeout: 1 } });
      const proxy = await startReverseProxy({
        target: server.port,
        intercept({ method, url: path = '', headers }, response) {
          if (path.includes('sid=')) return false;
          const behind = ask({ port: server.port, host: '127.0.0.1', method, path, headers }, (answer) =>
            setTimeout(() => {
              response.writeHead(answer.statusCode ?? 502, answer.headers);
              answer.pipe(response);
            }, 300),
          );
          behind.on('error', () => response.destroy()).end();
          return true;
        },
      });
      return {
        url: proxy.url,
        options: { ...quickRetries, transports: ['polling'] },
        enough: ({ failedAttempts }) => failedAttempts >= 3,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'heartbeat-too-tight',
  places: ['node', 'chromium'],
  variants: {
    websocket: variant('4', '4', { transports: ['websocket'] }),
    upgraded: variant('4', '4'),
    'client-2': variant('2', '2'),
    'no-time': noTime(1, { transports: ['websocket'] }),
    'no-time-polling': { ...noTime(1, { transports: ['polling'] }), places: ['node'] },
    'no-time-late-handshake': lateHandshake(),
    'no-time-client-2': { ...noTime(1, { transports: ['websocket'] }, '2'), places: ['node'] },
    // Meant as "for ever": no timer waits for so long, and the client gives up in the moment it has connected, or before.
    endless: {
      expect: { node: { details: { pingIntervalMs: 25_000, pingTimeoutMs: 2_592_000_000, isEndless: true } } },
      start: async () => {
        const { url, close } = await startSocketIo({ options: { pingTimeout: 30 * 24 * 3_600_000 } });
        return { url, options: quickRetries, close };
      },
    },
  },
};
