import type { Emitter } from './client-shapes.js';

export interface Listening {
  stop(): void;
  /** False once the app has removed all listeners with `off()`. */
  isOn(): boolean;
}

/** Called with what went wrong inside the SDK, so that it can be counted instead of thrown into the host. */
export type OnInternalError = (error: unknown) => void;

/** Listens on an emitter of any client version. The listener never throws into the emitter. */
export function listen(
  emitter: Emitter,
  event: string,
  listener: (...args: unknown[]) => void,
  onInternalError: OnInternalError,
): Listening {
  const guarded = (...args: unknown[]) => {
    try {
      listener(...args);
    } catch (error) {
      onInternalError(error);
    }
  };
  emitter.on(event, guarded);
  return {
    stop() {
      if (emitter.off) emitter.off(event, guarded);
      else emitter.removeListener?.(event, guarded);
    },
    isOn: () => emitter.listeners?.(event).includes(guarded) ?? true,
  };
}
