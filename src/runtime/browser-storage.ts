import { globals } from './globals.js';
import type { TextStorage } from './runtime.js';

/** `localStorage`, where reading the property itself may throw (blocked cookies, sandboxed frames, `data:` pages). */
export function browserStorage(): TextStorage | undefined {
  try {
    const storage = globals().localStorage;
    if (!storage) return undefined;
    return {
      keys() {
        try {
          return Object.keys(storage);
        } catch {
          return [];
        }
      },
      get(key) {
        try {
          return storage.getItem(key) ?? undefined;
        } catch {
          return undefined;
        }
      },
      set(key, value) {
        try {
          storage.setItem(key, value);
          return true;
        } catch {
          return false;
        }
      },
      remove(key) {
        try {
          storage.removeItem(key);
        } catch {
          // Denied since it was opened: there is nothing left to remove.
        }
      },
    };
  } catch {
    return undefined;
  }
}
