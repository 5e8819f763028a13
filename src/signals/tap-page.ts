import type { Runtime } from '../runtime/runtime.js';
import type { SignalBody } from './signal.js';

/** How often the clock is looked at while somebody listens, in milliseconds. */
const TICK_MS = 10_000;
/** A tick this much too late means that page or process stood still: ordinary throttling of timers stays below. */
const GAP_MS = 5_000;

/** Tells what happens to the page, and when its timers stood still. Says at once when the page is offline or hidden already. */
export function tapPage(runtime: Runtime, emit: (body: SignalBody) => void): () => void {
  if (runtime.isOnline() === false) emit({ kind: 'page', event: 'offline' });
  if (runtime.isHidden()) emit({ kind: 'page', event: 'hidden' });
  const stop = runtime.observePage((seen) => {
    if (seen.event !== 'csp-violation') emit({ kind: 'page', event: seen.event });
    else {
      const { directive, blocked, disposition } = seen;
      emit({ kind: 'csp-violation', directive, blocked, disposition });
    }
  });
  let cancel = () => {};
  const tick = () => {
    const startedMs = runtime.monotonicMs();
    cancel = runtime.delay(() => {
      const gapMs = Math.round(runtime.monotonicMs() - startedMs - TICK_MS);
      if (gapMs >= GAP_MS) emit({ kind: 'timer-gap', gapMs });
      tick();
    }, TICK_MS);
  };
  tick();
  return () => {
    stop();
    cancel();
  };
}
