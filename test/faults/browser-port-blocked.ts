import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';

/** Whether something listens there makes no difference: the browser does not try. */
function at(port: number, options: Record<string, unknown> = {}): FaultVariant {
  return {
    start: async () => ({
      url: `http://127.0.0.1:${port}`,
      options: { ...quickRetries, timeout: 3_000, ...options },
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'browser-port-blocked',
  places: ['chromium'],
  variants: {
    x11: at(6000),
    'irc-websocket': at(6667, { transports: ['websocket'] }),
    sip: at(5060, { transports: ['polling'] }),
  },
};
