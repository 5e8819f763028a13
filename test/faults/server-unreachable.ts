import { connect } from 'node:net';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { tryingAll, withFetch } from './_kit/other-transports.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcp } from './_kit/tcp-server.js';

const nothingToClose = async () => {};
const websocketOnly = { ...quickRetries, transports: ['websocket'] };

const refused: FaultVariant = {
  start: async () => ({ url: `http://127.0.0.1:${await freePort()}`, options: quickRetries, close: nothingToClose }),
};

export const fault: Fault = {
  code: 'server-unreachable',
  places: ['node', 'chromium'],
  variants: {
    refused: {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => ({ url: `http://127.0.0.1:${await freePort()}`, close: nothingToClose }),
    },
    'refused-websocket': {
      start: async () => ({
        url: `http://127.0.0.1:${await freePort()}`,
        options: websocketOnly,
        close: nothingToClose,
      }),
    },
    // Asked again it answers: what it was that moment stays a guess.
    'reset-once': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo();
        let arrivals = 0;
        const proxy = await startTcp((socket) => {
          if (arrivals++ === 0) return socket.resetAndDestroy();
          const behind = connect(server.port, '127.0.0.1');
          socket.pipe(behind).pipe(socket);
          for (const end of [socket, behind]) end.on('error', () => {});
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, reconnectionDelay: 1_000 },
          close: closeAll(proxy, server),
        };
      },
    },
    'reset-once-websocket': {
      places: ['node'],
      expect: { node: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo();
        let arrivals = 0;
        const proxy = await startTcp((socket) => {
          if (arrivals++ === 0) return socket.resetAndDestroy();
          const behind = connect(server.port, '127.0.0.1');
          socket.pipe(behind).pipe(socket);
          for (const end of [socket, behind]) end.on('error', () => {});
        });
        return {
          url: proxy.url,
          options: { ...websocketOnly, reconnectionDelay: 1_000 },
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    // Browsers wait before they repeat what failed, until the client's own limit ends attempts that were never made.
    'refused-websocket-for-long': {
      start: async () => ({
        url: `http://127.0.0.1:${await freePort()}`,
        options: { ...websocketOnly, timeout: 1_500 },
        enough: ({ failedAttempts }) => failedAttempts >= 10,
        close: nothingToClose,
      }),
    },
    // RFC 6761 reserves .invalid: it never resolves.
    'name-unknown': {
      places: ['node', 'chromium', 'react-native'],
      start: async () => ({ url: 'http://socket-server.invalid:8080', options: quickRetries, close: nothingToClose }),
    },
    'name-unknown-ios': {
      places: ['react-native'],
      expect: { 'react-native': { details: { stage: 'dns' } } },
      start: async () => ({
        url: 'http://socket-server.invalid:8080',
        options: quickRetries,
        platform: { os: 'ios', permitsCleartext: true },
        close: nothingToClose,
      }),
    },
    'reset-by-peer': {
      start: async () => {
        const { url, close } = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
        return { url, options: quickRetries, close };
      },
    },
    'closed-at-once': {
      start: async () => {
        const { url, close } = await startTcp((socket) => socket.end());
        return { url, options: quickRetries, close };
      },
    },
    // An SSH daemon greets before anybody asks.
    'not-http': {
      // Firefox takes what has no header for HTTP/0.9, and WebKit goes on waiting for one.
      expect: { firefox: { certainty: 'suspected' }, webkit: { within: 'server-not-answering' } },
      start: async () => {
        const { url, close } = await startTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'));
        return { url, options: { ...quickRetries, timeout: 3_000 }, close };
      },
    },
    'refused-fetch': withFetch(refused),
    'refused-all-transports': tryingAll(refused),
    'name-unknown-fetch': {
      ...withFetch({
        start: async () => ({ url: 'http://socket-server.invalid:8080', options: quickRetries, close: nothingToClose }),
      }),
      places: ['node'],
    },
    'closed-at-once-fetch': {
      ...withFetch({
        start: async () => {
          const { url, close } = await startTcp((socket) => socket.end());
          return { url, options: quickRetries, close };
        },
      }),
      places: ['node'],
    },
    'refused-client-2': {
      start: async () => ({
        url: `http://127.0.0.1:${await freePort()}`,
        client: '2',
        options: quickRetries,
        close: nothingToClose,
      }),
    },
    // This version reports HTTP status 503 for a refused connection in Node.
    'refused-client-4.0': {
      places: ['node'],
      start: async () => ({
        url: `http://127.0.0.1:${await freePort()}`,
        client: '4.0',
        options: quickRetries,
        close: nothingToClose,
      }),
    },
  },
};
