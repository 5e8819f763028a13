import type { Expectation, Fault, RunningFault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';

const suspected: Expectation = { certainty: 'suspected' };
/** When it is first told, it may be a function that is only slow. */
const soon = { node: suspected, chromium: suspected, 'chromium-same': suspected };

function variant(running: Partial<RunningFault>, setup: SocketIoSetup = {}) {
  return {
    expect: soon,
    start: async () => {
      const { url, close } = await startSocketIo(setup);
      return { options: quickRetries, ...running, url: url + (running.url ?? ''), close };
    },
  };
}

const closedTwice: RunningFault['enough'] = ({ timeline }) =>
  timeline.signals.filter(({ kind }) => kind === 'disconnected').length >= 2;
const never = () => ({ auth: () => {} });

export const fault: Fault = {
  code: 'auth-callback-hanging',
  places: ['node'],
  variants: {
    'never-called': { ...variant({ makeOptions: never }), places: ['node', 'chromium', 'chromium-same'] },
    'for-long': {
      ...variant({ makeOptions: never, enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed' }),
      expect: {},
      places: ['node', 'chromium'],
    },
    // It was written for `auth: async () => token`: what it returns is ignored.
    'returns-promise': variant({ makeOptions: () => ({ auth: async () => ({ token: 'abc' }) }) }),
    'websocket-only': variant({ makeOptions: never, options: { transports: ['websocket'] } }),
    'custom-namespace': variant({ makeOptions: never, url: '/chat' }, { setup: (io) => void io.of('/chat') }),
    // One close may have other reasons: the second one settles it.
    'short-connect-timeout': {
      ...variant({ makeOptions: never, enough: closedTwice }, { options: { connectTimeout: 1_500 } }),
      expect: {},
    },
    // The server gave the first connection up; what the function does then goes into the second one.
    'called-late': {
      ...variant(
        {
          makeOptions: () => {
            let calls = 0;
            return {
              auth: (done: (data: object) => void) => {
                calls += 1;
                setTimeout(() => done({ token: 'abc' }), calls > 1 ? 10 : 2_200);
              },
            };
          },
          enough: ({ timeline }) => timeline.signals.filter(({ kind }) => kind === 'engine-closed').length >= 2,
        },
        { options: { connectTimeout: 1_500 } },
      ),
      expect: { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } },
      places: ['node', 'chromium'],
    },
    // Both end a Node process unless the app catches them.
    throws: {
      ...variant({
        makeOptions: () => ({
          auth: () => {
            throw new Error('no session');
          },
        }),
        mayThrow: true,
      }),
      places: ['chromium'],
    },
    'rejected-promise': {
      ...variant({ makeOptions: () => ({ auth: () => Promise.reject(new Error('no session')) }), mayThrow: true }),
      places: ['chromium'],
    },
    'client-min': { ...variant({ makeOptions: never, client: '4-min' }), places: ['chromium'] },
    'client-4.5': variant({ makeOptions: never, client: '4.5' }),
    'client-4.0': variant({ makeOptions: never, client: '4.0' }, { version: '4.0' }),
    'client-3': variant({ makeOptions: never, client: '3' }, { version: '3' }),
  },
};
