import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startForeignServer, words } from './_kit/foreign-server.js';
import type { PlainAnswer } from './_kit/http-server.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';

const short = { ...quickRetries, timeout: 3_000 };
const polling = { ...short, transports: ['polling'] };
const websocketOnly = { ...short, transports: ['websocket'] };

function variant(
  client: ClientVersion,
  version: ServerVersion,
  options: Record<string, unknown>,
  serverOptions: Record<string, unknown> = {},
): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({ version, options: serverOptions });
      return { url, client, options, close };
    },
  };
}

function foreign(handshake: PlainAnswer): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startForeignServer({ handshake });
      return { url, client: '2', options: quickRetries, close };
    },
  };
}

export const fault: Fault = {
  code: 'version-client-too-old',
  places: ['node', 'chromium'],
  variants: {
    'python-server': foreign(words.pythonVersion),
    'rust-server': { ...foreign(words.rustVersion), places: ['node'] },
    '2-on-4': { ...variant('2', '4', {}), places: ['node', 'chromium', 'chromium-same'] },
    '2-on-4-no-cors': variant('2', '4', short, { cors: undefined }),
    '2-on-4-polling': variant('2', '4', polling),
    '2-on-4-websocket': variant('2', '4', websocketOnly),
    '2-on-4.0': variant('2', '4.0', short),
    '2-on-4.0-websocket': variant('2', '4.0', websocketOnly),
    '2-on-3': variant('2', '3', short),
    '2-on-3-websocket': variant('2', '3', websocketOnly),
    '1-on-4': variant('1', '4', short),
    '1-on-4-websocket': variant('1', '4', websocketOnly),
    '1-on-3-polling': variant('1', '3', polling),
    '1-on-3-websocket': variant('1', '3', websocketOnly),
    // Without WebSocket, and its refusal of Engine.IO 3 has no CORS headers.
    '2-on-python-threads': {
      start: async () => {
        const { url, close } = await startPython({ server: 'threads' });
        return { url, client: '2', options: short, close };
      },
    },
    '2-on-python-websocket': {
      start: async () => {
        const { url, close } = await startPython();
        return { url, client: '2', options: websocketOnly, close };
      },
    },
  },
};
