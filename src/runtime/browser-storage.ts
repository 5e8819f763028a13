import { globals } from './globals.js';
import { indexedTexts } from './indexed-texts.js';
import type { Runtime, TextStorage } from './runtime.js';

/** A browser whose IndexedDB hangs (WebKit bug 226547) must not keep records from being sent. */
const RESTORE_LIMIT_MS = 1000;

/**
 * `localStorage`, where even reading the property may throw (blocked cookies, sandboxed frames, `data:` pages), with a second copy in
 * IndexedDB. A page that is being left has time only for the first. But Chromium writes that to disk up to five seconds late, so a browser
 * that is killed loses it, while the operating system has the second at once (measured in Chromium 156).
 */
export function browserStorage({ delay, exclusive }: Pick<Runtime, 'delay' | 'exclusive'>): TextStorage | undefined {
  try {
    const storage = globals().localStorage;
    if (!storage) return undefined;
    const copies = indexedTexts();
    let restored: Promise<void> | undefined;

    function restore(): Promise<void> {
      return new Promise((done) => {
        const cancel = delay(done, RESTORE_LIMIT_MS);
        void copies.all().then((texts) => {
          try {
            for (const [key, text] of texts) {
              if (writtenAt(text) > writtenAt(storage?.getItem(key))) storage?.setItem(key, text);
            }
          } catch {
            // Full or denied: then the copies are of no use.
          }
          cancel();
          done();
        });
      });
    }

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
          copies.put(key, value);
          return true;
        } catch {
          return false;
        }
      },
      remove(key) {
        copies.remove(key);
        try {
          storage.removeItem(key);
        } catch {
          // Denied since it was opened: there is nothing left to remove.
        }
      },
      async exclusive(name, task) {
        // Reading all texts first waits for those that only the copies have.
        restored ??= restore();
        await restored;
        await exclusive(name, task);
      },
    };
  } catch {
    return undefined;
  }
}

/** Every text starts with the time at which it was written (delivery/persistence.ts). */
function writtenAt(text: string | null | undefined): number {
  return Number(/^\[(\d+),/.exec(text ?? '')?.[1] ?? -1);
}
