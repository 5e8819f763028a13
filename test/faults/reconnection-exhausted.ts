import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { startHttp } from './_kit/http-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

const limited = { ...quickRetries, reconnectionAttempts: 2 };
const named = (cause: string) => ({ also: [cause], details: { attempts: 2, cause } });

/** Both are told: what is broken, and that the client does not try any more. */
const both: NonNullable<Awaited<ReturnType<FaultVariant['start']>>['enough']> = ({ diagnosis, settled }) =>
  settled && diagnosis.code === 'reconnection-exhausted' && 'cause' in diagnosis.details;

function unreachable(client: ClientVersion, options: object = {}): FaultVariant {
  return {
    expect: { node: named('server-unreachable'), chromium: named('server-unreachable') },
    start: async () => ({
      url: `http://127.0.0.1:${await freePort()}`,
      client,
      options: { ...limited, ...options },
      enough: both,
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'reconnection-exhausted',
  places: ['node', 'chromium'],
  variants: {
    unreachable: unreachable('4'),
    'unreachable-websocket': { ...unreachable('4', { transports: ['websocket'] }), places: ['node'] },
    'bad-gateway': {
      expect: { node: named('gateway-failing'), chromium: named('gateway-failing') },
      start: async () => {
        const { url, close } = await startHttp({ status: 502, body: '<h1>Bad Gateway</h1>', cors: true });
        return { url, options: limited, enough: both, close };
      },
    },
    // It had worked before.
    'after-connect': {
      expect: { node: { also: ['server-went-down'] }, chromium: { also: ['server-went-down'] } },
      start: async () => {
        const server = await startSocketIo();
        return {
          url: server.url,
          options: limited,
          trigger: () => server.close(),
          enough: ({ diagnosis }) => diagnosis.code === 'reconnection-exhausted',
          close: closeAll(),
        };
      },
    },
    'client-4.0': { ...unreachable('4.0'), places: ['node'] },
    'client-3': { ...unreachable('3'), places: ['node'] },
    'client-2': { ...unreachable('2'), places: ['node'] },
    'client-1': { ...unreachable('1'), places: ['node'] },
  },
};
