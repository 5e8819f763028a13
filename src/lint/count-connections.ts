import type { ClientManager } from '../signals/client-shapes.js';
import type { Check } from './checked-socket.js';

/**
 * A connection that is replaced overlaps with the next one for a moment, and React's StrictMode mounts everything twice: only connections
 * that stay side by side for this long count.
 */
const SIDE_BY_SIDE_MS = 2_000;

/** Finds connections of this page that stay connected alongside others with the same address, options and namespace. */
export const countConnections: Check = (checked) => {
  const { socket, namespace, register, delay, found, madeAt } = checked;
  let cancel = () => {};
  const look = (likeness: string) => {
    const alike = register.alike(likeness);
    const managers = new Set(alike.map((one) => one.socket.io));
    const [oldest] = alike;
    // Only the oldest of them reports, so that a page with many has one finding.
    if (managers.size < 2 || !oldest || !socket.connected) return;
    const places = alike.map((one) => one.madeAt).filter((place) => place !== undefined);
    const fromSamePlace = Math.max(0, ...places.map((place) => places.filter((other) => other === place).length));
    oldest.found(
      {
        fact: 'connections-counted',
        connections: managers.size,
        ...(places.length === alike.length && { fromSamePlace }),
        forced: alike.filter(({ isForced }) => isForced).length,
        ...(alike.some(({ isOpaque }) => isOpaque) && { opaque: true as const }),
      },
      madeAt === undefined ? undefined : { where: madeAt },
    );
  };
  return {
    onSignal(signal) {
      if (!('namespace' in signal) || signal.namespace !== namespace) return;
      if (signal.kind === 'disconnected') {
        cancel();
        register.leave(socket);
      }
      if (signal.kind !== 'connected') return;
      const likeness = JSON.stringify([checked.address(), namespace, optionsText(socket.io, socket.auth)]);
      const isOpaque = typeof socket.auth === 'function';
      register.enter({ socket, likeness, isForced: isForced(socket.io), isOpaque, madeAt, found });
      cancel();
      cancel = delay(() => look(likeness), SIDE_BY_SIDE_MS);
    },
    stop() {
      cancel();
      register.leave(socket);
    },
  };
};

/** `force new connection` is the name of 0.9, which 1.x to 4.x still take. */
function isForced({ opts }: ClientManager): boolean {
  return opts?.forceNew === true || opts?.['force new connection'] === true || opts?.multiplex === false;
}

/** What distinguishes one user or purpose from another: compared in memory, never reported. */
function optionsText({ opts }: ClientManager, auth: unknown): string {
  const seen = new Set<unknown>();
  const write = (_name: string, value: unknown) => {
    if (typeof value === 'function') return `${value.name} ${Function.prototype.toString.call(value)}`;
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return 'again';
    seen.add(value);
    return value;
  };
  const { query, extraHeaders, transportOptions, withCredentials, transports, path } = opts ?? {};
  return JSON.stringify([query, extraHeaders, transportOptions, withCredentials, names(transports), path, auth], write);
}

function names(transports: unknown): unknown {
  return Array.isArray(transports) ? transports.map((one) => (typeof one === 'string' ? one : 'custom')) : undefined;
}
