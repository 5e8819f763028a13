import { closeAll } from './_kit/close-all.js';
import type { DrivenSocket } from './_kit/drive-client.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

const sendOverWebSocket = (socket: DrivenSocket) => {
  const engine = socket.io.engine;
  if (engine?.transport?.name === 'websocket') socket.emit('upload', 'x'.repeat(2_000_000));
  else engine?.on('upgrade', () => socket.emit('upload', 'x'.repeat(2_000_000)));
};
const send = (socket: DrivenSocket) => void socket.emit('upload', 'x'.repeat(2_000_000));

const polling = { transports: ['polling'] };

function proxied(name: ProxyName, client: '2' | '4', expect: FaultVariant['expect']): FaultVariant {
  return {
    expect: { chromium: { certainty: 'suspected' }, ...expect },
    start: async () => {
      const server = await startSocketIo({ version: client, options: { maxHttpBufferSize: 10_000_000 } });
      const proxy = await startProxy(name, { target: server.port, maxBodyBytes: 100_000 });
      return { url: proxy.url, client, options: polling, onConnect: send, close: closeAll(proxy, server) };
    },
  };
}

/** Across origins nginx hides its 413 from the page. */
const hiddenAuth: Expectation = { certainty: 'suspected' };

function withAuth(options: Record<string, unknown>, client: '4' | '4.5' = '4', maxBodyBytes?: number): FaultVariant {
  return {
    start: async () => {
      const server = await startSocketIo(maxBodyBytes ? { options: { maxHttpBufferSize: 10_000_000 } } : {});
      const proxy = maxBodyBytes ? await startProxy('nginx', { target: server.port, maxBodyBytes }) : undefined;
      return {
        url: (proxy ?? server).url,
        client,
        options: { ...quickRetries, ...options },
        makeOptions: () => ({ auth: { picture: 'x'.repeat(2_000_000) } }),
        close: closeAll(...(proxy ? [proxy, server] : [server])),
      };
    },
  };
}

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
    // The packet that connects carries `auth`: such a client never connects.
    auth: withAuth({}),
    'auth-websocket': withAuth({ transports: ['websocket'] }),
    'auth-client-4.5': withAuth({ ...polling }, '4.5'),
    'auth-nginx': {
      ...withAuth({}, '4', 100_000),
      expect: { node: { details: { by: 'proxy', limitBytes: 10_000_000, isConnect: true } }, chromium: hiddenAuth },
    },
    'websocket-small-limit': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { maxHttpBufferSize: 50_000 } });
        return { url, options: { transports: ['websocket'] }, onConnect: sendOverWebSocket, close };
      },
    },
    // The limit of the ws library in the client, 100 MiB unless told otherwise: https://github.com/socketio/socket.io/issues/4041
    'from-server': {
      places: ['node'],
      expect: { node: { details: { by: 'client' } } },
      start: async () => {
        const { url, close } = await startSocketIo({
          setup: (io) => io.on('connection', (socket) => void socket.emit('download', 'x'.repeat(200_000))),
        });
        return { url, options: { transports: ['websocket'], maxPayload: 100_000 }, close };
      },
    },
    // Below the sizes that anybody would call large: servers before 4.5 cut the connection, and tell no limit.
    'polling-small-limit-client-2': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo({ version: '2', options: { maxHttpBufferSize: 20_000 } });
        return {
          url,
          client: '2',
          options: polling,
          onConnect: (socket) => void socket.emit('upload', 'x'.repeat(50_000)),
          close,
        };
      },
    },
    // These close the session in good order, and the client hears that first.
    'polling-small-limit-server-3': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', alternatives: ['server-closed-connection'] } },
      start: async () => {
        const { url, close } = await startSocketIo({ version: '3', options: { maxHttpBufferSize: 20_000 } });
        return { url, options: polling, onConnect: (socket) => void socket.emit('upload', 'x'.repeat(50_000)), close };
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
    'polling-apache-client-2': proxied('apache', '2', { node: { details: { by: 'proxy' } } }),
    // Caddy 2.6 answers 502 when it stops to read; later versions answer 413.
    'polling-caddy': proxied('caddy', '4', { node: { certainty: 'suspected', alternatives: ['gateway-failing'] } }),
    // Close codes are told from 4.5 on.
    'websocket-client-4.0': {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo({ version: '4.0' });
        return { url, client: '4.0', onConnect: sendOverWebSocket, close };
      },
    },
    // python-engineio 4.3 ends the WebSocket with code 1000, and does not tell its limit in the handshake.
    'websocket-python': {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startPython({ options: { max_http_buffer_size: 50_000 } });
        return { url, onConnect: sendOverWebSocket, close };
      },
    },
    // It closes the session with a packet of its own, while the message is still being sent.
    'polling-python': {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startPython({ options: { max_http_buffer_size: 50_000 } });
        return { url, options: polling, onConnect: send, close };
      },
    },
  },
};
