import type { Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** The test page needs its inline scripts; where it may connect to is what is broken. */
function policy(
  connect: (origin: string) => string,
  transport: 'polling' | 'websocket',
  options: Record<string, unknown> = {},
): FaultVariant {
  return {
    expect: { chromium: { details: { transport } } },
    start: async () => {
      const { url, close } = await startSocketIo();
      return {
        url,
        options: { ...quickRetries, timeout: 3_000, ...options },
        pageHeaders: { 'content-security-policy': `script-src 'unsafe-inline' 'unsafe-eval'; ${connect(url)}` },
        close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'csp-blocked',
  places: ['chromium'],
  variants: {
    'connect-src': policy(() => "connect-src 'self'", 'polling'),
    'default-src': policy(() => "default-src 'self'", 'polling', { transports: ['polling'] }),
    'websocket-only': policy(() => "connect-src 'self'", 'websocket', { transports: ['websocket'] }),
    'meta-element': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return {
          url,
          options: quickRetries,
          makeOptions: () => {
            const meta = document.createElement('meta');
            meta.httpEquiv = 'Content-Security-Policy';
            meta.content = "connect-src 'self'";
            document.head.append(meta);
            return {};
          },
          close,
        };
      },
    },
    ipv6: {
      start: async () => ({
        url: `http://[::1]:${await freePort()}`,
        options: quickRetries,
        pageHeaders: { 'content-security-policy': "script-src 'unsafe-inline' 'unsafe-eval'; connect-src 'self'" },
        close: async () => {},
      }),
    },
    // What the policy allows covers HTTP and forgets WebSocket.
    'upgrade-only': policy((origin) => `connect-src ${origin}`, 'websocket'),
  },
};
