import type { Entry } from './entry.js';

/** Who waits for records to be safe. */
export interface Flushes {
  /** Nobody waits who wants more than may leave in this minute. */
  isCapped(): boolean;
  add(entries: readonly Entry[], isCapped: boolean, done: (safe: boolean) => void): void;
  /** Answers those whose records are not `held` any more, and all of them when sending `failed`. */
  answer(held: readonly Entry[], failed: boolean): void;
}

interface Flush {
  readonly entries: ReadonlySet<Entry>;
  readonly isCapped: boolean;
  readonly done: (safe: boolean) => void;
}

/** Nobody waits at first. */
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
