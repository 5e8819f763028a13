import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, Place } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';

function variant(
  options: object,
  told: Readonly<Record<string, string>>,
  {
    client = '4',
    places = ['node', 'chromium'],
    query = '',
  }: { client?: ClientVersion; places?: Place[]; query?: string } = {},
): FaultVariant {
  const details = { options: Object.entries(told).map(([name, reason]) => ({ name, reason })) };
  return {
    places,
    expect: { node: { details }, chromium: { details } },
    start: async () => {
      const { url, close } = await startLintServer();
      return { url: url + query, options: { ...options }, client, diagnostics: { lint: true }, close };
    },
  };
}

const page: { places: Place[] } = { places: ['chromium'] };

export const fault: Fault = {
  code: 'option-without-effect',
  places: ['node', 'chromium'],
  variants: {
    'headers-of-a-websocket': variant(
      { transports: ['websocket'], extraHeaders: { authorization: 'Bearer abc' } },
      { extraHeaders: 'websocket-has-no-headers' },
      page,
    ),
    'headers-client-2': variant(
      { extraHeaders: { 'x-app': '1' } },
      { extraHeaders: 'client-too-old' },
      { ...page, client: '2' },
    ),
    'tls-in-a-page': variant({ rejectUnauthorized: false }, { rejectUnauthorized: 'browser-decides-tls' }, page),
    'credentials-of-a-websocket': variant(
      { transports: ['websocket'], withCredentials: true },
      { withCredentials: 'websocket-always-sends-cookies' },
      { ...page, client: '4.5' },
    ),
    'upgrade-of-polling-only': variant(
      { transports: ['polling'], upgrade: true },
      { upgrade: 'no-websocket' },
      { client: '3' },
    ),
    'remembered-websocket-only': variant(
      { transports: ['websocket'], rememberUpgrade: true },
      { rememberUpgrade: 'nothing-to-upgrade' },
    ),
    'delay-above-the-default-maximum': variant(
      { reconnectionDelay: 10_000 },
      { reconnectionDelay: 'above-the-maximum' },
    ),
    'delay-above-the-maximum-client-2': variant(
      { reconnectionDelay: 3_000, reconnectionDelayMax: 2_000 },
      { reconnectionDelay: 'above-the-maximum' },
      { client: '2' },
    ),
    'no-attempts': variant(
      { reconnectionAttempts: 0 },
      { reconnectionAttempts: 'zero-is-the-default' },
      { client: '4.0' },
    ),
    'query-twice': variant({ query: { room: 'a' } }, { query: 'url-decides' }, { query: '/?token=b' }),
    'secure-beside-http': variant({ secure: true }, { secure: 'url-decides' }),
    'auth-client-2': variant({ auth: { token: 'abc' } }, { auth: 'client-too-old' }, { client: '2' }),
    'retries-client-4.5': variant(
      { retries: 3, ackTimeout: 1_000 },
      { ackTimeout: 'client-too-old', retries: 'client-too-old' },
      { client: '4.5' },
    ),
  },
};
