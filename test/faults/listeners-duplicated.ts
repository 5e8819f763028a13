import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';
import { quickRetries } from './_kit/quick-retries.js';

const suspected = { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } } as const;

/** An app that loses its connection 300 ms after each connect, without a failure: the engine is closed from within. */
function reconnecting(
  onCreate: RunningFault['onCreate'],
  client: ClientVersion = '4',
  options: object = quickRetries,
): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer((io) => void io.of('/chat').on('connection', () => {}));
    return {
      url,
      options: { ...quickRetries, ...options },
      client,
      diagnostics: { lint: true },
      ...(onCreate && { onCreate }),
      close,
    };
  };
}

const inHandler: RunningFault['onCreate'] = (socket) => {
  socket.on('connect', () => {
    socket.on('message', (text) => console.log(text));
    setTimeout(() => socket.io.engine?.close(), 300);
  });
};

export const fault: Fault = {
  code: 'listeners-duplicated',
  places: ['node', 'chromium'],
  variants: {
    'in-connect-handler': { start: reconnecting(inHandler) },
    'client-4-min': { places: ['chromium'], start: reconnecting(inHandler, '4-min') },
    'client-4.5': { start: reconnecting(inHandler, '4.5') },
    'client-4.0': { start: reconnecting(inHandler, '4.0') },
    'client-3': { start: reconnecting(inHandler, '3') },
    'client-2': { start: reconnecting(inHandler, '2') },
    'websocket-only': { start: reconnecting(inHandler, '4', { transports: ['websocket'] }) },
    // The app's own `disconnect` listener, several events and a bound method.
    'several-events': {
      expect: { node: { details: { events: 3 } }, chromium: { details: { events: 3 } } },
      start: reconnecting((socket) => {
        const view = { show(this: object, _text: string) {} };
        socket.on('connect', () => {
          socket.on('disconnect', (reason) => console.log(reason));
          socket.on('news', (text) => console.log(text));
          socket.on('update', view.show.bind(view));
          setTimeout(() => socket.io.engine?.close(), 300);
        });
      }),
    },
    'for-any-event': {
      expect: { node: { details: { counts: [1, 2], events: 1, event: 'onAny' } } },
      start: reconnecting((socket) => {
        const all = socket as unknown as { onAny(listener: (event: string) => void): void };
        socket.on('connect', () => {
          all.onAny((event) => console.log(event));
          setTimeout(() => socket.io.engine?.close(), 300);
        });
      }),
    },
    'after-manual-connect': {
      start: reconnecting((socket) => {
        socket.on('connect', () => {
          socket.on('message', (text) => console.log(text));
          setTimeout(() => {
            socket.disconnect();
            socket.connect();
          }, 300);
        });
      }),
    },
    // A component registers when it sees the connection, some time after the handler.
    'after-connect-handler': {
      expect: suspected,
      start: reconnecting((socket) => {
        socket.on('connect', () => {
          setTimeout(() => socket.on('message', (text) => console.log(text)), 50);
          setTimeout(() => socket.io.engine?.close(), 300);
        });
      }),
    },
  },
};
