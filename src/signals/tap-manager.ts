import type { ClientEngine, ClientManager } from './client-shapes.js';
import { listen, type OnInternalError } from './listen.js';

export interface ManagerTapListener {
  /** A new engine exists; called at the moment of its creation wherever the accessor could be placed. */
  onEngine(engine: ClientEngine): void;
  onReconnectFailed(): void;
  /** Something happened on the Manager: a good moment to check whether the listeners on its sockets are still there. */
  onActivity(): void;
}

/**
 * Sees every engine that a Manager creates. Each `open()` assigns `manager.engine`, whatever called it, so an accessor on the instance
 * misses none (measured on 1.7 to 4.8). If the property cannot be redefined, Manager events are used: they miss the handshake after a
 * manual `connect()` in 3.x and 4.x.
 *
 * @returns a function that removes the listeners and restores the property
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
  const accessor = placeAccessor(manager, see);
  const seeNow = () => {
    see(accessor.engine());
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
  see(accessor.engine());
  return () => {
    isStopped = true;
    for (const listening of listenings) listening.stop();
    accessor.restore();
  };
}

interface EngineAccessor {
  /** The engine as the Manager has it: if the app's state library returns proxies, reading the property yields another object. */
  engine(): ClientEngine | undefined;
  restore(): void;
}

/** How another copy of the SDK, maybe of another version, learns that an accessor beneath its own waits to be removed. */
interface OwnGetter {
  (): ClientEngine | undefined;
  restoreWhenOnTop?(): void;
}

function placeAccessor(manager: ClientManager, see: (engine: ClientEngine | undefined) => void): EngineAccessor {
  const before = Object.getOwnPropertyDescriptor(manager, 'engine');
  let listener: typeof see | undefined = see;
  let engine: ClientEngine | undefined = before?.get ? manager.engine : before?.value;
  const get: OwnGetter = () => (before?.get ? before.get.call(manager) : engine);
  const set = (next: ClientEngine) => {
    if (before?.set) before.set.call(manager, next);
    engine = next;
    listener?.(next);
  };
  const enumerable = before?.enumerable ?? true;
  const onTop = () => Object.getOwnPropertyDescriptor(manager, 'engine')?.get as OwnGetter | undefined;
  const restore = () => {
    listener = undefined;
    // Somebody wrapped it after us: removing our accessor would remove theirs too. Left in place, it only passes values through.
    if (onTop() !== get) return;
    if (before?.get) Object.defineProperty(manager, 'engine', before);
    else if (!before && engine === undefined) delete manager.engine;
    else Object.defineProperty(manager, 'engine', { configurable: true, enumerable, writable: true, value: engine });
    onTop()?.restoreWhenOnTop?.();
  };
  try {
    Object.defineProperty(manager, 'engine', { configurable: true, enumerable, get, set });
  } catch {
    return { engine: () => manager.engine, restore() {} };
  }
  get.restoreWhenOnTop = () => {
    if (!listener) restore();
  };
  return { engine: () => (onTop() === get && !before?.get ? engine : manager.engine), restore };
}
