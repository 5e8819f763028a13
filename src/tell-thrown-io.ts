import type { WithDiagnostics } from './observe.js';
import type { DiagnosticsOptions } from './options.js';
import type { SocketLike } from './signals/client-shapes.js';

/** Names of transports, 1.x to 4.8. */
const TRANSPORTS: readonly unknown[] = ['polling', 'websocket', 'webtransport', 'flashsocket'];

/**
 * `io()` throws if it is asked for a transport that the client does not have, and then there is no socket to watch: a stand-in reports it
 * as a socket without a usable transport would. Any other exception says nothing about the connection. Never throws.
 */
export function tellThrownIo(
  withDiagnostics: WithDiagnostics,
  args: readonly unknown[],
  error: unknown,
  options: DiagnosticsOptions,
): void {
  try {
    const given = Object(args.find((arg) => typeof arg === 'object' && arg !== null && !(arg instanceof URL)));
    if (!isTransportMissing(given.transports, error)) return;
    const standIn = createStandIn(typeof args[0] === 'string' ? args[0] : undefined, given);
    const { diagnostics } = withDiagnostics(standIn.socket, { ...options, lint: false });
    diagnostics.on('diagnosis', () => diagnostics.dispose());
    standIn.fail();
  } catch {
    // The exception itself informs the app.
  }
}

function isTransportMissing(transports: unknown, error: unknown): boolean {
  if (!Array.isArray(transports)) return false;
  const isUnknown = (item: unknown) => typeof item !== 'function' && !TRANSPORTS.includes(item);
  // A class may need what this runtime does not have: `fetch`, `Headers`.
  return transports.some(isUnknown) || (error instanceof ReferenceError && transports.some((item) => !isUnknown(item)));
}

function createStandIn(uri: string | undefined, opts: object): { readonly socket: SocketLike; fail(): void } {
  const listeners: ((error: string) => void)[] = [];
  const silent = { on() {}, off() {} };
  const socket = {
    ...silent,
    connected: false,
    active: true,
    nsp: '/',
    io: { ...silent, opts, uri },
    on(event: string, listener: (error: string) => void) {
      if (event === 'connect_error') listeners.push(listener);
    },
  };
  return {
    socket,
    fail: () => {
      for (const listener of listeners) listener('No transports available');
    },
  };
}
