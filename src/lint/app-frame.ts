type Callable = (...args: never[]) => unknown;

interface V8Error {
  captureStackTrace?(target: object, above: Callable): void;
}

/**
 * The frame that called one of `functions`, tried in this order, as the runtime writes it: the app's own line, whatever lies between it
 * and here. V8 only: elsewhere a stack does not tell which frames are the app's.
 */
export function appFrame(...functions: readonly unknown[]): string | undefined {
  const { captureStackTrace } = Error as V8Error;
  if (!captureStackTrace) return undefined;
  for (const called of functions) {
    if (typeof called !== 'function') continue;
    const holder: { stack?: string } = {};
    captureStackTrace.call(Error, holder, called as Callable);
    // With a `prepareStackTrace` of the host the stack may be anything.
    if (typeof holder.stack !== 'string') return undefined;
    const frame = /^\s*at (.+)$/m.exec(holder.stack)?.[1];
    // Development servers add a version to each file, which changes with every edit.
    if (frame) return frame.replace(/\?[^:)\s]*(?=:\d)/, '');
  }
  return undefined;
}
