import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TextStorage } from './runtime.js';

const SUFFIX = '.records';
/** Work under the lock takes milliseconds: a lock this old was left by a process that died. */
const STALE_LOCK_MS = 10_000;
const LOCK_RETRY_MS = 20;
/** Longer than it takes for a lock to become stale: a process that was just restarted finds the lock with which it died. */
const LOCK_TRIES = 600;

/**
 * Keeps unacknowledged records in files in a folder, for Node processes that may end or restart before the records were sent. Processes may
 * share the folder: each writes files of its own, as a whole, and takes over what a dead one left. An unusable folder stores nothing.
 */
export function fileStorage(folder: string): TextStorage {
  const pathOf = (key: string) => join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32) + SUFFIX);
  const lock = join(folder, 'lock');

  /** The first line of a file is its key. */
  function read(path: string): { readonly key: string; readonly value: string } | undefined {
    return attempt(() => {
      const text = readFileSync(path, 'utf8');
      const end = text.indexOf('\n');
      return end < 0 ? undefined : { key: text.slice(0, end), value: text.slice(end + 1) };
    });
  }

  function tryLock(): boolean {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(lock, 'wx', 0o600));
      return true;
    } catch {
      // Two processes that find it stale may both continue then: they take over the same records, and the receiver stores them once.
      attempt(() => {
        if (Date.now() - statSync(lock).mtimeMs > STALE_LOCK_MS) rmSync(lock);
      });
      return false;
    }
  }

  return {
    keys() {
      const names = attempt(() => readdirSync(folder)) ?? [];
      return names.filter((name) => name.endsWith(SUFFIX)).flatMap((name) => read(join(folder, name))?.key ?? []);
    },
    get: (key) => read(pathOf(key))?.value,
    set(key, value) {
      const path = pathOf(key);
      const unfinished = `${path}.${process.pid}`;
      return (
        attempt(() => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          writeFileSync(unfinished, `${key}\n${value}`, { mode: 0o600 });
          // Readers find the old text or the new one, whenever this process dies.
          renameSync(unfinished, path);
          return true;
        }) ?? false
      );
    },
    remove(key) {
      attempt(() => rmSync(pathOf(key), { force: true }));
    },
    async exclusive(_name, task) {
      for (let tries = 0; !tryLock(); tries++) {
        if (tries >= LOCK_TRIES) throw new Error('the folder of the records is locked');
        await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS).unref());
      }
      try {
        await task();
      } finally {
        attempt(() => rmSync(lock, { force: true }));
      }
    },
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
