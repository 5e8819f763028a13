import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';
import { quickRetries } from './_kit/quick-retries.js';

const suspected = { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } } as const;

function app(
  onConnect: RunningFault['onConnect'],
  client: ClientVersion = '4',
  options: object = {},
): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer();
    return {
      url,
      options: { ...quickRetries, ...options },
      client,
      diagnostics: { lint: true },
      ...(onConnect && { onConnect }),
      close,
    };
  };
}

const asArgument: RunningFault['onConnect'] = (socket) => socket.emit('join', socket.id);
const inProperty: RunningFault['onConnect'] = (socket) =>
  socket.emit('order', { items: [1, 2], customer: { id: socket.id } });
/** The id is kept as that of the user, and the connection is another one by then. */
const keptForLater: RunningFault['onConnect'] = (socket) => {
  const userId = socket.id;
  socket.io.engine?.close();
  let connects = 0;
  socket.on('connect', () => {
    connects += 1;
    if (connects === 1) socket.emit('buy', { userId });
  });
};

export const fault: Fault = {
  code: 'socket-id-as-identity',
  places: ['node', 'chromium'],
  variants: {
    'kept-for-later': { start: app(keptForLater) },
    'kept-for-later-client-4.5': { start: app(keptForLater, '4.5') },
    'kept-for-later-client-3': { start: app(keptForLater, '3') },
    'kept-for-later-client-2': { start: app(keptForLater, '2') },
    argument: { expect: suspected, start: app(asArgument) },
    property: { expect: suspected, start: app(inProperty) },
    'client-4.5': { expect: suspected, start: app(inProperty, '4.5') },
    'client-4.0': { expect: suspected, start: app(inProperty, '4.0') },
    'client-3': { expect: suspected, start: app(inProperty, '3') },
    'client-2': { expect: suspected, start: app(inProperty, '2') },
    'websocket-only': { expect: suspected, start: app(asArgument, '4', { transports: ['websocket'] }) },
  },
};
