import type { Emitter } from './client-shapes.js';

export interface Listening {
  stop(): void;
  /** False once the app has removed all listeners with `off()`. */
  isOn(): boolean;
}

/** Called with what went wrong inside the SDK, so that it can be counted instead of being thrown into the host. */
export type OnInternalError = (error: unknown) => void;

/** Listens on an emitter of any client version. Neither this nor the listener ever throws; what cannot be listened to stays unknown. */
export function listen(
  emitter: Emitter,
  event: string,
  listener: (...args: unknown[]) => void,
  onInternalError: OnInternalError,
): Listening {
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      onInternalError(error);
      return undefined;
    }
  };
  const guarded = (...args: unknown[]) => attempt(() => listener(...args));
  let isPlaced = false;
  attempt(() => {
    emitter.on(event, guarded);
    isPlaced = true;
  });
  return {
    stop: () =>
      attempt(() => {
        if (emitter.off) emitter.off(event, guarded);
        else emitter.removeListener?.(event, guarded);
      }),
    // If it could not be placed, trying again at every opportunity would not help.
    isOn: () => !isPlaced || (attempt(() => emitter.listeners?.(event).includes(guarded)) ?? true),
  };
}
