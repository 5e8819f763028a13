import type { ClientSocket } from '../signals/client-shapes.js';

/** How often each listener is on each event; listeners count as the same if their name and source text are. */
export type ListenerCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** More than any app has; a bound for the time that reading takes. */
const MAX_EVENTS = 300;
const MAX_LISTENERS = 500;

/** Counts the listeners of a socket without keeping any of them. */
export function readListeners(socket: ClientSocket): ListenerCounts {
  const counts = new Map<string, Map<string, number>>();
  const lists = Object.entries(callbacksOf(socket)).slice(0, MAX_EVENTS);
  for (const [key, listeners] of [...lists, ['$onAny', anyListenersOf(socket)] as const]) {
    const sources = new Map<string, number>();
    for (const listener of listeners.slice(0, MAX_LISTENERS)) {
      // A listener added by `once()` is gone with the next such event.
      if (typeof listener !== 'function' || 'fn' in listener) continue;
      const text = Function.prototype.toString.call(listener);
      // Bound functions everywhere, and all functions in Hermes, show no source: then only the name distinguishes them.
      if (/\[(native code|bytecode)\]\s*\}$/.test(text) && !listener.name.replace('bound ', '')) continue;
      const source = `${listener.name} ${hash(text)}`;
      sources.set(source, (sources.get(source) ?? 0) + 1);
    }
    if (sources.size > 0) counts.set(key.slice(1), sources);
  }
  return counts;
}

/**
 * component-emitter 1.x to 3.x keeps arrays under the name of the event with a `$` in front. The field is `_callbacks`, which the minified
 * bundles of 4.8 rename, so it is found by its shape.
 */
function callbacksOf(socket: ClientSocket): Record<string, unknown[]> {
  const isCallbacks = (value: unknown): value is Record<string, unknown[]> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return entries.length > 0 && entries.every(([key, list]) => key.startsWith('$') && Array.isArray(list));
  };
  return Object.values(socket).find(isCallbacks) ?? {};
}

/** Listeners added by `onAny()`, 3.0 and later. */
function anyListenersOf(socket: ClientSocket): readonly unknown[] {
  const { listenersAny } = socket;
  return typeof listenersAny === 'function' ? listenersAny.call(socket) : [];
}

/** FNV-1a: short, and two different listeners of one event hardly ever collide. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
