import { isDevelopment, warn } from './console.js';
import { gzip } from './gzip.js';
import { lacksGlobal } from './lacks-global.js';
import { nodeHttp } from './node-http.js';
import { nodeWebSocket } from './node-websocket.js';
import type { ProbingRuntime } from './runtime.js';
import { systemErrorCode } from './system-error-code.js';
import { timeOrderedUuid } from './time-ordered-uuid.js';

/** The longest interval that Node accepts without a warning. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** The runtime of Node processes. Neither its timers nor its sockets keep the process alive. */
export function nodeRuntime(): ProbingRuntime {
  const clock = {
    delay(callback: () => void, ms: number) {
      const timer = setTimeout(callback, ms);
      // A number if a test environment has replaced them with the timers of pages.
      timer.unref?.();
      return () => clearTimeout(timer);
    },
    monotonicMs: () => performance.now(),
    now: () => Date.now(),
  };
  return {
    kind: 'node',
    engine: 'node',
    engineVersion: process.versions.node.split('.')[0],
    page: undefined,
    ...clock,
    random: () => Math.random(),
    uuid: timeOrderedUuid,
    lacks: lacksGlobal,
    systemErrorCode,
    isOnline: () => undefined,
    isHidden: () => false,
    savesData: () => false,
    networkType: () => undefined,
    observePage: () => () => {},
    ...nodeHttp(clock),
    openWebSocket: nodeWebSocket(clock),
    gzip,
    permission: async () => undefined,
    beacon: () => false,
    storage: undefined,
    exclusive: (_name, task) => task(),
    warn,
    isDevelopment,
    holdProcess() {
      const timer = setInterval(() => {}, MAX_INTERVAL_MS);
      return () => clearInterval(timer);
    },
  };
}
