import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startTcpProxy } from './_kit/tcp-proxy.js';

// Ping timeouts stay as roomy as real ones relative to the interval; the defaults would take 45 s to run out.
const beat = { pingInterval: 500, pingTimeout: 6_000 };

/** The server may have closed for a reason of its own at that very moment. */
const unheard: Expectation = { certainty: 'suspected', alternatives: ['server-closed-connection'] };

export const fault: Fault = {
  code: 'heartbeat-lost',
  places: ['node', 'chromium'],
  variants: {
    'server-stalled': {
      start: async () => {
        const server = await startSocketIoProcess({ options: beat });
        return {
          url: server.url,
          options: { ...quickRetries, timeout: 2_000 },
          trigger: async () => server.freeze(),
          enough: ({ failedAttempts }) => failedAttempts > 0,
          close: server.close,
        };
      },
    },
    'server-stalled-briefly': {
      start: async () => {
        const server = await startSocketIoProcess({ options: beat });
        return {
          url: server.url,
          trigger: async () => {
            server.freeze();
            await new Promise((resolve) => setTimeout(resolve, 7_500));
            server.thaw();
          },
          enough: ({ status }) => status === 'resolved',
          close: server.close,
        };
      },
    },
    'path-dead': {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const server = await startSocketIo({ options: beat });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          // A browser tries its idle connections first, which are just as dead, each until the client's timeout (20 s by default).
          options: { timeout: 2_000 },
          trigger: async () => proxy.mute(),
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    'path-dead-polling': {
      start: async () => {
        const server = await startSocketIo({ options: { ...beat, pingInterval: 2_000 } });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          // Long enough for the next poll to be under way, much shorter than the ping interval that would end it.
          trigger: async () => {
            await new Promise((resolve) => setTimeout(resolve, 200));
            proxy.mute();
          },
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    // The server hears nothing of the client any more, not even its answers to the heartbeat, and closes.
    'answers-lost': {
      expect: { node: unheard, chromium: unheard },
      start: async () => {
        const server = await startSocketIo({ options: { pingInterval: 500, pingTimeout: 3_000 } });
        const proxy = await startReverseProxy({
          target: server.port,
          // The answer to a closing frame passes: without it browsers wait for the end of the connection.
          toServer: (bytes, turn) => (turn < 3 || bytes[0] === 0x88 ? bytes : undefined),
        });
        return {
          url: proxy.url,
          options: quickRetries,
          trigger: async () => {},
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    // Over polling: POST requests get lost, all but the first, which connects.
    'answers-lost-polling': {
      expect: { node: unheard, chromium: unheard },
      start: async () => {
        const server = await startSocketIo({ options: { pingInterval: 500, pingTimeout: 3_000 } });
        const posted = new Set<string>();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method, url = '' }) => {
            const sid = new URLSearchParams(url).get('sid');
            if (method !== 'POST' || !sid) return false;
            const isLost = posted.has(sid);
            posted.add(sid);
            return isLost;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
    // Something in between holds the answers to polls back, the one that connects as well.
    'polls-held-back': {
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo({ options: beat });
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method, url = '' }) => method === 'GET' && url.includes('sid='),
        });
        const options = { ...quickRetries, transports: ['polling'] };
        return { url: proxy.url, options, close: closeAll(proxy, server) };
      },
    },
    'path-dead-client-2': {
      start: async () => {
        const server = await startSocketIo({ version: '2', options: beat });
        const proxy = await startTcpProxy(server.port);
        return {
          url: proxy.url,
          client: '2',
          options: { ...quickRetries, timeout: 2_000 },
          trigger: async () => proxy.mute(),
          enough: ({ status }) => status === 'resolved',
          close: closeAll(proxy, server),
        };
      },
    },
  },
};
