import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { listen } from './_kit/listen.js';

const load = createRequire(import.meta.url);
const suspected: Expectation = { certainty: 'suspected' };

/** Two servers on one HTTP server and one path; requests go to the one attached last, upgrades to both. */
function twice(first: string, second: string): FaultVariant {
  return {
    expect: { chromium: suspected },
    start: async () => {
      const http = createServer();
      const servers = [first, second].map((name) => {
        const { Server } = load(name);
        return new Server(http, { cors: { origin: true, credentials: true } });
      });
      // Two handlers that write into one connection make the socket throw in the server, too.
      http.on('upgrade', (_request, socket) => socket.on('error', () => {}));
      const listening = await listen(http);
      const engines = servers.map((io) => ({
        close: async () => {
          io.engine.close();
        },
      }));
      return { url: listening.url, options: {}, close: closeAll(...engines, listening) };
    },
  };
}

export const fault: Fault = {
  code: 'websocket-handled-twice',
  places: ['node', 'chromium'],
  variants: {
    'old-and-new': twice('socket.io-4.0', 'socket.io'),
    'new-and-old': twice('socket.io', 'socket.io-3'),
  },
};
