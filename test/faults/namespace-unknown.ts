import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startPython } from './_kit/python-server.js';
import { type ServerVersion, startSocketIo } from './_kit/socketio-server.js';

function variant(
  namespace: string,
  options: Record<string, unknown> = {},
  versions: { server?: ServerVersion; client?: ClientVersion } = {},
): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({ version: versions.server ?? '4' });
      return { url: `${url}${namespace}`, options, client: versions.client ?? '4', close };
    },
  };
}

function inWords(message: string, version: '2' | '4' = '4'): FaultVariant {
  const expect = { certainty: 'suspected', alternatives: ['middleware-rejected'] } as const;
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const { url, close } = await startSocketIo({
        version,
        setup: (io) => io.of('/chat').use((_socket, next) => next(new Error(message))),
      });
      return { url: `${url}/chat`, client: version, close };
    },
  };
}

export const fault: Fault = {
  code: 'namespace-unknown',
  places: ['node', 'chromium'],
  variants: {
    chat: variant('/chat'),
    'looks-like-path': {
      ...variant('/api/v1/socket.io'),
      expect: { node: { details: { looksLikePath: true } }, chromium: { details: { looksLikePath: true } } },
    },
    websocket: variant('/chat', { transports: ['websocket'] }),
    'client-3': variant('/chat', {}, { server: '3', client: '3' }),
    'client-2': variant('/chat', {}, { server: '2', client: '2' }),
    'client-1': variant('/chat', {}, { server: '1', client: '1' }),
    // Other servers have words of their own, and so has an app that looks namespaces up in a middleware.
    'own-words': inWords('Namespace not found'),
    'own-words-client-2': inWords('UNKNOWN NAMESPACE /chat', '2'),
    // It says "Unable to connect" to whatever it does not serve.
    python: {
      expect: {
        node: { certainty: 'suspected', best: true, alternatives: ['middleware-rejected'] },
        chromium: { certainty: 'suspected', best: true, alternatives: ['middleware-rejected'] },
      },
      start: async () => {
        const { url, close } = await startPython();
        return { url: `${url}/chat`, close };
      },
    },
  },
};
