import type { Incident } from '../../src/incidents/incident.js';
import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import type { ServerVersion } from './_kit/socketio-server.js';

// The defaults of the server would have a client sleep for most of a minute.
const beat = { pingInterval: 500, pingTimeout: 2_000 };
const isBack = ({ status }: Incident) => status === 'resolved';

function frozen(options: Readonly<Record<string, unknown>> = {}): FaultVariant {
  return {
    places: ['chromium'],
    start: async () => {
      const server = await startSocketIoProcess({ options: beat });
      return { url: server.url, options, trigger: ({ freeze }) => freeze(6_000), enough: isBack, close: server.close };
    },
  };
}

/** The server is a process of its own: it goes on while this one, and the client in it, stand still. */
function blocked(
  client: ClientVersion,
  version: ServerVersion,
  options: Readonly<Record<string, unknown>> = {},
): FaultVariant {
  return {
    places: ['node'],
    start: async () => {
      const server = await startSocketIoProcess({ version, options: beat });
      return {
        url: server.url,
        client,
        options,
        trigger: async () => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 7_000);
        },
        enough: isBack,
        close: server.close,
      };
    },
  };
}

function blockedForAMoment(options: Readonly<Record<string, unknown>>, version: ServerVersion = '4'): FaultVariant {
  return {
    places: ['node', 'chromium'],
    start: async () => {
      const server = await startSocketIoProcess({ version, options: { pingInterval: 1_000, pingTimeout: 1_000 } });
      return {
        url: server.url,
        options,
        onConnect: () => {
          setTimeout(() => {
            const until = Date.now() + 3_500;
            while (Date.now() < until);
          }, 500);
        },
        enough: isBack,
        close: server.close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'page-suspended',
  places: ['node', 'chromium'],
  variants: {
    'blocked-event-loop': blocked('4', '4'),
    'blocked-event-loop-polling': blocked('4', '4', { transports: ['polling'] }),
    'blocked-event-loop-client-4.0': blocked('4.0', '4.0'),
    'stopped-page': frozen(),
    'stopped-page-polling': frozen({ transports: ['polling'] }),
    // So short that the clock has to be looked at more often than it is elsewhere.
    'blocked-page-for-a-moment': blockedForAMoment({ transports: ['websocket'] }),
    'blocked-page-for-a-moment-polling': blockedForAMoment({ transports: ['polling'] }),
    'blocked-page-for-a-moment-client-2': {
      places: ['node', 'chromium'],
      start: async () => ({ ...(await blockedForAMoment({ transports: ['polling'] }, '2').start()), client: '2' }),
    },
    'blocked-page': {
      places: ['chromium'],
      start: async () => {
        const server = await startSocketIoProcess({ options: beat });
        return {
          url: server.url,
          options: { transports: ['websocket'] },
          onConnect: () => {
            setTimeout(() => {
              const until = Date.now() + 7_000;
              while (Date.now() < until);
            }, 1_000);
          },
          enough: isBack,
          close: server.close,
        };
      },
    },
  },
};
