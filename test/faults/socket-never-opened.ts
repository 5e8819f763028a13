import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';

function waiting(onCreate: RunningFault['onCreate'], client: ClientVersion = '4'): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer((io) => void io.of('/chat').on('connection', () => {}));
    return {
      url,
      options: { autoConnect: false },
      client,
      diagnostics: { lint: true },
      ...(onCreate && { onCreate }),
      limitMs: 80_000,
      close,
    };
  };
}

const emits: RunningFault['onCreate'] = (socket) => {
  socket.emit('hello', 1);
  socket.emit('hello', 2);
};

export const fault: Fault = {
  code: 'socket-never-opened',
  places: ['node', 'chromium'],
  variants: {
    'with-messages': { start: waiting(emits) },
    'client-4.5': { start: waiting(emits, '4.5') },
    'client-4.0': { start: waiting(emits, '4.0') },
    'client-3': { start: waiting(emits, '3') },
    'client-2': { start: waiting(emits, '2') },
  },
};
