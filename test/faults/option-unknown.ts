import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';

const suspected = { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } } as const;

function given(options: object, client: ClientVersion = '4'): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer();
    return { url, options: { ...options }, client, diagnostics: { lint: true }, close };
  };
}

const told = (...options: readonly object[]) => ({
  node: { details: { options } },
  chromium: { details: { options } },
});

export const fault: Fault = {
  code: 'option-unknown',
  places: ['node', 'chromium'],
  variants: {
    misspelt: {
      expect: told({ name: 'reconectionAttempts', meant: 'reconnectionAttempts' }),
      start: given({ reconectionAttempts: 5 }),
    },
    'other-capitals': {
      expect: told({ name: 'autoconnect', meant: 'autoConnect' }),
      start: given({ autoconnect: true }, '3'),
    },
    'other-word': {
      expect: told({ name: 'headers', meant: 'extraHeaders' }, { name: 'transport', meant: 'transports' }),
      start: given({ headers: { 'x-app': '1' }, transport: ['websocket'] }, '4.5'),
    },
    'of-the-server': {
      expect: told({ name: 'cors', ofServer: true }, { name: 'pingTimeout', ofServer: true }),
      start: given({ cors: { origin: '*' }, pingTimeout: 60_000 }),
    },
    'of-client-0.9': {
      expect: told({ name: 'max reconnection attempts', meant: 'reconnectionAttempts' }),
      start: given({ 'max reconnection attempts': 10 }, '2'),
    },
    'client-4.0-not-yet-open': {
      expect: told({ name: 'withCredential', meant: 'withCredentials' }),
      start: async () => ({
        ...(await given({ autoConnect: false, withCredential: true }, '4.0')()),
        onCreate: (socket) => void setTimeout(() => socket.connect(), 200),
      }),
    },
    // It may be the app's own.
    'nothing-like-it': { expect: suspected, start: given({ myAppFeatureFlag: true }) },
  },
};
