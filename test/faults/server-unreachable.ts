import { connect } from 'node:net';
import { makeCertificate } from './_kit/certificate.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { startHttp } from './_kit/http-server.js';
import { startHttp2 } from './_kit/http2-server.js';
import { startHttps } from './_kit/https-server.js';
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
    // A middleware throws, and the process ends. Its handshake was read: neither CORS nor the path is what is wrong.
    'ends-at-first-connect': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, close } = await startSocketIo({ setup: (io) => io.use(() => void close()) });
        return { url, options: quickRetries, enough: ({ failedAttempts }) => failedAttempts > 2, close };
      },
    },
    // The page asks over https instead, so that nothing is blocked; and nobody is there.
    'upgraded-to-https': {
      places: ['chromium'],
      engines: ['chromium', 'firefox'],
      expect: {
        chromium: { certainty: 'suspected', alternatives: ['mixed-content-blocked', 'tls-certificate-rejected'] },
      },
      start: async () => ({
        url: 'http://api.example:3000',
        pageUrl: 'https://app.example',
        options: quickRetries,
        makeOptions: () => {
          const { document } = globalThis as unknown as {
            document: { createElement(name: string): object; head: { append(element: object): void } };
          };
          const policy = { httpEquiv: 'Content-Security-Policy', content: 'upgrade-insecure-requests' };
          document.head.append(Object.assign(document.createElement('meta'), policy));
          return {};
        },
        close: nothingToClose,
      }),
    },
    'refused-websocket': {
      start: async () => ({
        url: `http://127.0.0.1:${await freePort()}`,
        options: websocketOnly,
        close: nothingToClose,
      }),
    },
    // Nobody says on which interface it would be.
    'link-local-address': {
      places: ['node'],
      expect: { node: { details: { stage: 'no-route' } } },
      start: async () => ({ url: 'http://[fe80::1]:3000', options: quickRetries, close: nothingToClose }),
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
        // On a busy machine an answer may be due while the tenth fails.
        enough: ({ failedAttempts, diagnosis }) => failedAttempts >= 10 && diagnosis.certainty === 'confirmed',
        close: nothingToClose,
      }),
    },
    // RFC 6761 reserves .invalid: it never resolves.
    'name-unknown': {
      places: ['node', 'chromium', 'react-native'],
      start: async () => ({ url: 'http://socket-server.invalid:8080', options: quickRetries, close: nothingToClose }),
    },
    // What dials writes it in small letters and Punycode.
    'name-in-capitals-websocket': {
      places: ['node'],
      expect: { node: { details: { stage: 'dns', code: 'ENOTFOUND' } } },
      start: async () => ({
        url: 'http://Büro-Server.invalid:8080',
        options: websocketOnly,
        close: nothingToClose,
      }),
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
    // An agent for a proxy that is away.
    'proxy-of-agent-refused': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', details: { stage: 'refused', code: 'ECONNREFUSED' } } },
      start: async () => {
        const server = await startSocketIo();
        return {
          url: server.url,
          options: quickRetries,
          makeOptions: () => {
            const { Agent } = process.getBuiltinModule('node:http');
            const { connect: dial } = process.getBuiltinModule('node:net');
            const agent = new Agent();
            // Port 9 discards (RFC 863), and nobody listens there any more.
            Object.assign(agent, { createConnection: () => dial({ host: '127.0.0.1', port: 9 }) });
            return { agent };
          },
          close: server.close,
        };
      },
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
    // The same behind https: what OpenSSL calls a wrong version need not be HTTP.
    // Almost HTTP: browsers take it for an answer, and across origins hide that it is none.
    'broken-status-line': {
      places: ['node', 'chromium', 'chromium-same'],
      engines: ['chromium'],
      expect: {
        node: { details: { stage: 'not-http' } },
        chromium: { certainty: 'suspected' },
        'chromium-same': { certainty: 'suspected', best: true },
      },
      start: async () => {
        const { url, close } = await startTcp((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 999999 Weird\r\n\r\n')),
        );
        return { url, options: quickRetries, close };
      },
    },
    'not-http-over-tls': {
      places: ['node'],
      expect: { node: { details: { stage: 'not-http', code: 'ERR_SSL_WRONG_VERSION_NUMBER' } } },
      start: async () => {
        const { url, close } = await startTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'));
        return { url: url.replace('http:', 'https:'), options: quickRetries, close };
      },
    },
    'tls-version-too-old': {
      places: ['node'],
      expect: { node: { details: { stage: 'tls', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' } } },
      start: async () => {
        const { url, close } = await startHttps(makeCertificate(), {
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        });
        return { url, options: { ...quickRetries, rejectUnauthorized: false }, close };
      },
    },
    // RFC 6066: the server has no site of this name. An alert of TLS 1.2 on the level "fatal".
    'tls-name-unknown-websocket': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startTcp((socket) =>
          socket.once('data', () => socket.end(Buffer.from('15030300020270', 'hex'))),
        );
        return { url: url.replace('http:', 'https:'), options: websocketOnly, close };
      },
    },
    // TLS 1.2 has no alert for a client that shows no certificate.
    'tls-handshake-refused': {
      places: ['node'],
      expect: { node: { alternatives: ['tls-certificate-rejected'] } },
      start: async () => {
        const { url, close } = await startHttps(makeCertificate(), {
          requestCert: true,
          rejectUnauthorized: true,
          maxVersion: 'TLSv1.2',
        });
        return { url, options: { ...quickRetries, rejectUnauthorized: false }, close };
      },
    },
    'http2-only': {
      places: ['node'],
      expect: { node: { details: { stage: 'http2-only' } } },
      start: async () => {
        const { url, close } = await startHttp2(makeCertificate());
        return { url, options: { ...quickRetries, rejectUnauthorized: false }, close };
      },
    },
    'http2-only-websocket-client-4.0': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startHttp2(makeCertificate());
        return { url, client: '4.0', options: { ...websocketOnly, rejectUnauthorized: false }, close };
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
    // What was asked of the server that was there first says nothing of the address now.
    'refused-after-answers': {
      places: ['node'],
      expect: { node: { also: ['server-not-socketio', 'path-mismatch'] } },
      start: async () => {
        const { url, close } = await startHttp({ status: 404, body: 'Not Found' });
        const prepare = async () => void setTimeout(() => void close(), 3_000);
        const isRefused: RunningFault['enough'] = ({ timeline }) =>
          timeline.signals.some((signal) => signal.kind === 'connect-error' && signal.error.code === 'ECONNREFUSED');
        return { url, options: quickRetries, prepare, enough: isRefused, close: nothingToClose };
      },
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
