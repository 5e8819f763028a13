import type { ClientVersion } from '../faults/_kit/client-version.js';
import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { startPython } from '../faults/_kit/python-server.js';
import { type ServerVersion, startSocketIo } from '../faults/_kit/socketio-server.js';

function variant(client: ClientVersion, version: ServerVersion, allowEIO3 = false): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({ version, options: allowEIO3 ? { allowEIO3 } : {} });
      return { url, client, close };
    },
  };
}

function python(server: 'aiohttp' | 'eventlet'): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startPython({ server });
      return { url, close };
    },
  };
}

export const healthy: Fault = {
  code: 'versions',
  places: ['node', 'chromium'],
  variants: {
    '4-min-on-4': { ...variant('4-min', '4'), places: ['chromium'] },
    '4.5-on-4': variant('4.5', '4'),
    '4.0-on-4': variant('4.0', '4'),
    '3-on-4': variant('3', '4'),
    '4-on-3': variant('4', '3'),
    '3-on-3': variant('3', '3'),
    '2-on-2': variant('2', '2'),
    '1-on-1': variant('1', '1'),
    '2-on-4-allowed': variant('2', '4', true),
    '1-on-4-allowed': variant('1', '4', true),
    '4-on-python-aiohttp': python('aiohttp'),
    '4-on-python-eventlet': python('eventlet'),
    '2-on-3-allowed': variant('2', '3', true),
  },
};
