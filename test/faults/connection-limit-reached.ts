import type { ServerResponse } from 'node:http';
import type { ClientVersion } from './_kit/client-version.js';
import type { DrivenApp, DrivenSocket } from './_kit/drive-client.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';

const streams = (socket: DrivenSocket, app: DrivenApp) => {
  for (let index = 0; index < 6; index++) new globalThis.EventSource(`${new URL(app.url).origin}/stream-${index}`);
  setTimeout(() => socket.connect(), 500);
};

const uploads = (socket: DrivenSocket, app: DrivenApp) => {
  for (let index = 0; index < 6; index++) void fetch(`${new URL(app.url).origin}/report-${index}`).catch(() => {});
  setTimeout(() => socket.connect(), 500);
};

const sockets = (socket: DrivenSocket, app: DrivenApp) => {
  for (let index = 0; index < 6; index++) app.connect({ forceNew: true, autoConnect: true });
  setTimeout(() => socket.connect(), 1_000);
};

/** Six connections are taken before the socket asks for one. */
function takenBy(
  onCreate: (socket: DrivenSocket, app: DrivenApp) => void,
  {
    version = '4',
    client = '4',
    options = {},
  }: { version?: ServerVersion; client?: ClientVersion; options?: Record<string, unknown> } = {},
): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({
        version,
        elsewhere: ({ url = '' }, response: ServerResponse) => {
          if (!url.startsWith('/stream')) return;
          response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' });
          response.write('data: hello\n\n');
        },
      });
      return {
        url,
        client,
        options: { ...quickRetries, timeout: 2_000, autoConnect: false, ...options },
        onCreate,
        enough: ({ failedAttempts }) => failedAttempts > 2,
        limitMs: 45_000,
        close,
      };
    },
  };
}

/** The SDK sees who holds them. */
const counted: Expectation = { certainty: 'suspected', best: true, alternatives: ['server-not-answering'] };
const expected: Expectation = { certainty: 'suspected', alternatives: ['server-not-answering'] };
const places = {
  places: ['chromium', 'chromium-same'],
  expect: {
    chromium: expected,
    'chromium-same': expected,
    // WebSockets are among the six there, so that nothing answers at all.
    webkit: { within: 'server-not-answering' },
  },
} as const;

export const fault: Fault = {
  code: 'connection-limit-reached',
  places: ['chromium'],
  variants: {
    'event-sources': { ...takenBy(streams), ...places },
    // These send cookies to other origins, too, for which browsers keep other connections.
    'event-sources-client-2': {
      ...takenBy(streams, { version: '2', client: '2' }),
      ...places,
      places: ['chromium-same'],
    },
    'hanging-requests': { ...takenBy(uploads, { client: '4.5' }), ...places },
    // Each of them stays on polling.
    'seven-sockets': {
      ...takenBy(sockets, { options: { transports: ['polling'] } }),
      ...places,
      expect: { ...places.expect, chromium: counted, 'chromium-same': counted },
    },
    // All of them got in, and wait for their turn from then on: longer than the server waits for a sign of life.
    'seven-sessions': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected', best: true, alternatives: ['session-lost'] } },
      start: async () => {
        const { url, close } = await startSocketIo({ options: { pingInterval: 2_000, pingTimeout: 1_000 } });
        return {
          url,
          options: { ...quickRetries, transports: ['polling'] },
          onCreate: (_socket, app) => {
            for (let index = 0; index < 6; index++) app.connect({ forceNew: true, autoConnect: true });
          },
          limitMs: 45_000,
          close,
        };
      },
    },
  },
};
