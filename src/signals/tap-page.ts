import type { Runtime } from '../runtime/runtime.js';
import type { OnInternalError } from './listen.js';
import type { SignalBody } from './signal.js';

/** How often the clock is checked while somebody listens, in milliseconds: a standstill of twice that is never missed. */
const TICK_MS = 2_500;
/** A tick this much too late means that the page or process stood still, or that a hidden page was throttled to one timer per minute. */
const GAP_MS = 2_500;
/** On a busy machine timers are late by some hundred milliseconds, which means nothing. */
const MIN_PATIENCE_MS = 1_000;

export interface PageTap {
  /** The server gives up on a client that stands still for this long. Below 5 s, the clock is checked more often. */
  expectPatience(ms: number): void;
  stop(): void;
}

/**
 * Reports what happens to the page, and when its timers stood still. Says at once if the page is already offline or hidden. Never throws,
 * neither here nor into the page's events and timers.
 *
 * @param target what the socket dials: what the policy blocks elsewhere on the page is none of our business, and for other things it blocks
 * on the same host, we report only that it did
 */
export function tapPage(
  runtime: Runtime,
  emit: (body: SignalBody) => void,
  target: () => { readonly host: string; readonly path: string },
  onInternalError: OnInternalError,
): PageTap {
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      onInternalError(error);
    }
  };
  attempt(() => {
    if (runtime.isOnline() === false) emit({ kind: 'page', event: 'offline' });
  });
  attempt(() => {
    if (runtime.isHidden()) emit({ kind: 'page', event: 'hidden' });
  });
  let stop = () => {};
  attempt(() => {
    stop = runtime.observePage((seen) =>
      attempt(() => {
        if (seen.event !== 'csp-violation') {
          emit({ kind: 'page', event: seen.event });
          return;
        }
        const { directive, blocked, disposition } = seen;
        const { host, path } = target();
        if (hostOf(blocked) !== host.replace(/^\[|\]$/g, '')) return;
        const [scheme, , address, ...rest] = blocked.split('/');
        const isOwn = `/${rest.join('/')}` === path;
        emit({ kind: 'csp-violation', directive, blocked: isOwn ? blocked : `${scheme}//${address}/…`, disposition });
      }),
    );
  });
  let cancel = () => {};
  let patienceMs = TICK_MS + GAP_MS;
  const tick = () => {
    const startedMs = runtime.monotonicMs();
    const startedAt = runtime.now();
    // Browsers give a hidden page one timer a second at best.
    const isShort = patienceMs < TICK_MS + GAP_MS && !runtime.isHidden();
    const tickMs = isShort ? patienceMs / 4 : TICK_MS;
    cancel = runtime.delay(
      () =>
        attempt(() => {
          const gapMs = Math.round(runtime.monotonicMs() - startedMs - tickMs);
          // The monotonic clock stands still while some devices sleep.
          const clockGapMs = Math.round(runtime.now() - startedAt - tickMs);
          if (gapMs >= (isShort ? patienceMs - tickMs : GAP_MS)) emit({ kind: 'timer-gap', gapMs });
          else if (clockGapMs >= 2 * GAP_MS) emit({ kind: 'timer-gap', gapMs: clockGapMs, byClock: true });
          tick();
        }),
      tickMs,
    );
  };
  attempt(tick);
  return {
    expectPatience(ms) {
      const wantedMs = Math.min(Math.max(ms, MIN_PATIENCE_MS), TICK_MS + GAP_MS);
      // A timer that is overdue has something to report: it is started anew only for another time.
      if (wantedMs === patienceMs) return;
      patienceMs = wantedMs;
      attempt(() => {
        cancel();
        tick();
      });
    },
    stop() {
      attempt(() => stop());
      attempt(() => cancel());
    },
  };
}

/** Firefox reports `wss:` URLs as they are, too; a keyword such as `inline` has no host. */
function hostOf(blocked: string): string | undefined {
  try {
    // An IPv6 address has brackets here, but not in the client.
    return new URL(blocked).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}
