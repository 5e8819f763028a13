import { closeAll } from '../faults/_kit/close-all.js';
import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import { startTcpProxy, type TcpProxySetup } from '../faults/_kit/tcp-proxy.js';

function slow(line: TcpProxySetup, version: '2' | '4' = '4'): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo({ version });
      const path = await startTcpProxy(server.port, line);
      return { url: path.url, client: version, holdMs: 4_000, close: closeAll(path, server) };
    },
  };
}

/** Far away or through a thin line: late, but fine. */
export const healthy: Fault = {
  code: 'slow-network',
  places: ['node', 'chromium'],
  variants: {
    'latency-400': slow({ latencyMs: 400 }),
    'latency-400-client-2': slow({ latencyMs: 400 }, '2'),
    'thin-line': slow({ latencyMs: 100, bytesPerSecond: 2_000 }),
  },
};
