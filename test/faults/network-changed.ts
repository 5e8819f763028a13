import { closeAll } from './_kit/close-all.js';
import type { Fault } from './_kit/fault.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

const expect = { chromium: { certainty: 'suspected' } } as const;

export const fault: Fault = {
  code: 'network-changed',
  places: ['chromium'],
  // The others have no `navigator.connection`, and nothing else tells a page of it.
  engines: ['chromium'],
  variants: {
    'cut-by-the-change': {
      expect,
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          trigger: async ({ changeNetwork }) => {
            await changeNetwork();
            proxy.cut('rst');
          },
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
  },
};
