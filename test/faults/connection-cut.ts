import type { Incident } from '../../src/incidents/incident.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const isBack = ({ status }: Incident) => status === 'resolved';

function variant(how: 'rst' | 'fin', options: Record<string, unknown> = {}): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startTcpProxy(server.port);
      return {
        url: proxy.url,
        options,
        trigger: async () => proxy.cut(how),
        enough: isBack,
        close: closeAll(proxy, server),
      };
    },
  };
}

export const fault: Fault = {
  code: 'connection-cut',
  places: ['node', 'chromium'],
  variants: {
    reset: { ...variant('rst'), places: ['node', 'chromium', 'chromium-same'] },
    'reset-websocket': variant('rst', { transports: ['websocket'] }),
    'closed-without-frame': variant('fin'),
    'reset-client-2': {
      start: async () => {
        const server = await startSocketIo({ version: '2' });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          client: '2',
          trigger: async () => proxy.cut('rst'),
          enough: isBack,
          close: closeAll(proxy, server),
        };
      },
    },
  },
};
