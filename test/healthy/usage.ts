import type { ClientVersion } from '../faults/_kit/client-version.js';
import type { Fault, FaultVariant, Place, RunningFault } from '../faults/_kit/fault.js';
import { startLintServer } from '../faults/_kit/lint-server.js';
import { quickRetries } from '../faults/_kit/quick-retries.js';

interface App {
  readonly client?: ClientVersion;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly places?: readonly Place[];
  /** Longer than the checks wait before they tell. */
  readonly holdMs?: number;
  readonly path?: string;
}

/** An app that is written well, with its use checked. */
function app(
  onCreate?: RunningFault['onCreate'],
  { client = '4', options = {}, places, holdMs = 2_500, path = '' }: App = {},
): FaultVariant {
  return {
    ...(places && { places }),
    start: async () => {
      const { url, close } = await startLintServer((io) => {
        io.of('/chat').on('connection', () => {});
        io.of('/slow').use((_socket, next) => setTimeout(next, 150));
        io.on('connection', (socket) => {
          socket.emit('welcome');
          socket.on('hello', (_value: unknown, reply: (value: string) => void) => reply('welcome'));
          socket.on('slow', (_value: unknown, reply: (value: string) => void) => setTimeout(reply, 1_800, 'done'));
        });
      });
      return {
        url: url + path,
        options: { ...quickRetries, ...options },
        client,
        diagnostics: { lint: true },
        ...(onCreate && { onCreate }),
        holdMs,
        close,
      };
    },
  };
}

/** Registered once, and reconnecting all the time. */
const registeredOnce: RunningFault['onCreate'] = (socket) => {
  socket.on('message', (text) => console.log(text));
  socket.on('connect', () => {
    setTimeout(() => socket.io.engine?.close(), 200);
  });
};

const offBeforeOn: RunningFault['onCreate'] = (socket) => {
  socket.on('connect', () => {
    socket.off('message');
    socket.on('message', (text) => console.log(text));
    setTimeout(() => socket.io.engine?.close(), 200);
  });
};

export const healthy: Fault = {
  code: 'usage',
  places: ['node', 'chromium'],
  variants: {
    'client-4': app(),
    'client-4.5': app(undefined, { client: '4.5' }),
    'client-4.0': app(undefined, { client: '4.0' }),
    'client-3': app(undefined, { client: '3' }),
    'client-2': app(undefined, { client: '2' }),
    namespace: app(undefined, { path: '/chat' }),
    'registered-once': app(registeredOnce),
    'registered-once-client-2': app(registeredOnce, { client: '2' }),
    'off-before-on': app(offBeforeOn),
    'off-before-on-client-3': app(offBeforeOn, { client: '3' }),
    'off-at-disconnect': app((socket) => {
      socket.on('connect', () => {
        socket.on('message', (text) => console.log(text));
        setTimeout(() => socket.io.engine?.close(), 200);
      });
      socket.on('disconnect', () => socket.off('message'));
    }),
    'once-for-each-connection': app((socket) => {
      const patient = socket as unknown as { once(event: string, listener: () => void): void };
      socket.on('connect', () => {
        patient.once('welcome', () => {});
        patient.once('never-sent', () => {});
        setTimeout(() => socket.io.engine?.close(), 200);
      });
    }),
    // Rows of a list listen with the same function text, and more of them are shown now and then.
    'rows-of-a-list': app((socket) => {
      const addRow = () => socket.on('update', (row) => console.log(row));
      addRow();
      addRow();
      setTimeout(addRow, 350);
      socket.on('connect', () => {
        setTimeout(() => socket.io.engine?.close(), 200);
      });
    }),
    // The same while the socket waits to be let in.
    'rows-while-connecting': app(
      (socket) => {
        const addRow = () => socket.on('update', (row) => console.log(row));
        addRow();
        addRow();
        let opened = 0;
        socket.io.on('open', () => {
          opened += 1;
          if (opened === 2) setTimeout(addRow, 0);
        });
        socket.on('connect', () => {
          setTimeout(() => socket.io.engine?.close(), 200);
        });
      },
      { path: '/slow' },
    ),
    // The development server replaces a module: it takes its listener off and puts the new one on.
    'hot-reload': app((socket) => {
      const load = () => {
        socket.off('message');
        socket.on('message', (text) => console.log(text));
      };
      load();
      for (const ms of [150, 350, 550]) setTimeout(load, ms);
      socket.on('connect', () => {
        setTimeout(() => socket.io.engine?.close(), 200);
      });
    }),
    'strict-mode-with-clean-up': app((_socket, { connect }) => {
      const mount = () => {
        const own = connect();
        return () => own.disconnect();
      };
      mount()();
      const unmount = mount();
      setTimeout(unmount, 300);
    }),
    'other-users-and-namespaces': app((_socket, { connect, url }) => {
      connect({ auth: { token: 'of somebody else' } });
      connect({ query: { room: 'another' } });
      connect({}, `${url}/chat`);
    }),
    'replaced-connection': app((socket, { connect }) => {
      const next = connect();
      next.on('connect', () => {
        setTimeout(() => socket.disconnect(), 400);
      });
    }),
    'opened-later-with-messages': app(
      (socket) => {
        socket.emit('hello', 1, () => {});
        setTimeout(() => socket.connect(), 900);
      },
      { options: { autoConnect: false } },
    ),
    'acknowledged-late': app((socket) => {
      socket.on('connect', () => {
        socket.emit('slow', 1, () => {});
        setTimeout(() => socket.emit('hello', 1, () => {}), 300);
      });
    }),
    // Nobody on the server knows this event: its acknowledgement is missing for another reason.
    'unknown-event-beside-known': app((socket) => {
      const patient = (socket as unknown as { timeout(ms: number): typeof socket }).timeout(300);
      socket.on('connect', () => {
        patient.emit('nobody-listens', 1, () => {});
        socket.emit('hello', 1, () => {});
      });
    }),
    'own-identity': app((socket) => {
      socket.on('connect', () => {
        socket.emit('join', { userId: '3f0c6f1a-8a6e-4f0f-9f57-5d3a1c2b7e10', near: `${socket.id}-x` });
      });
    }),
    'options-with-effect': app(undefined, {
      options: {
        autoConnect: true,
        forceNew: true,
        path: '/socket.io/',
        query: { room: 'a' },
        auth: { token: 'abc' },
        withCredentials: true,
        extraHeaders: { 'x-app': '1' },
        reconnection: true,
        reconnectionAttempts: 10,
        reconnectionDelay: 500,
        reconnectionDelayMax: 5_000,
        randomizationFactor: 0.3,
        timeout: 10_000,
        ackTimeout: 5_000,
        retries: 2,
        transports: ['polling', 'websocket'],
        upgrade: true,
        rememberUpgrade: true,
        timestampRequests: true,
        timestampParam: 't',
        closeOnBeforeunload: false,
        forceBase64: false,
      },
    }),
    'options-of-node': app(undefined, {
      places: ['node'],
      options: {
        transports: ['websocket'],
        extraHeaders: { authorization: 'Bearer abc' },
        rejectUnauthorized: false,
        perMessageDeflate: false,
      },
    }),
    'options-client-2': app(undefined, {
      client: '2',
      options: { query: { token: 'abc' }, jsonp: false, 'force new connection': true, reconnectionDelayMax: 2_000 },
    }),
  },
};
