import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, Place } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

interface Given {
  readonly client?: ClientVersion;
  readonly places?: readonly Place[];
  readonly options?: object;
}

/** Nobody is at the address that the client makes of it. */
function flawed(
  part: string,
  makeUrl: (port: number) => string,
  { client = '4', places, options }: Given = {},
): FaultVariant {
  return {
    ...(places && { places }),
    expect: {
      node: { details: { part } },
      chromium: { details: { part } },
      'react-native': { details: { part } },
    },
    start: async () => ({
      url: makeUrl(await freePort()),
      client,
      options: { ...quickRetries, ...options },
      close: async () => {},
    }),
  };
}

/** The server is there and reached: what follows its port is what is wrong. */
function withTail(tail: string, client: ClientVersion = '4', options: object = {}, part = 'namespace'): FaultVariant {
  const details = { part };
  return {
    // The status of a WebSocket that was refused is hidden from a page.
    expect: {
      node: { details },
      chromium: part === 'query' && 'transports' in options ? { certainty: 'suspected', best: true } : { details },
    },
    start: async () => {
      const { url, close } = await startSocketIo({ version: client === '2' ? '2' : '4' });
      return { url: `${url}${tail}`, client, options: { ...quickRetries, ...options }, close };
    },
  };
}

const websocket = { transports: ['websocket'], timeout: 2_000 };
const inNode: Given = { places: ['node'] };

export const fault: Fault = {
  code: 'url-malformed',
  places: ['node', 'chromium'],
  variants: {
    'no-scheme': flawed('scheme', (port) => `localhost:${port}`, { places: ['node', 'react-native'] }),
    'no-scheme-client-2': flawed('scheme', (port) => `localhost:${port}`, { ...inNode, client: '2' }),
    'no-slashes': flawed('scheme', (port) => `http:localhost:${port}`),
    'one-slash': flawed('scheme', (port) => `https:/localhost:${port}`),
    'no-colon-client-2': flawed('scheme', (port) => `ws//localhost:${port}`, { client: '2' }),
    'scheme-twice': flawed('scheme', (port) => `http://http://localhost:${port}`),
    'scheme-twice-websocket': flawed('scheme', (port) => `http://http://localhost:${port}`, { options: websocket }),
    'variable-undefined': flawed('host', () => 'http://undefined:3000'),
    'object-client-4.0': flawed('host', () => 'http://[object Object]', { client: '4.0' }),
    'object-websocket': flawed('host', () => 'http://[object Object]', { options: websocket }),
    'placeholder-websocket': flawed('host', () => `https://\${API_HOST}`, { options: websocket }),
    'placeholder-client-2': flawed('host', () => 'https://%API_HOST%', { client: '2' }),
    'space-in-host': flawed('host', (port) => `http://local host:${port}`),
    'port-undefined': flawed('port', () => 'http://localhost:undefined'),
    'port-too-large': flawed('port', () => 'http://localhost:70000'),
    'port-too-large-client-2': flawed('port', () => 'http://localhost:70000', { client: '2' }),
    'port-too-large-websocket': flawed('port', () => 'http://localhost:70000', { options: websocket }),
    'no-brackets': flawed('port', (port) => `http://::1:${port}`),
    'session-in-query': withTail('', '4', { query: { sid: 'mine' } }, 'query'),
    'session-in-url-client-2': withTail('/?sid=mine', '2', websocket, 'query'),
    'trailing-quote': withTail('"'),
    'trailing-space-client-2': withTail(' ', '2'),
    'trailing-semicolon-client-4.5': withTail(';', '4.5'),
    'second-port-websocket': withTail(':3000', '4', websocket),
  },
};
