import { closeAll } from '../faults/_kit/close-all.js';
import type { Fault } from '../faults/_kit/fault.js';
import { proxyPass, startNginx, upgradeHeaders } from '../faults/_kit/nginx.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

export const healthy: Fault = {
  code: 'behind-nginx',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'good-config': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(proxyPass(server.port));
        return { url: nginx.url, close: closeAll(nginx, server) };
      },
    },
    'stripped-prefix': {
      start: async () => {
        const server = await startSocketIo();
        const nginx = await startNginx(
          `location /realtime/ { proxy_pass http://127.0.0.1:${server.port}/;${upgradeHeaders} }`,
        );
        return { url: nginx.url, options: { path: '/realtime/socket.io' }, close: closeAll(nginx, server) };
      },
    },
  },
};
