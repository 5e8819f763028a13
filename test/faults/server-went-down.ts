import type { Incident } from '../../src/incidents/incident.js';
import type { Fault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIoProcess } from './_kit/socketio-process.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** The first reconnection was tried too: only then a dead server differs from a cut connection. */
const retried = ({ failedAttempts }: Incident) => failedAttempts > 0;

export const fault: Fault = {
  code: 'server-went-down',
  places: ['node', 'chromium'],
  variants: {
    killed: {
      places: ['node', 'chromium', 'chromium-same'],
      start: async () => {
        const server = await startSocketIoProcess();
        return { url: server.url, trigger: () => server.kill('SIGKILL'), enough: retried, close: server.close };
      },
    },
    'killed-polling': {
      start: async () => {
        const server = await startSocketIoProcess();
        return {
          url: server.url,
          options: { ...quickRetries, transports: ['polling'] },
          trigger: () => server.kill('SIGKILL'),
          enough: retried,
          close: server.close,
        };
      },
    },
    // This version reports HTTP status 503 for a poll that was cut, in Node.
    'killed-polling-client-4.0': {
      places: ['node'],
      start: async () => {
        const server = await startSocketIoProcess({ version: '4.0' });
        return {
          url: server.url,
          client: '4.0',
          options: { ...quickRetries, transports: ['polling'] },
          trigger: () => server.kill('SIGKILL'),
          enough: retried,
          close: server.close,
        };
      },
    },
    // Its HTTP side lives on, and only new WebSockets are refused.
    'engine-closed': {
      places: ['node', 'chromium'],
      expect: {
        node: { certainty: 'suspected', alternatives: ['websocket-blocked'], also: ['server-closed-connection'] },
        // Engine.IO is what refuses, which two handlers of one upgrade do as well.
        chromium: { certainty: 'suspected', alternatives: ['websocket-blocked'], also: ['server-closed-connection'] },
      },
      start: async () => {
        const { url, io, close } = await startSocketIo();
        return {
          url,
          options: quickRetries,
          trigger: async () => void io.engine.close(),
          enough: ({ phase }) => phase === 'upgrade',
          close,
        };
      },
    },
    // It refuses upgrades while it goes down, and is gone when it is asked about that.
    'while-upgrading': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const { url, io, close } = await startSocketIo();
        let asked = 0;
        io.httpServer.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
          asked += 1;
          if (asked === 1) socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
          else void close();
        });
        return { url, options: quickRetries, enough: retried, close };
      },
    },
    stopped: {
      // It closes what it has and lives on for a moment: a client that is quick comes back to it first.
      expect: { node: { also: ['server-closed-connection'] }, chromium: { also: ['server-closed-connection'] } },
      start: async () => {
        const server = await startSocketIoProcess();
        return {
          url: server.url,
          options: quickRetries,
          trigger: () => server.kill('SIGTERM'),
          enough: retried,
          close: server.close,
        };
      },
    },
    'back-after-seconds': {
      start: async () => {
        const server = await startSocketIoProcess();
        return {
          url: server.url,
          options: quickRetries,
          trigger: async () => {
            await server.kill('SIGKILL');
            await new Promise((resolve) => setTimeout(resolve, 2_000));
            await server.restart();
          },
          enough: ({ status }) => status === 'resolved',
          close: server.close,
        };
      },
    },
    'killed-client-2': {
      start: async () => {
        const server = await startSocketIoProcess({ version: '2' });
        return {
          url: server.url,
          client: '2',
          options: quickRetries,
          trigger: () => server.kill('SIGKILL'),
          enough: retried,
          close: server.close,
        };
      },
    },
  },
};
