import { closeAll } from './_kit/close-all.js';
import type { DrivenSocket } from './_kit/drive-client.js';
import type { Fault } from './_kit/fault.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { startSocketIo } from './_kit/socketio-server.js';

const sendOverWebSocket = (socket: DrivenSocket) => {
  const engine = socket.io.engine;
  if (engine?.transport?.name === 'websocket') socket.emit('upload', 'x'.repeat(2_000_000));
  else engine?.on('upgrade', () => socket.emit('upload', 'x'.repeat(2_000_000)));
};
const send = (socket: DrivenSocket) => void socket.emit('upload', 'x'.repeat(2_000_000));

const polling = { transports: ['polling'] };

export const fault: Fault = {
  code: 'payload-too-large',
  places: ['node', 'chromium'],
  variants: {
    // 1,000,000 bytes is the default of maxHttpBufferSize since 3.0.
    websocket: {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, onConnect: sendOverWebSocket, close };
      },
    },
    'websocket-small-limit': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { maxHttpBufferSize: 50_000 } });
        return { url, options: { transports: ['websocket'] }, onConnect: sendOverWebSocket, close };
      },
    },
    polling: {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: polling, onConnect: send, close };
      },
    },
    // The 413 of a proxy carries no CORS headers.
    'polling-nginx': {
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo({ options: { maxHttpBufferSize: 10_000_000 } });
        const nginx = await startNginx(`client_max_body_size 100k;\n    ${proxyPass(server.port, upgradeHeaders)}`);
        return { url: nginx.url, options: polling, onConnect: send, close: closeAll(nginx, server) };
      },
    },
    // Close codes are told from 4.5 on.
    'websocket-client-4.0': {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo({ version: '4.0' });
        return { url, client: '4.0', onConnect: sendOverWebSocket, close };
      },
    },
  },
};
