import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** Neither the page nor the server has to exist: the browser refuses before it looks for them. */
function variant(options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => ({
      url: 'http://api.example:3000',
      options: { ...quickRetries, timeout: 3_000, ...options },
      pageUrl: 'https://app.example',
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'mixed-content-blocked',
  places: ['chromium'],
  variants: {
    defaults: variant({}),
    'websocket-only': variant({ transports: ['websocket'] }),
    'polling-only': variant({ transports: ['polling'] }),
    // A server on the own machine is there for Chromium and Firefox.
    'own-machine': {
      engines: ['webkit'],
      expect: { webkit: { certainty: 'suspected', alternatives: ['localhost-from-elsewhere'] } },
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url, options: quickRetries, pageUrl: 'https://app.example.com', close };
      },
    },
  },
};
