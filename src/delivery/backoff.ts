import type { Runtime } from '../runtime/runtime.js';

/** When a receiver may be retried after failures. Times are on the monotonic clock. */
export interface Backoff {
  /** In the past if it may be retried now. */
  readonly resumeMs: number;
  /** For how much longer the receiver itself asked to be left alone. */
  askedMs(): number;
  /** The receiver did not ask for a pause, and the device is not offline. */
  mayTry(): boolean;
  /** Something seems to block the receiver, and the pause is not over. */
  isBlocked(): boolean;
  /** Call this with each send. */
  tried(): void;
  /** With `afterMs` if the receiver named the time to resume, and `blocked` if the receiver was not reached. */
  failed(afterMs: number | undefined, blocked: boolean | undefined): void;
  succeeded(): void;
  /** Another tab was asked to wait. */
  waitFor(waitMs: number): void;
  /** True while offline: nothing should be tried then, since each attempt would leave an error in the console. */
  restsOffline(): boolean;
  /** Forgets any pause that only failures have caused. */
  hurry(): void;
  /** The network or the page is back. */
  wake(): void;
}

const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;
/**
 * With full jitter, eight failures take a minute on average, but often less: a collector that was down for a minute must not wait for ten
 * more, as four in ten would have (bench:delivery, `refused-60`).
 */
const BLOCKED_AFTER_FAILURES = 8;
const BLOCKED_AFTER_MS = 180_000;
const BLOCKED_PAUSE_MS = 600_000;
/** Twelve hours less than a record is kept: a `Retry-After` of a month, or one by a wrong clock, must not let everything expire. */
const MAX_ASKED_MS = 129_600_000;

/** For one receiver; `onBlocked` is called once when something seems to block it, and again only after it was reached in between. */
export function createBackoff(runtime: Runtime, onBlocked: () => void): Backoff {
  let failures = 0;
  let blockedFailures = 0;
  let blockedSinceMs = 0;
  let announced = false;
  let resumeMs = 0;
  /** The receiver itself named the time to resume. */
  let told = false;
  let triedMs = 0;

  const waitMs = () => Math.max(0, resumeMs - runtime.monotonicMs());
  const isOffline = () => runtime.isOnline() === false;
  const askedMs = () => (told ? waitMs() : 0);

  return {
    get resumeMs() {
      return resumeMs;
    },
    askedMs,
    mayTry: () => !askedMs() && !isOffline(),
    isBlocked: () => announced && waitMs() > 0,
    tried() {
      triedMs = runtime.monotonicMs();
    },
    failed(afterMs, blocked) {
      const nowMs = runtime.monotonicMs();
      const limitMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 6));
      const backoffMs = runtime.random() * limitMs;
      if (afterMs !== undefined) {
        failures++;
        blockedFailures = 0;
        told = true;
        // `Retry-After: 0` forever must not become a loop.
        resumeMs = Math.max(resumeMs, nowMs + Math.max(Math.min(afterMs, MAX_ASKED_MS) || 0, backoffMs));
      } else if (resumeMs <= nowMs) {
        // Only once for several batches that fail together as the page is left.
        failures++;
        told = false;
        resumeMs = nowMs + backoffMs;
        blockedFailures = blocked && !isOffline() ? blockedFailures + 1 : 0;
        if (blockedFailures <= 1) blockedSinceMs = nowMs;
        if (blockedFailures >= BLOCKED_AFTER_FAILURES && nowMs - blockedSinceMs >= BLOCKED_AFTER_MS) {
          resumeMs = nowMs + BLOCKED_PAUSE_MS;
          if (!announced) onBlocked();
          announced = true;
        }
      }
    },
    succeeded() {
      failures = blockedFailures = resumeMs = 0;
      announced = told = false;
    },
    waitFor(waitMs) {
      if (!(waitMs > 0)) return;
      told = true;
      resumeMs = Math.max(resumeMs, runtime.monotonicMs() + waitMs);
    },
    restsOffline() {
      // `wake()` reports when that is over.
      if (isOffline()) resumeMs = Math.max(resumeMs, runtime.monotonicMs() + MAX_BACKOFF_MS);
      return isOffline();
    },
    hurry() {
      if (!told) resumeMs = 0;
    },
    wake() {
      // A blocked receiver is tried early, too, but not every time somebody looks at the page.
      if (!told) resumeMs = announced ? Math.min(resumeMs, triedMs + MAX_BACKOFF_MS) : 0;
    },
  };
}
