/**
 * The parts of socket.io-client and engine.io-client, 1.x to 4.x, that we use. Everything but `on` is optional: names that a version lacks
 * or a bundler mangled read as `undefined`, and then less is known. No name here starts with an underscore unless a comment says why.
 */
export interface EmitterLike {
  // biome-ignore lint/suspicious/noExplicitAny: typed sockets of 4.x only accept their own event map (method syntax keeps it assignable)
  on(event: any, listener: any): any;
}

/** Any socket of socket.io-client 1.x to 4.x. */
export interface SocketLike extends EmitterLike {
  connected: boolean;
  io: object;
}

type Listener = (...args: unknown[]) => void;

export interface Emitter {
  on(event: string, listener: Listener): unknown;
  off?(event: string, listener: Listener): unknown;
  removeListener?(event: string, listener: Listener): unknown;
  listeners?(event: string): readonly unknown[];
}

export interface ClientSocket extends Emitter {
  connected: boolean;
  io: ClientManager;
  nsp?: string;
  id?: string;
  /** 3.0.5 and later. */
  active?: boolean;
  /** 4.6 and later. */
  recovered?: boolean;
  /** Private, and mangled in the minified bundles of 4.8: we only ever read whether they are set. */
  _pid?: unknown;
  _lastOffset?: unknown;
  auth?: unknown;
  /** Listeners on the Manager, from the first `connect()` on. */
  subs?: unknown;
  /** Messages waiting for the connection. */
  sendBuffer?: readonly unknown[];
  /** Callbacks waiting for an acknowledgement, by its id. */
  acks?: Readonly<Record<string, unknown>>;
  emit?: unknown;
  send?: unknown;
  onAny?: unknown;
  /** 3.0 and later. */
  listenersAny?: unknown;
  onAnyOutgoing?: unknown;
  emitReserved?: unknown;
  emitWithAck?: unknown;
  timeout?: unknown;
}

export interface ClientManager extends Emitter {
  engine?: ClientEngine;
  opts?: Record<string, unknown>;
  generateId?: unknown;
  emitAll?: unknown;
  setTimeoutFn?: unknown;
  timeout?: unknown;
  reconnection?: unknown;
  reconnectionAttempts?: unknown;
  /** Set while the Manager has been told to close; 1.x to 4.x. */
  skipReconnect?: unknown;
  /** Up to 2.x; renamed with an underscore in 3.0. */
  reconnecting?: unknown;
  uri?: string;
}

export interface ClientEngine extends Emitter {
  id?: string;
  readyState?: string;
  transport?: ClientTransport;
  transports?: unknown;
  writeBuffer?: readonly { data?: unknown }[];
  opts?: Record<string, unknown>;
  hostname?: string;
  port?: string | number;
  secure?: boolean;
  /** Until engine.io-client 6.5; renamed with an underscore in 6.6. */
  probe?: unknown;
  emitReserved?: unknown;
  upgrades?: unknown;
  pingInterval?: unknown;
  pingTimeout?: unknown;
}

type OnClose = (event: { code?: number; wasClean?: boolean }) => void;

export interface ClientTransport extends Emitter {
  name?: string;
  /** The raw WebSocket of the websocket transport. */
  ws?: {
    /** Bytes passed to the WebSocket that it could not send; kept after its end. */
    readonly bufferedAmount?: number;
    addEventListener?(event: 'close', listener: OnClose): void;
    removeEventListener?(event: 'close', listener: OnClose): void;
  };
  /** The requests in flight of the polling transport. */
  pollXhr?: unknown;
  sendXhr?: unknown;
}
