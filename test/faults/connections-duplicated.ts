import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';

const suspected = { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } } as const;

function app(
  onCreate: RunningFault['onCreate'],
  { client = '4', options = {}, path = '' }: { client?: ClientVersion; options?: object; path?: string } = {},
): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer((io) => void io.of('/chat').on('connection', () => {}));
    return {
      url: url + path,
      options: { ...options },
      client,
      diagnostics: { lint: true },
      ...(onCreate && { onCreate }),
      close,
    };
  };
}

/** A component that renders three times and calls `io()` each time. */
const perRender: RunningFault['onCreate'] = (_socket, { connect }) => {
  const render = () => connect();
  for (const delayMs of [0, 100, 200]) setTimeout(render, delayMs);
};

/** StrictMode mounts twice, and the effect has no clean-up. */
const mountedTwice: RunningFault['onCreate'] = (_socket, { connect }) => {
  const effect = () => connect();
  effect();
  effect();
};

export const fault: Fault = {
  code: 'connections-duplicated',
  places: ['node', 'chromium'],
  variants: {
    'per-render': { start: app(perRender) },
    'strict-mode': { start: app(mountedTwice) },
    namespace: { start: app(mountedTwice, { path: '/chat' }) },
    'client-4.5': { start: app(perRender, { client: '4.5' }) },
    'client-4.0': { start: app(perRender, { client: '4.0' }) },
    'client-3': { start: app(perRender, { client: '3' }) },
    'client-2': { start: app(perRender, { client: '2' }) },
    'websocket-with-auth': {
      start: app(perRender, { options: { transports: ['websocket'], auth: { token: 'the same' } } }),
    },
    // Somebody who writes it down may want it.
    'force-new': { expect: suspected, start: app(perRender, { options: { forceNew: true } }) },
    'no-multiplexing': { expect: suspected, start: app(mountedTwice, { options: { multiplex: false } }) },
    // It may log in somebody else each time.
    'auth-function': {
      expect: suspected,
      start: app((_socket, { connect }) => {
        const effect = () => connect({ auth: (tell: (auth: object) => void) => tell({ token: 'abc' }) });
        effect();
        effect();
      }),
    },
    // Two modules that do not know of each other.
    'two-modules': {
      expect: suspected,
      start: app((_socket, { connect }) => {
        setTimeout(() => connect(), 100);
      }),
    },
  },
};
