import type { WebSocket } from 'ws';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startWebSocket } from './_kit/websocket-server.js';

const short = { ...quickRetries, timeout: 3_000 };
const websocketOnly = { ...short, transports: ['websocket'] };

const silent = () => {};
const echo = (socket: WebSocket) => socket.on('message', (data) => socket.send(String(data)));
const greeting = (socket: WebSocket) => socket.send('{"type":"connection_ack"}');

const refuse = (socket: WebSocket) => setTimeout(() => socket.close(4401, 'unauthorized'), 200);
const suspected: Expectation = { certainty: 'suspected' };
const refused: FaultVariant['expect'] = { node: suspected, chromium: suspected };

function variant(onConnection: (socket: WebSocket) => void, options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startWebSocket(onConnection);
      return { url, options, close };
    },
  };
}

/** Something that swallows frames looks the same to a page that may not read what the server says over HTTP. */
const swallowed: FaultVariant['expect'] = { chromium: { certainty: 'suspected', alternatives: ['websocket-blocked'] } };

export const fault: Fault = {
  code: 'server-plain-websocket',
  places: ['node', 'chromium'],
  variants: {
    silent: variant(silent, {}),
    echo: variant(echo, short),
    greeting: variant(greeting, short),
    'silent-websocket': { ...variant(silent, websocketOnly), expect: swallowed },
    'echo-websocket': { ...variant(echo, websocketOnly), expect: swallowed },
    'greeting-websocket': variant(greeting, websocketOnly),
    // It waits for its own first message, or misses a token. A gateway in front may refuse in this way, too.
    'closes-4401': { ...variant(refuse, short), expect: refused },
    'closes-4401-websocket': { ...variant(refuse, websocketOnly), expect: refused },
  },
};
