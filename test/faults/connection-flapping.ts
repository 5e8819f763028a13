import type { Incident } from '../../src/incidents/incident.js';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const also = ['connection-cut'];
const isTold = ({ diagnosis }: Incident) =>
  diagnosis.certainty === 'confirmed' && diagnosis.code === 'connection-flapping';

/** Ages without a rhythm, the same at every run. */
const AGES_MS = [300, 1_450, 620, 2_300, 150, 980, 1_900, 450, 2_700, 760];

function variant(
  version: ServerVersion,
  client: ClientVersion,
  options: Readonly<Record<string, unknown>> = {},
): FaultVariant {
  return {
    expect: { node: { also }, chromium: { also } },
    start: async () => {
      const server = await startSocketIo({ version });
      let connections = 0;
      const proxy = await startTcpProxy(server.port, {
        ageLimitMs: () => 200 + (AGES_MS[connections++ % AGES_MS.length] ?? 0),
      });
      return {
        url: proxy.url,
        client,
        options: { reconnectionDelay: 100, reconnectionDelayMax: 300, ...options },
        enough: isTold,
        limitMs: 45_000,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'connection-flapping',
  places: ['node', 'chromium'],
  variants: {
    websocket: variant('4', '4', { transports: ['websocket'] }),
    'client-2': variant('2', '2', { transports: ['websocket'] }),
  },
};
