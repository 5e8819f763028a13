import type { IncomingMessage } from 'node:http';
import { closeAll } from './_kit/close-all.js';
import { startEngineStandIn } from './_kit/engine-stand-in.js';
import type { Expectation, Fault, RunningFault } from './_kit/fault.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** It is told under this name, but not known: such a server has none of the transports. */
const unsure: Expectation = { certainty: 'suspected' };
const unsureOfAll: Expectation = { ...unsure, best: true, details: { transport: 'polling', none: true } };

/** WebSocket works, and what asks over HTTP is treated like this. */
async function withoutPolling(
  treat: (request: IncomingMessage) => void,
  options: Readonly<Record<string, unknown>> = {},
): Promise<RunningFault> {
  const server = await startSocketIo();
  const intercept = (request: IncomingMessage) => {
    treat(request);
    return true;
  };
  const proxy = await startReverseProxy({ target: server.port, intercept });
  return { url: proxy.url, options: { ...quickRetries, ...options }, close: closeAll(proxy, server) };
}

export const fault: Fault = {
  code: 'transport-not-enabled',
  places: ['node', 'chromium'],
  variants: {
    'polling-on-websocket-server': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['websocket'] } });
        return { url, options: quickRetries, close };
      },
    },
    'websocket-on-polling-server': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['polling'] } });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    'polling-on-websocket-server-4.0': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startSocketIo({ version: '4.0', options: { transports: ['websocket'] } });
        return { url, options: quickRetries, client: '4.0', close };
      },
    },
    // A server in another language that has WebSocket alone: its HTTP side is that of a WebSocket library.
    'polling-on-other-library': {
      places: ['node', 'chromium', 'chromium-same'],
      expect: { node: unsure, chromium: { within: 'cors-origin-not-allowed' }, 'chromium-same': unsure },
      start: async () => {
        const { url, close } = await startEngineStandIn(() => ['40{"sid":"socket"}']);
        return { url, options: quickRetries, close };
      },
    },
    // It takes WebSockets and hangs up on whoever asks for something else.
    'polling-hung-up-on': {
      expect: { node: unsure, chromium: unsure },
      start: () => withoutPolling((request) => void request.socket.destroy()),
    },
    // It leaves everything else without an answer.
    'polling-unanswered': {
      places: ['node'],
      expect: { node: { within: 'server-not-answering' } },
      start: () => withoutPolling(() => {}, { timeout: 1_500 }),
    },
    // A proxy drops the query string: the server never hears which transport is meant.
    'query-stripped': {
      places: ['node', 'chromium', 'chromium-same'],
      expect: { node: unsureOfAll, chromium: unsureOfAll, 'chromium-same': unsureOfAll },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          rewrite: (path) => path.replace(/\?.*/, ''),
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    'websocket-on-python-threads': {
      start: async () => {
        const { url, close } = await startPython({ server: 'threads' });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
  },
};
