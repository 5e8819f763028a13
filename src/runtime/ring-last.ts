import type { Runtime } from './runtime.js';

/** What is waiting to be heard is heard within this time. */
const LAST_MS = 50;

/**
 * Rings a moment after its time: where the page or process stood still, an overdue timer would come before what had arrived in time. Returns
 * what cancels it.
 */
export function ringLast(delay: Runtime['delay'], ms: number, callback: () => void): () => void {
  let cancel = delay(() => {
    cancel = delay(callback, LAST_MS);
  }, ms);
  return () => cancel();
}
