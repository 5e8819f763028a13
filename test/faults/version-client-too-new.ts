import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startForeignServer, words } from './_kit/foreign-server.js';
import type { PlainAnswer } from './_kit/http-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';

const polling = { ...quickRetries, transports: ['polling'] };
const websocketOnly = { ...quickRetries, transports: ['websocket'] };

function variant(client: ClientVersion, version: ServerVersion, options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({ version, options: { pingInterval: 2_000, pingTimeout: 3_000 } });
      return { url, client, options, close };
    },
  };
}

function foreign(handshake: PlainAnswer): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startForeignServer({ handshake });
      return { url, client: '4', options: quickRetries, close };
    },
  };
}

export const fault: Fault = {
  code: 'version-client-too-new',
  places: ['node', 'chromium'],
  variants: {
    'python-server': foreign(words.pythonVersion),
    'rust-server': { ...foreign(words.rustVersion), places: ['node'] },
    '4-on-2': { ...variant('4', '2', {}), places: ['node', 'chromium', 'chromium-same'] },
    '4-on-2-polling': variant('4', '2', polling),
    '4-on-2-websocket': variant('4', '2', websocketOnly),
    '4-on-1': variant('4', '1', quickRetries),
    '4-on-1-websocket': variant('4', '1', websocketOnly),
    '4.5-on-2': variant('4.5', '2', quickRetries),
    '4.0-on-2': variant('4.0', '2', quickRetries),
    '4.0-on-2-websocket': variant('4.0', '2', websocketOnly),
    '3-on-2': variant('3', '2', quickRetries),
    '3-on-1-websocket': variant('3', '1', websocketOnly),
  },
};
