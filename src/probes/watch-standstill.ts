import type { Runtime } from '../runtime/runtime.js';

/** How often the clock is looked at, in milliseconds. */
const TICK_MS = 100;

/**
 * Watches whether the page or process stands still while something is asked. The function that is returned ends it and tells the longest
 * standstill, in milliseconds: by so much a time that was taken meanwhile may be too long.
 */
export function watchStandstill({ delay, monotonicMs }: Pick<Runtime, 'delay' | 'monotonicMs'>): () => number {
  let longestMs = 0;
  let dueMs = 0;
  let cancel = () => {};
  const look = () => {
    longestMs = Math.max(longestMs, monotonicMs() - dueMs);
  };
  const tick = () => {
    dueMs = monotonicMs() + TICK_MS;
    cancel = delay(() => {
      look();
      tick();
    }, TICK_MS);
  };
  tick();
  return () => {
    // The answer may have been heard before a timer that is overdue.
    look();
    cancel();
    return longestMs;
  };
}
