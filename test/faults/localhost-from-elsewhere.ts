import type { ClientVersion } from './_kit/client-version.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { quickRetries } from './_kit/quick-retries.js';

/** What the browser keeps the page from may be there. */
const heldBack: Expectation = { certainty: 'suspected', alternatives: ['local-network-access-blocked'] };

/** Nor does WebKit say what it takes for mixed content. */
const mixed: Expectation = { certainty: 'suspected', alternatives: ['mixed-content-blocked'] };

/** A page from anywhere, whose URL of the server was never changed from the one for development. */
function variant(
  host: string,
  pageUrl: string,
  {
    options = {},
    client = '4',
    isAllowed = false,
  }: { options?: object; client?: ClientVersion; isAllowed?: boolean } = {},
): FaultVariant {
  return {
    // Firefox cannot be given the permission from outside, and to WebKit the own machine is mixed content, too.
    ...(isAllowed
      ? { expect: { firefox: heldBack, webkit: mixed } }
      : { expect: { chromium: heldBack, webkit: pageUrl.startsWith('https:') ? mixed : {} } }),
    start: async () => ({
      url: `http://${host}:${await freePort()}`,
      options: { ...quickRetries, ...options },
      client,
      pageUrl,
      ...(isAllowed && { prepare: (control) => control.allowLocalNetwork() }),
      close: async () => {},
    }),
  };
}

/** Nobody on the phone listens there. */
function onPhone(os: 'android' | 'ios', client: ClientVersion = '4'): FaultVariant {
  return {
    places: ['react-native'],
    start: async () => ({
      url: `http://localhost:${await freePort()}`,
      options: quickRetries,
      client,
      platform: { os, permitsCleartext: true },
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'localhost-from-elsewhere',
  places: ['chromium'],
  variants: {
    'localhost-in-production': variant('localhost', 'https://app.example.com', { isAllowed: true }),
    'loopback-address': variant('127.0.0.1', 'https://app.example.com', {
      options: { transports: ['polling'] },
      isAllowed: true,
    }),
    'websocket-only': variant('localhost', 'https://app.example.com', {
      options: { transports: ['websocket'] },
      isAllowed: true,
    }),
    'client-2': variant('localhost', 'https://app.example.com', { client: '2', isAllowed: true }),
    'android-device': onPhone('android'),
    'ios-device': onPhone('ios'),
    'android-client-2': onPhone('android', '2'),
    'without-permission': variant('localhost', 'https://app.example.com'),
    'insecure-page-ipv6': variant('[::1]', 'http://app.example.com'),
    'page-in-local-network': variant('localhost', 'http://192.168.1.20:5173', { client: '3' }),
  },
};
