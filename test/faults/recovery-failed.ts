import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const beside = {
  node: { also: ['connection-cut', 'server-went-down', 'server-closed-connection'] },
  chromium: { also: ['connection-cut', 'server-went-down', 'server-closed-connection'] },
} as const;

/** The second connection reaches another process, which shares nothing with the first. */
function otherNode(client: ClientVersion, options: object, details: object, isGreeting = true): FaultVariant {
  return {
    expect: {
      node: { ...beside.node, details: { ...details } },
      chromium: { ...beside.chromium, details: { ...details } },
    },
    start: async () => {
      const start = () =>
        startSocketIo({
          options: { connectionStateRecovery: {} },
          setup: (io) => io.on('connection', (socket) => isGreeting && socket.emit('hello')),
        });
      const [first, second] = [await start(), await start()];
      let isMoved = false;
      const entrance = await startTcpProxy(() => (isMoved ? second : first).port);
      return {
        url: entrance.url,
        client,
        options: { ...quickRetries, ...options },
        trigger: async () => {
          isMoved = true;
          entrance.cut('rst');
        },
        enough: ({ diagnosis }) => diagnosis.code === 'recovery-failed',
        close: closeAll(entrance, first, second),
      };
    },
  };
}

export const fault: Fault = {
  code: 'recovery-failed',
  places: ['node', 'chromium'],
  variants: {
    'other-node': otherNode('4', {}, { reason: 'unknown' }),
    'other-node-websocket': otherNode('4', { transports: ['websocket'] }, { reason: 'unknown' }),
    'other-node-min': { ...otherNode('4-min', {}, { reason: 'unknown' }), places: ['chromium'] },
    // Nothing had been sent to the socket, so there is no position to go on from.
    'no-event-before': { ...otherNode('4', {}, { reason: 'no-event-before' }, false), places: ['node'] },
    restart: {
      expect: beside,
      start: async () => {
        const server = await startSocketIoProcess({ options: { connectionStateRecovery: {} } });
        return {
          url: server.url,
          options: quickRetries,
          trigger: async () => {
            await server.kill('SIGTERM');
            await server.restart();
          },
          enough: ({ diagnosis }) => diagnosis.code === 'recovery-failed',
          close: server.close,
        };
      },
    },
  },
};
