import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';

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
  },
};
