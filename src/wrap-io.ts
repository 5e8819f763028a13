import type { WithDiagnostics } from './observe.js';
import type { DiagnosticsOptions } from './options.js';
import type { SocketLike } from './signals/client-shapes.js';
import { tellThrownIo } from './tell-thrown-io.js';

type Io = (...args: never[]) => SocketLike;

export type WrapIo = <F extends Io>(io: F, options?: DiagnosticsOptions) => F;

/**
 * Makes a drop-in for `io` whose sockets are all watched, including those made by `io.connect`. Everything else on `io` stays as it is; the
 * given function is not changed.
 */
export function createWrapIo(withDiagnostics: WithDiagnostics): WrapIo {
  return (io, options = {}) => {
    // A wrong import: calling it fails as it would have without us.
    if (typeof io !== 'function') return io;
    // 1.x to 4.x also expose the same function under these names.
    const aliases = new Set(['connect', 'io', 'default']);
    const watch = withDiagnostics as (socket: SocketLike, options: DiagnosticsOptions, calledBy: unknown) => SocketLike;
    const apply = (target: typeof io, self: unknown, args: never[]) => {
      let socket: SocketLike;
      try {
        socket = Reflect.apply(target, self, args);
      } catch (error) {
        tellThrownIo(withDiagnostics, args, error, options);
        throw error;
      }
      return watch(socket, options, apply);
    };
    const wrapped: typeof io = new Proxy(io, {
      apply,
      get: (target, key) => {
        const value = Reflect.get(target, key);
        if (typeof key !== 'string' || !aliases.has(key) || value !== target) return value;
        // For a frozen function, a proxy may only show what is actually there.
        const own = Reflect.getOwnPropertyDescriptor(target, key);
        return own?.configurable === false && own.writable === false ? value : wrapped;
      },
    });
    return wrapped;
  };
}
