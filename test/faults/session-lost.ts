import type { Incident } from '../../src/incidents/incident.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

const isBack = ({ status }: Incident) => status === 'resolved';

/** The server forgets its sessions as a restart makes it, but without the cut that comes with one. */
function forgets(version: '4' | '4.0' | '2', client: '4' | '4.5' | '2'): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo({ version, options: { pingInterval: 700, pingTimeout: 20_000 } });
      return {
        url: server.url,
        client,
        options: { ...quickRetries, transports: ['polling'] },
        trigger: async () => {
          const { clients } = server.io.engine as unknown as { clients: Record<string, unknown> };
          for (const sid of Object.keys(clients)) delete clients[sid];
        },
        enough: isBack,
        close: server.close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'session-lost',
  places: ['node', 'chromium'],
  variants: {
    'server-4': forgets('4', '4'),
    'server-4.0-client-4.5': forgets('4.0', '4.5'),
  },
};
