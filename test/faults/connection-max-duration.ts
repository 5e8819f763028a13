import type { Incident } from '../../src/incidents/incident.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { type ServerVersion, type SocketIoServer, startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

/** One cut has no rhythm yet, and to call it a cut is true as well; so is what flaps, where a busy machine has spoilt the rhythm at first. */
const also = ['connection-cut', 'connection-flapping'];
const expected = (more: Expectation = {}) => ({
  node: { also, ...more },
  chromium: { also, ...more },
  'chromium-same': { also, ...more },
});
const isSure = ({ diagnosis }: Incident) =>
  diagnosis.certainty === 'confirmed' && diagnosis.code === 'connection-max-duration';

/** Reconnects soon, so that three cuts do not take a minute. */
const soon = { reconnectionDelay: 200, reconnectionDelayMax: 400 };

/** News at times that nobody could set a clock by. */
function chatter(io: SocketIoServer): void {
  io.on('connection', (socket) => {
    let told = 0;
    const tell = () => {
      socket.emit('news', told);
      told += 1;
      timer = setTimeout(tell, 120 + ((told * 97) % 300));
    };
    let timer = setTimeout(tell, 50);
    socket.on('disconnect', () => clearTimeout(timer));
  });
}

function aged(
  how: 'traffic of the app' | 'heartbeats',
  options: Readonly<Record<string, unknown>> = {},
  version: ServerVersion = '4',
): FaultVariant {
  return {
    expect: expected(),
    start: async () => {
      const server = await startSocketIo({
        version,
        // Heartbeats alone show that it was not idle when they come more often than the cuts.
        ...(how === 'heartbeats' ? { options: { pingInterval: 800 } } : { setup: chatter }),
      });
      const proxy = await startTcpProxy(server.port, { ageLimitMs: () => 3_000 });
      return {
        url: proxy.url,
        client: version === '2' ? '2' : '4',
        options: { ...soon, ...options },
        enough: isSure,
        limitMs: 40_000,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'connection-max-duration',
  places: ['node', 'chromium'],
  variants: {
    'busy-websocket': {
      ...aged('traffic of the app', { transports: ['websocket'] }),
      places: ['node', 'chromium', 'chromium-same'],
    },
    'busy-upgraded': aged('traffic of the app'),
    'heartbeats-only': aged('heartbeats', { transports: ['websocket'] }),
    'busy-client-2': aged('traffic of the app', {}, '2'),
  },
};
