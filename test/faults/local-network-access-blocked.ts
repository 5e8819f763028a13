import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** Nobody tells the page that it was the browser who refused, so an address at which nobody answers looks the same. */
const suspected: Expectation = { certainty: 'suspected', alternatives: ['localhost-from-elsewhere'] };

/** Firefox leaves the requests without an answer while it waits for its user. */
const inFirefox: Expectation = { certainty: 'suspected' };

/** A healthy server on this machine, and a page from the internet that lacks the permission to reach it. */
function variant(pageUrl: string, options: Record<string, unknown> = {}, client: '2' | '4' = '4'): FaultVariant {
  return {
    // The page of Firefox is really served, which it is without TLS.
    ...(pageUrl.startsWith('http:') && { engines: ['chromium', 'firefox'] }),
    expect: { chromium: suspected, firefox: inFirefox },
    start: async () => {
      const { url, close } = await startSocketIo({ options: { allowEIO3: true } });
      return {
        url,
        options: { ...quickRetries, timeout: 3_000, ...options },
        client,
        pageUrl,
        guardsLocalNetwork: true,
        close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'local-network-access-blocked',
  places: ['chromium'],
  // WebKit holds nothing back.
  engines: ['chromium'],
  variants: {
    'secure-page': variant('https://app.example.com'),
    'insecure-page': variant('http://app.example.com'),
    'page-in-local-network': variant('http://192.168.1.20:5173'),
    'websocket-only': variant('https://app.example.com', { transports: ['websocket'] }),
    'client-2': variant('https://app.example.com', {}, '2'),
    'insecure-page-websocket-only': variant('http://app.example.com', { transports: ['websocket'] }),
    'insecure-page-client-2': variant('http://app.example.com', {}, '2'),
    // No such address: a page of that kind is refused before anybody could answer.
    'private-address': {
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => ({
        url: 'http://192.168.255.254:3000',
        options: quickRetries,
        pageUrl: 'http://app.example.com',
        close: async () => {},
      }),
    },
  },
};
