import type { ClientEngine, ClientManager } from './client-shapes.js';
import { listen, type OnInternalError } from './listen.js';

export interface ManagerTapListener {
  /** A new engine exists; called in the moment of its creation wherever the accessor could be placed. */
  onEngine(engine: ClientEngine): void;
  onReconnectFailed(): void;
  /** Something happened on the Manager: a good moment to see whether the listeners on its sockets are still there. */
  onActivity(): void;
}

/**
 * Sees every engine that a Manager creates. Each `open()` assigns `manager.engine`, whatever called it, so an accessor on the instance
 * misses none (measured on 1.7 to 4.8). Where the property cannot be redefined, Manager events are used: they miss the handshake
 * after a manual `connect()` in 3.x and 4.x.
 *
 * @returns what removes the listeners and puts the property back
 */
export function tapManager(
  manager: ClientManager,
  tap: ManagerTapListener,
  onInternalError: OnInternalError,
): () => void {
  let current: ClientEngine | undefined;
  let isStopped = false;
  const see = (engine: ClientEngine | undefined) => {
    if (isStopped || !engine || engine === current) return;
    current = engine;
    try {
      tap.onEngine(engine);
    } catch (error) {
      onInternalError(error);
    }
  };
  const restore = placeAccessor(manager, see);
  const seeNow = () => {
    see(manager.engine);
    tap.onActivity();
  };
  const seeSoon = () => {
    try {
      if (!isStopped) seeNow();
    } catch (error) {
      onInternalError(error);
    }
  };
  const listenings = [
    listen(manager, 'reconnect_attempt', () => Promise.resolve().then(seeSoon), onInternalError),
    listen(manager, 'open', seeNow, onInternalError),
    listen(manager, 'close', seeNow, onInternalError),
    listen(manager, 'reconnect_failed', () => tap.onReconnectFailed(), onInternalError),
  ];
  see(manager.engine);
  return () => {
    isStopped = true;
    for (const listening of listenings) listening.stop();
    restore();
  };
}

function placeAccessor(manager: ClientManager, see: (engine: ClientEngine | undefined) => void): () => void {
  const before = Object.getOwnPropertyDescriptor(manager, 'engine');
  let engine = manager.engine;
  const get = () => (before?.get ? before.get.call(manager) : engine);
  const set = (next: ClientEngine) => {
    if (before?.set) before.set.call(manager, next);
    engine = next;
    see(next);
  };
  try {
    Object.defineProperty(manager, 'engine', { configurable: true, enumerable: before?.enumerable ?? true, get, set });
  } catch {
    return () => {};
  }
  return () => {
    // Somebody wrapped after us: taking our accessor out would take theirs too. Left in place it only passes values on.
    if (Object.getOwnPropertyDescriptor(manager, 'engine')?.get !== get) return;
    if (before?.get) Object.defineProperty(manager, 'engine', before);
    else if (engine === undefined && !before) delete manager.engine;
    else {
      const value = { configurable: true, enumerable: before?.enumerable ?? true, writable: true, value: engine };
      Object.defineProperty(manager, 'engine', value);
    }
  };
}
