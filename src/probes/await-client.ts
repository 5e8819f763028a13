import type { ProbeContext } from './probe.js';

const LOOK_AGAIN_MS = 50;
const MAX_WAIT_MS = 3_000;

/**
 * Waits while the client itself is opening a WebSocket: Chromium and Firefox open one at a time to a host, also while they hold it back
 * after failures, so a question asked meanwhile would time the client's attempt. False when it did not end.
 */
export async function awaitClient({ runtime, isClientDialling }: ProbeContext): Promise<boolean> {
  if (runtime.kind === 'node' || runtime.engine === 'webkit') return true;
  const startedMs = runtime.monotonicMs();
  while (isClientDialling()) {
    if (runtime.monotonicMs() - startedMs > MAX_WAIT_MS) return false;
    await new Promise<void>((resolve) => {
      runtime.delay(resolve, LOOK_AGAIN_MS);
    });
  }
  return true;
}
