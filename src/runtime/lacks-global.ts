import { globals } from './globals.js';

/** Whether the runtime has no such constructor; where it may not be looked at, it has none that could be used. */
export function lacksGlobal(name: 'WebSocket' | 'WebTransport' | 'XMLHttpRequest'): boolean {
  try {
    return typeof (globals() as Record<string, unknown>)[name] !== 'function';
  } catch {
    return true;
  }
}
