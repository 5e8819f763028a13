import { connect } from 'node:net';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { readBodies } from './_kit/read-bodies.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';
import { startTcp } from './_kit/tcp-server.js';

const short = { ...quickRetries, timeout: 1_500 };
const expectShort = { node: { details: { timeoutMs: 1_500 } }, chromium: { details: { timeoutMs: 1_500 } } };

function blackHole(client: ClientVersion): FaultVariant {
  return {
    places: ['node'],
    expect: expectShort,
    start: async () => {
      const { url, close } = await startTcp();
      return { url, client, options: { ...short, transports: ['websocket'] }, close };
    },
  };
}

/** `express.json()` before the handler, or an API route of Next.js: a POST is read before Engine.IO sees it. */
function bodyParser(version: ServerVersion, client: ClientVersion): FaultVariant {
  return {
    places: ['node', 'chromium', 'chromium-same'],
    // WebKit puts its requests off behind those that hang, so that other questions come first and hang as well (WebKitGTK 2.50).
    engines: ['chromium', 'firefox'],
    start: async () => {
      const { url, io, close } = await startSocketIo({ version });
      readBodies(io.httpServer);
      return { url, client, options: { ...quickRetries, transports: ['polling'] }, close };
    },
  };
}

/** What stands in front keeps HTTP requests to itself and passes WebSocket on. */
function httpHeldUp(client: ClientVersion): FaultVariant {
  const expect: Expectation = { certainty: 'suspected', best: true, alternatives: ['connection-limit-reached'] };
  return {
    places: ['node', 'chromium', 'chromium-same'],
    expect: { chromium: expect, 'chromium-same': expect },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({ target: server.port, intercept: () => true });
      return { url: proxy.url, client, options: short, close: closeAll(proxy, server) };
    },
  };
}

/** Hangs up without a word when the client has given up already. */
function hangsUpLate(transport: string): FaultVariant {
  const expect: Expectation = { certainty: 'suspected', best: true };
  // Firefox sends a GET again that was hung up on, so that for it HTTP never ends.
  const firefox: Expectation = { certainty: 'suspected' };
  return {
    places: ['node', 'chromium', 'chromium-same'],
    expect: { node: expect, chromium: expect, 'chromium-same': expect, firefox, 'firefox-same': firefox },
    start: async () => {
      const { url, close } = await startTcp((socket) => {
        setTimeout(() => socket.destroy(), 2_500);
      });
      return { url, options: { ...short, timeout: 1_000, transports: [transport] }, close };
    },
  };
}

/** The first connection starts something that must run before anything is passed on; all later ones find it there. */
function wakesUp(transport: string, alternatives: readonly string[]): FaultVariant {
  const expect: Expectation = { certainty: 'suspected', best: true, alternatives };
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const server = await startSocketIo();
      let isAwake = false;
      const proxy = await startTcp((client) => {
        if (!isAwake) {
          isAwake = true;
          return;
        }
        const behind = connect(server.port, '127.0.0.1');
        client.pipe(behind).pipe(client);
        for (const [end, other] of [
          [client, behind],
          [behind, client],
        ] as const)
          end.on('error', () => {}).on('close', () => other.destroy());
      });
      const options = { ...short, transports: [transport], reconnectionDelay: 10_000 };
      return { url: proxy.url, options, close: closeAll(proxy, server) };
    },
  };
}

export const fault: Fault = {
  code: 'server-not-answering',
  places: ['node', 'chromium'],
  variants: {
    'black-hole': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, options: short, close };
      },
    },
    'black-hole-websocket': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, options: { ...short, transports: ['websocket'] }, close };
      },
    },
    // Up to 4.5 the client closes its WebSocket before it tells that its time is up, which is told as an error of that WebSocket in Node.
    'black-hole-websocket-client-4.5': blackHole('4.5'),
    'black-hole-websocket-client-4.0': blackHole('4.0'),
    'black-hole-websocket-client-3': blackHole('3'),
    'black-hole-defaults': {
      expect: { node: { details: { timeoutMs: 20_000 } }, chromium: { details: { timeoutMs: 20_000 } } },
      start: async () => {
        const { url, close } = await startTcp();
        return { url, limitMs: 60_000, close };
      },
    },
    'slow-handshake': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startSocketIo({
          options: {
            allowRequest: (_request: unknown, callback: (error: null, ok: boolean) => void) =>
              setTimeout(() => callback(null, true), 4_000),
          },
        });
        return { url, options: short, close };
      },
    },
    // The kernel still accepts connections for a process that is stopped.
    'process-stopped': {
      expect: expectShort,
      start: async () => {
        const server = await startSocketIoProcess();
        server.freeze();
        return { url: server.url, options: short, close: server.close };
      },
    },
    'wakes-up': wakesUp('polling', []),
    // So does http-proxy-middleware 0.17 to 3: it listens to upgrades from its first HTTP request on.
    'wakes-up-websocket': wakesUp('websocket', ['websocket-blocked']),
    'http-held-up': httpHeldUp('4'),
    'http-held-up-client-4.5': httpHeldUp('4.5'),
    'body-parser': bodyParser('4', '4'),
    'body-parser-client-4.5': bodyParser('4', '4.5'),
    'body-parser-server-3': bodyParser('3', '3'),
    // The poll is there first, and Engine.IO closes the session in it: the namespace, asked over WebSocket, answers.
    'body-parser-slow': {
      places: ['node', 'chromium', 'chromium-same'],
      expect: {
        node: { certainty: 'suspected', alternatives: ['namespace-not-answering'] },
        chromium: { certainty: 'suspected', alternatives: ['namespace-not-answering'] },
        'chromium-same': { certainty: 'suspected', alternatives: ['namespace-not-answering'] },
      },
      start: async () => {
        const { url, io, close } = await startSocketIo();
        readBodies(io.httpServer, { passAfterMs: 100 });
        return { url, options: { transports: ['polling'] }, close };
      },
    },
    // It begins to answer and never comes to an end, as what waits for the rest of an answer behind it.
    'never-ends': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', alternatives: ['response-altered'] } },
      start: async () => {
        const { url, close } = await startTcp((socket) =>
          socket.once('data', () =>
            socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n0{"sid":\r\n'),
          ),
        );
        return { url, options: short, close };
      },
    },
    'black-hole-client-2': {
      expect: expectShort,
      start: async () => {
        const { url, close } = await startTcp();
        return { url, client: '2', options: short, close };
      },
    },
    'hangs-up-late': hangsUpLate('polling'),
    'hangs-up-late-websocket': hangsUpLate('websocket'),
  },
};
