import type { SignalBody } from './signals/signal.js';

/** Whether the page is being left, which ends connections without anything being broken. */
export interface PageLeaving {
  note(body: SignalBody): void;
  isNow(): boolean;
  /** Whether what ends now ends because the page is being, or was, left. */
  isReason(): boolean;
}

/** WebKit keeps a page that is left together with its connection, and shows that the connection was cut only once the page is back. */
const RETURN_GRACE_MS = 2_000;

/** `attempt` is the number of the current engine, `nowMs` the time on the timeline. */
export function createPageLeaving(attempt: () => number, nowMs: () => number): PageLeaving {
  let isLeaving = false;
  /** The attempt during which the page was last left, and when it came back. */
  let left: { readonly attempt: number; readonly returnedMs: number } | undefined;
  return {
    note(body) {
      if (body.kind !== 'page') return;
      if (body.event === 'left') isLeaving = true;
      if (body.event === 'returned') {
        isLeaving = false;
        left = { attempt: attempt(), returnedMs: nowMs() };
      }
    },
    isNow: () => isLeaving,
    isReason: () => isLeaving || (left?.attempt === attempt() && nowMs() - left.returnedMs < RETURN_GRACE_MS),
  };
}
