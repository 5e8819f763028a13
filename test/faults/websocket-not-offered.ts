import type { Fault, RunningFault } from './_kit/fault.js';
import { type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';

function variant(setup: SocketIoSetup, running: Partial<RunningFault> = {}) {
  return {
    start: async () => {
      const { url, close } = await startSocketIo(setup);
      return { url, ...running, close };
    },
  };
}

export const fault: Fault = {
  code: 'websocket-not-offered',
  places: ['node', 'chromium'],
  variants: {
    'upgrades-off': {
      ...variant({ options: { allowUpgrades: false } }),
      places: ['node', 'chromium', 'chromium-same'],
    },
    'polling-server': variant({ options: { transports: ['polling'] } }),
    'custom-namespace': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({
          options: { allowUpgrades: false },
          setup: (io) => io.of('/chat').on('connection', () => {}),
        });
        return { url: `${url}/chat`, close };
      },
    },
    'client-4.5': { ...variant({ options: { allowUpgrades: false } }, { client: '4.5' }), places: ['node'] },
    'client-4.0': {
      ...variant({ version: '4.0', options: { allowUpgrades: false } }, { client: '4.0' }),
      places: ['node'],
    },
    'client-3': { ...variant({ version: '3', options: { allowUpgrades: false } }, { client: '3' }), places: ['node'] },
    'client-2': { ...variant({ version: '2', options: { transports: ['polling'] } }, { client: '2' }) },
    'client-1': { ...variant({ version: '1', options: { allowUpgrades: false } }, { client: '1' }), places: ['node'] },
  },
};
