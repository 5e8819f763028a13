import type { Entry } from './entry.js';

/** Callers that wait for records to be safe. */
export interface Flushes {
  /** Nobody waits for more than may leave in this minute. */
  isCapped(): boolean;
  add(entries: readonly Entry[], isCapped: boolean, done: (safe: boolean) => void): void;
  /** Resolves those whose records are no longer `held`, and all of them if sending `failed`. */
  answer(held: readonly Entry[], failed: boolean): void;
}

interface Flush {
  readonly entries: ReadonlySet<Entry>;
  readonly isCapped: boolean;
  readonly done: (safe: boolean) => void;
}

/** Initially, nobody is waiting. */
export function createFlushes(): Flushes {
  let flushes: readonly Flush[] = [];
  return {
    isCapped: () => flushes.every(({ isCapped }) => isCapped),
    add(entries, isCapped, done) {
      flushes = [...flushes, { entries: new Set(entries), isCapped, done }];
    },
    answer(held, failed) {
      flushes = flushes.filter(({ entries, done }) => {
        const left = held.some((entry) => entries.has(entry));
        if (left && !failed) return true;
        done(!left);
        return false;
      });
    },
  };
}
