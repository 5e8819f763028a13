import type { ProbeContext } from './probe.js';

/** Reports when the client was seen to be no longer opening a WebSocket. */
export interface ClientWatch {
  readonly freeSinceMs: number | undefined;
  stop(): void;
}

const LOOK_AGAIN_MS = 50;
const MAX_WAIT_MS = 3_000;

/**
 * Waits while the client itself is opening a WebSocket: Chromium and Firefox open one at a time to a host, even while they delay it after
 * failures, so a probe sent meanwhile would time the client's attempt. If that takes too long, the returned watch says when it ended.
 */
export async function awaitClient({ runtime, isClientDialling }: ProbeContext): Promise<ClientWatch> {
  const startedMs = runtime.monotonicMs();
  let freeSinceMs: number | undefined;
  let isStopped = false;
  const look = async (limitMs: number) => {
    while (!isStopped && runtime.kind !== 'node' && runtime.engine !== 'webkit' && isClientDialling()) {
      if (runtime.monotonicMs() - startedMs > limitMs) return;
      await new Promise<void>((resolve) => {
        runtime.delay(resolve, LOOK_AGAIN_MS);
      });
    }
    if (!isStopped) freeSinceMs = runtime.monotonicMs();
  };
  await look(MAX_WAIT_MS);
  if (freeSinceMs === undefined) void look(Number.POSITIVE_INFINITY);
  return {
    get freeSinceMs() {
      return freeSinceMs;
    },
    stop() {
      isStopped = true;
    },
  };
}
