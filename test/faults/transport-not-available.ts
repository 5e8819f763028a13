import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** The server is fine: what is broken never reaches it. */
function variant(running: Partial<RunningFault>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options: quickRetries, ...running, close };
    },
  };
}

const emptyList = (client: ClientVersion) => variant({ client, options: { ...quickRetries, transports: [] } });
const nodeOnly = (running: Partial<RunningFault>): FaultVariant => ({ ...variant(running), places: ['node'] });

/** Node sends no header with a line break. */
const badHeader = { transportOptions: { websocket: { extraHeaders: { 'x-trace': 'a\nb' } } } };

function withClient2(options: object): FaultVariant {
  return {
    places: ['node'],
    start: async () => {
      const { url, close } = await startSocketIo({ version: '2' });
      return {
        url,
        client: '2',
        options: { ...options },
        makeOptions: () => ({ extraHeaders: { authorization: undefined } }),
        close,
      };
    },
  };
}

const refusedOption = { node: { details: { transport: 'polling', refused: 'option' } } };

/** Nothing is dialled: what OpenSSL is given it cannot read. */
function dialsTls(options: object, client: ClientVersion = '4'): FaultVariant {
  return {
    places: ['node'],
    expect: refusedOption,
    start: async () => ({
      url: `https://127.0.0.1:${await freePort()}`,
      client,
      options: { ...quickRetries, ...options },
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'transport-not-available',
  places: ['node', 'chromium'],
  variants: {
    'empty-list': emptyList('4'),
    'empty-list-client-3': { ...emptyList('3'), places: ['node'] },
    'empty-list-client-2': { ...emptyList('2'), places: ['node'] },
    'empty-list-client-1': { ...emptyList('1'), places: ['node'] },
    'webtransport-in-node': nodeOnly({ options: { transports: ['webtransport'] } }),
    'xhr-class-in-node': nodeOnly({ transportClasses: ['XHR'] }),
    // Node 22 has a WebSocket of its own.
    ...(globalThis.WebSocket === undefined && {
      'websocket-class-in-node': nodeOnly({ transportClasses: ['WebSocket'] }),
      'websocket-class-in-node-upgrade': nodeOnly({ transportClasses: ['NodeXHR', 'WebSocket'] }),
    }),
    // RFC 6455, section 4.1, does not allow such a subprotocol: the constructor throws, and the WebSocket itself is there.
    'subprotocol-invalid': {
      ...variant({ options: { ...quickRetries, transports: ['websocket'], protocols: ['a b'], timeout: 2_000 } }),
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
    },
    // Polling works, and what the constructor of the WebSocket throws is all that is told of the upgrade.
    'subprotocol-invalid-upgrade': {
      ...variant({ options: { ...quickRetries, protocols: ['a b'] } }),
      expect: {
        node: { certainty: 'suspected', best: true },
        chromium: { certainty: 'suspected', best: true },
      },
    },
    'header-invalid-upgrade': {
      ...nodeOnly({ options: badHeader }),
      expect: { node: { certainty: 'suspected', best: true } },
    },
    'header-invalid-upgrade-client-2': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', best: true } },
      start: async () => {
        const { url, close } = await startSocketIo({ version: '2' });
        return { url, client: '2', options: badHeader, close };
      },
    },
    // A token that is not there yet.
    'header-undefined': nodeOnly({ makeOptions: () => ({ extraHeaders: { authorization: undefined } }) }),
    'header-name-invalid': nodeOnly({ options: { ...quickRetries, extraHeaders: { 'my token': 'abc' } } }),
    'header-undefined-client-2': withClient2(quickRetries),
    // Nothing is told there but that the WebSocket was not made.
    'header-undefined-websocket-client-2': {
      ...withClient2({ ...quickRetries, transports: ['websocket'], timeout: 2_000 }),
      expect: { node: { certainty: 'suspected' } },
    },
    'agent-of-other-scheme': {
      ...nodeOnly({
        makeOptions: () => ({ agent: new (process.getBuiltinModule('node:https').Agent)() }),
      }),
      expect: refusedOption,
    },
    'key-unreadable': dialsTls({ key: 'none', cert: 'none' }),
    'ciphers-unknown-client-4.0': dialsTls({ ciphers: 'NO-SUCH-CIPHER' }, '4.0'),
    // As in the service worker of an extension. Clients up to 2.x go on with JSONP there.
    'no-xmlhttprequest': {
      ...variant({
        makeOptions: () => {
          delete (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest;
          return {};
        },
      }),
      places: ['chromium'],
    },
  },
};
