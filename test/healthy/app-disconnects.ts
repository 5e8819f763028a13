import type { DrivenSocket } from '../faults/_kit/drive-client.js';
import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

const leaveNow = (socket: DrivenSocket) => void socket.disconnect();
const leaveSoon = (socket: DrivenSocket) => void setTimeout(() => socket.disconnect(), 500);
const leaveAndReturn = (socket: DrivenSocket) =>
  void setTimeout(() => {
    socket.disconnect();
    setTimeout(() => socket.connect(), 200);
  }, 500);

function variant(onConnect: (socket: DrivenSocket) => void, options: Record<string, unknown> = {}): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options, onConnect, close };
    },
  };
}

export const healthy: Fault = {
  code: 'app-disconnects',
  places: ['node', 'chromium'],
  variants: {
    'at-once': variant(leaveNow),
    later: variant(leaveSoon),
    'later-polling': variant(leaveSoon, { transports: ['polling'] }),
    'and-returns': variant(leaveAndReturn),
  },
};
