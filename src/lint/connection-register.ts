import type { LocalHints } from '../diagnosis/local-hints.js';
import type { ClientSocket } from '../signals/client-shapes.js';
import type { UsageFact } from '../signals/usage.js';

/** One watched socket, as others may compare themselves with it. */
export interface RegisteredConnection {
  readonly socket: ClientSocket;
  /** Equal for sockets of the same namespace whose Managers dial the same address with the same options. */
  readonly likeness: string;
  readonly isForced: boolean;
  /** An option that distinguishes users is a function, which may return a different value each time. */
  readonly isOpaque: boolean;
  readonly madeAt: string | undefined;
  found(fact: UsageFact, hints?: LocalHints): void;
}

/** The watched connections of one page; it does not keep their sockets alive, as each leaves it when it is disconnected. */
export interface ConnectionRegister {
  enter(connection: RegisteredConnection): void;
  leave(socket: ClientSocket): void;
  /** Those that are connected now and like this one, including itself, oldest first. */
  alike(likeness: string): readonly RegisteredConnection[];
}

export function createConnectionRegister(): ConnectionRegister {
  const connections = new Map<ClientSocket, RegisteredConnection>();
  return {
    enter: (connection) => void connections.set(connection.socket, connection),
    leave: (socket) => void connections.delete(socket),
    alike: (likeness) => [...connections.values()].filter((one) => one.likeness === likeness && one.socket.connected),
  };
}
