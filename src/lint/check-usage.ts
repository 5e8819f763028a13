import type { Check, CheckedSocket, RunningCheck } from './checked-socket.js';
import { compareAcks } from './compare-acks.js';
import { countConnections } from './count-connections.js';
import { countListeners } from './count-listeners.js';
import { findSocketId } from './find-socket-id.js';
import { readOptions } from './read-options.js';
import { waitForOpening } from './wait-for-opening.js';

const checks: readonly Check[] = [
  readOptions,
  countListeners,
  countConnections,
  compareAcks,
  findSocketId,
  waitForOpening,
];

/** Starts every check on one socket. None of them wraps anything: they listen on the engine and look at the socket's own fields. */
export function checkUsage(checked: CheckedSocket): Required<RunningCheck> {
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      checked.onInternalError(error);
      return undefined;
    }
  };
  const running = checks.map((check) => attempt(() => check(checked)) ?? {});
  return {
    onEngine: (engine) => {
      for (const check of running) attempt(() => check.onEngine?.(engine));
    },
    onSignal: (signal) => {
      for (const check of running) attempt(() => check.onSignal?.(signal));
    },
    stop: () => {
      for (const check of running) attempt(() => check.stop?.());
    },
  };
}
