/**
 * A fact about how the app uses its socket, recorded only with `lint: true`: counts, names of options, and ages. It never contains names of
 * the app's own events, its functions or its values.
 */
export type Usage = {
  readonly kind: 'usage';
  readonly namespace: string;
} & UsageFact;

export type UsageOf<F extends UsageFact['fact']> = Extract<Usage, { readonly fact: F }>;

export type UsageFact =
  | OptionsGiven
  | ListenersCounted
  | ConnectionsCounted
  | AcksCompared
  | SocketIdSent
  | SocketUnopened;

/** The options that `io()` was given, read from its Manager. */
export interface OptionsGiven {
  readonly fact: 'options-given';
  /** Names of the options, including those that the client does not know; only what looks like the name of an option. */
  readonly names: readonly string[];
  /** Names under which a switch is on, such as `withCredentials: true`. */
  readonly on: readonly string[];
  /** Numbers among them that the client compares or replaces. */
  readonly numbers: {
    readonly reconnectionDelay?: number;
    readonly reconnectionDelayMax?: number;
    readonly reconnectionAttempts?: number;
  };
  /** Options that the app set although the URL decides them and overrides them. */
  readonly besideUrl: readonly string[];
  /** Scheme of the URL that the client made, such as `file:`, or `none`; absent if it is http(s) or ws(s). */
  readonly strangeScheme?: string;
}

/** One event had more listeners with the same source text at each of several connects. */
export interface ListenersCounted {
  readonly fact: 'listeners-counted';
  /** The event, if it is one of the client's own. */
  readonly event?: string;
  /** Number of events to which the same applies. */
  readonly events: number;
  /** Listeners with the same source text on the event after each of the latest connects, oldest first. */
  readonly counts: readonly number[];
  /** `in-handler`: added while the listeners of `connect` ran, in addition to the earlier ones. */
  readonly added: 'in-handler' | 'around-connect';
}

/** Several Managers with the same address and options had their socket of the same namespace connected at the same time. */
export interface ConnectionsCounted {
  readonly fact: 'connections-counted';
  readonly connections: number;
  /** How many of these were created at the same place in the app's code; absent if the runtime does not report it. */
  readonly fromSamePlace?: number;
  /** How many of these asked for a connection of their own (`forceNew`, `multiplex: false`). */
  readonly forced: number;
  /** `auth` is a function, which may identify another user each time although its source text is the same. */
  readonly opaque?: true;
}

/** On one connection, what was emitted first got no acknowledgement, and what was emitted later did. */
export interface AcksCompared {
  readonly fact: 'acks-compared';
  /** Emits that wait for an acknowledgement and have none. */
  readonly unanswered: number;
  /** Age of the connection at the last of them, in milliseconds. */
  readonly unansweredUntilMs: number;
  /** How long that one has been waiting, in milliseconds. */
  readonly waitedMs: number;
  /** Emits after all of these that were acknowledged. */
  readonly answered: number;
  /** Age of the connection at the first of them, in milliseconds. */
  readonly answeredFromMs: number;
  /** Whether the same event was first left unanswered and later answered. */
  readonly sameEvent: boolean;
  /** Whether the client sent other messages between the two. */
  readonly othersBetween: boolean;
}

/** A message of the app contained the socket's id as a whole value. */
export interface SocketIdSent {
  readonly fact: 'socket-id-sent';
  readonly messages: number;
  /** The id was that of an earlier connection. */
  readonly outdated: boolean;
}

/** With `autoConnect: false`, nobody had called `connect()`. */
export interface SocketUnopened {
  readonly fact: 'socket-unopened';
  /** Milliseconds since the socket was wrapped. */
  readonly waitedMs: number;
  /** Messages waiting in its buffer. */
  readonly buffered: number;
}
