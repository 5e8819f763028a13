type Callable = (...args: never[]) => unknown;

interface V8Error {
  captureStackTrace?(target: object, above: Callable): void;
}

/**
 * The frame that called one of `functions`, tried in this order, as the runtime writes it: the app's own line, whatever lies between it and
 * here. V8 only: in other engines, a stack does not reveal which frames are the app's.
 */
export function appFrame(...functions: readonly unknown[]): string | undefined {
  const { captureStackTrace } = Error as V8Error;
  if (!captureStackTrace) return undefined;
  for (const called of functions) {
    if (typeof called !== 'function') continue;
    const frame = /^\s*at (.+)$/m.exec(stackAbove(captureStackTrace, called as Callable))?.[1];
    // Development servers add a version to each file, which changes with every edit.
    if (frame) return frame.replace(/\?[^:)\s]*(?=:\d)/, '');
  }
  return undefined;
}

/** The host's `prepareStackTrace` may turn a stack into anything, and may throw. */
function stackAbove(captureStackTrace: NonNullable<V8Error['captureStackTrace']>, called: Callable): string {
  const holder: { stack?: unknown } = {};
  try {
    captureStackTrace.call(Error, holder, called);
    return String(holder.stack);
  } catch {
    return '';
  }
}
