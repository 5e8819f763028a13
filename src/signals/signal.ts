import type { PageEventName } from '../runtime/runtime.js';
import type { BodyKind } from './body-kind.js';
import type { ErrorFacts } from './error-facts.js';
import type { Hosting } from './known-hosting.js';
import type { Usage } from './usage.js';

/**
 * Something that was seen, in the past tense, with nothing interpreted and nothing secret in it.
 * Plain JSON, so that a timeline can be stored and judged again with newer rules.
 */
export type Signal = SignalBody & {
  /** Milliseconds since the timeline began. */
  readonly at: number;
  /** Number of the engine (connection attempt) it belongs to, from 1; 0 before the first one. */
  readonly attempt: number;
};

export type SignalKind = SignalBody['kind'];

export type SignalOf<K extends SignalKind> = Extract<Signal, { kind: K }>;

export type SignalBody =
  | AttemptStarted
  | Handshake
  | EngineOpened
  | EngineFailed
  | EngineClosed
  | TransportFailed
  | TransportUnopened
  | WebSocketClosed
  | UpgradeStarted
  | Upgraded
  | UpgradeFailed
  | UpgradeOverdue
  | Connected
  | ConnectFailed
  | ConnectOverdue
  | Disconnected
  | ReconnectFailed
  | PageEvent
  | TimerGap
  | CspViolation
  | Usage
  | ProbeResult;

/** The Manager created a new engine, by itself or because the app called `connect()`. */
export interface AttemptStarted {
  readonly kind: 'attempt-started';
}

/** The Engine.IO open packet arrived: what the server offers and how it beats. */
export interface Handshake {
  readonly kind: 'handshake';
  readonly transport: string;
  /** Transports that the server offers to upgrade to; always empty when the engine started with WebSocket. */
  readonly upgrades: readonly string[];
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** Absent before Socket.IO server 4.5. */
  readonly maxPayloadBytes?: number;
  /** A field was missing that every server sends: the session id, the transports to upgrade to, or a time of the heartbeat. */
  readonly incomplete?: true;
  /** Read from an engine that was open already: what it was offered may be unknown. */
  readonly late?: true;
  /** True when this Manager has been given the very same session id before (a cache answers). */
  readonly repeatedSid?: true;
  /** The session id is made in no way that is known of servers: one of the app's own making, or a mask that stands in its place. */
  readonly strangeSid?: true;
}

export interface EngineOpened {
  readonly kind: 'engine-opened';
  readonly transport: string;
}

/** The engine emitted `error`. A twin of `connect-error` for engines that had not opened. */
export interface EngineFailed {
  readonly kind: 'engine-failed';
  readonly transport: string;
  readonly error: ErrorFacts;
}

export interface EngineClosed {
  readonly kind: 'engine-closed';
  readonly transport: string;
  /** The engine's own word: `transport close`, `transport error`, `ping timeout`, `forced close`, … */
  readonly reason: string;
  /** Whether the handshake had been received. */
  readonly opened: boolean;
  /** Milliseconds from the engine's creation to its close. */
  readonly ageMs: number;
  readonly closeCode?: number;
  readonly wasClean?: boolean;
  /** Of a ping timeout: how late it was noticed, which is how long the client itself was busy or asleep. */
  readonly lateMs?: number;
  /** The server ended the session with a packet of its own. */
  readonly byServer?: true;
  readonly error?: ErrorFacts;
  /** Size of what had not been sent, in the client's or the WebSocket's buffer; absent when nothing waited. */
  readonly unsentBytes?: number;
  /** Milliseconds since the transport in use at the end had opened or taken over; absent when none had. */
  readonly transportAgeMs?: number;
  /** Milliseconds since the last traffic that is known of: the opening, an upgrade, a heartbeat, a packet where packets were watched. */
  readonly quietMs?: number;
  /** Present when packets were watched, which happens only on connections that follow others that had been cut. */
  readonly traffic?: Traffic;
}

/** When packets passed on a connection, whatever was in them. */
export interface Traffic {
  /** Packets since the transport opened, those of the client and of the server. */
  readonly packets: number;
  /** The longest time between two of them, in milliseconds; what followed the last one is not counted. */
  readonly longestQuietMs: number;
}

/** A transport failed before the handshake and the engine went on with its next one (`tryAllTransports`, 4.8). */
export interface TransportFailed {
  readonly kind: 'transport-failed';
  readonly transport: string;
  readonly error: ErrorFacts;
}

/** A transport could not even begin: its constructor threw, of which the client tells nobody. */
export interface TransportUnopened {
  readonly kind: 'transport-unopened';
  readonly transport: string;
  /** What the transport needs and this runtime does not have. */
  readonly missing?: string;
}

/** The close code as the WebSocket itself told it: clients before 4.5 do not pass it on. */
export interface WebSocketClosed {
  readonly kind: 'websocket-closed';
  readonly closeCode: number;
  readonly wasClean?: boolean;
}

export interface UpgradeStarted {
  readonly kind: 'upgrade-started';
  readonly transport: string;
}

export interface Upgraded {
  readonly kind: 'upgraded';
  readonly transport: string;
  /** Milliseconds from the handshake to the upgrade. */
  readonly afterMs: number;
}

export interface UpgradeFailed {
  readonly kind: 'upgrade-failed';
  readonly transport: string;
  /**
   * `engine-closed` is a consequence of the engine's end and tells nothing about the upgrade; `fallback` tells that the client started with
   * WebSocket, failed and went on with polling, from which it does not upgrade again (`tryAllTransports`, 4.8); `threw` that the
   * constructor of the transport threw, so that nothing was asked; `other` that something else answered than the word that was expected.
   */
  readonly how: 'refused' | 'closed' | 'engine-closed' | 'threw' | 'other' | 'fallback';
  /** What the transport needs and this runtime does not have. */
  readonly missing?: string;
}

/** A WebSocket was offered and wanted, and no event told of success or failure for `afterMs`. */
export interface UpgradeOverdue {
  readonly kind: 'upgrade-overdue';
  readonly afterMs: number;
}

export interface Connected {
  readonly kind: 'connected';
  readonly namespace: string;
  readonly transport: string;
  /** Whether the server restored the session (connection state recovery); absent before 4.6. */
  readonly recovered?: boolean;
  /** The socket was given the id that it had already; the id itself goes nowhere. */
  readonly sameId?: true;
}

/** The socket emitted `connect_error` (or `error` in 1.x and 2.x for a refused namespace). */
export interface ConnectFailed {
  readonly kind: 'connect-error';
  readonly namespace: string;
  /** `server`: the server answered CONNECT with a refusal. `transport`: no usable connection. `timeout`: the client's own limit. */
  readonly source: 'transport' | 'server' | 'timeout' | 'client';
  readonly transport?: string;
  readonly error: ErrorFacts;
  /** The socket's `active`: whether the client will retry by itself; absent before 3.0.5. */
  readonly active?: boolean;
  /** The refusal had no message text: it was no object that has one. */
  readonly noMessage?: true;
  /**
   * Whether such a refusal was a text by itself, or an object without one: the JavaScript server 3.x and 4.x writes `{}` where a middleware
   * gives `next()` something that is no Error. Absent where nobody saw how it was written.
   */
  readonly bareText?: boolean;
  /** The refusal said in words of its own that the namespace is unknown or invalid. */
  readonly aboutNamespace?: true;
  /** The refusal carried `data` of the app. */
  readonly hasData?: true;
}

/**
 * How a CONNECT packet left: in the words of the default parser or in others, not at all, or nobody watched. Clients up to 2.x write none
 * for the default namespace, which counts as `default`.
 */
export type ConnectSent = 'default' | 'foreign' | 'no' | 'unknown';

/** The engine was open and a namespace neither connected nor refused for `afterMs`. */
export interface ConnectOverdue {
  readonly kind: 'connect-overdue';
  readonly namespace: string;
  readonly transport: string;
  readonly afterMs: number;
  readonly sent: ConnectSent;
  /** The server took the polling request with the CONNECT packet. */
  readonly delivered?: true;
}

export interface Disconnected {
  readonly kind: 'disconnected';
  readonly namespace: string;
  /** The client's own word: `io server disconnect`, `ping timeout`, `transport close`, … */
  readonly reason: string;
  /** Whether this socket had been connected on this engine. */
  readonly hadConnected: boolean;
  /** Milliseconds from `connect` to now; absent when it had not connected. */
  readonly sessionMs?: number;
  /** How the CONNECT packet had left, where the engine was open and the socket never connected on it. */
  readonly sent?: ConnectSent;
  /**
   * Whether the server could know what this socket received last, which connection state recovery needs; absent where the client hides
   * it or the server does not offer recovery.
   */
  readonly recoverable?: boolean;
}

/** The client gave up: `reconnectionAttempts` are used up. */
export interface ReconnectFailed {
  readonly kind: 'reconnect-failed';
}

export interface PageEvent {
  readonly kind: 'page';
  readonly event: PageEventName;
}

/** A timer of the SDK fired much later than asked: the page or process was suspended or blocked. */
export interface TimerGap {
  readonly kind: 'timer-gap';
  readonly gapMs: number;
  /** Only the clock on the wall shows it: a device that slept, or a clock that was set. */
  readonly byClock?: true;
}

export interface CspViolation {
  readonly kind: 'csp-violation';
  readonly directive: string;
  /** Origin and path of what was blocked; of another path than the socket's only the origin and `/…`. */
  readonly blocked: string;
  readonly disposition: 'enforce' | 'report';
}

/** A question that the SDK asked, and its answer. `unknown` when the conditions under which the answer is true did not hold. */
export interface ProbeResult {
  readonly kind: 'probe';
  readonly name: ProbeName;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Why the answer is `unknown`; `BLOCKED_BY_POLICY` where the question never left the page. */
  readonly why?: string;
  readonly durationMs: number;
  readonly http?: HttpObservation;
  readonly websocket?: WebSocketObservation;
  /** Path at which the server was found, where the question was which path it serves. */
  readonly path?: string;
  /** What the server said to CONNECT packets of the default parser. */
  readonly connects?: ConnectObservation;
  /** Handshakes brought a session id that had been given out before. */
  readonly repeatedSid?: true;
  /** Rounds made and rounds lost, where the question was asked several times. */
  readonly rounds?: { readonly asked: number; readonly lost: number };
}

export type ProbeName =
  | 'websocket-handshake'
  | 'websocket-other-protocol'
  | 'http-other-protocol'
  | 'websocket-again'
  | 'http-reachable'
  | 'http-handshake'
  | 'http-credentials'
  | 'http-headers'
  | 'http-root'
  | 'local-network-permission'
  | 'other-path'
  | 'unused-path'
  | 'swapped-scheme'
  | 'namespace-connect'
  | 'unknown-transport'
  | 'session'
  | 'session-upgrade';

/**
 * `connected` and `refused` in the words of the default parser, `foreign` in others; `closed`: the server closed the connection in good
 * order instead.
 */
export type ConnectReply = 'connected' | 'refused' | 'foreign' | 'silent' | 'closed';

export interface ConnectObservation {
  /** To a namespace that does not exist: every server that reads the packet answers at once. */
  readonly unused: ConnectReply;
  /** For so long the session had lived before the SDK said anything in it. */
  readonly quietMs: number;
  /** To the client's own namespace, without its `auth`; absent when the connection had ended before. */
  readonly own?: ConnectReply;
}

export interface HttpObservation {
  /** `opaque`: answered, but the browser hides status and body. `failed`: no answer. `redirected`: an answer that points elsewhere. */
  readonly result: 'answered' | 'opaque' | 'redirected' | 'failed' | 'timeout';
  readonly status?: number;
  readonly body?: BodyKind;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  /** A platform of functions that signed the answer. */
  readonly hosting?: Hosting;
  /** A 503 in the words of a proxy itself, which it says of a server behind it. */
  readonly isProxyPage?: true;
  /** A bot check that wants the visitor to prove itself, by the header that it sets. */
  readonly isBotCheck?: true;
  /** Product in the `Server` header where it can be read and is a known reverse proxy. */
  readonly proxy?: string;
}

export interface WebSocketObservation {
  /**
   * `engineio`: opened and the first message was an Engine.IO open packet. `other`: opened, first message was something else.
   * `silent`: opened, no message. `rejected`: failed before it opened. `closed`: opened and closed without a message.
   */
  readonly result: 'engineio' | 'other' | 'silent' | 'rejected' | 'closed' | 'timeout' | 'threw';
  /** Node only: status of the answer that refused the upgrade. */
  readonly status?: number;
  /** Node only: what that answer was. */
  readonly body?: BodyKind;
  readonly closeCode?: number;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  /** The browser may have waited before it tried, as it does after failures: the duration says nothing of the server. */
  readonly heldBack?: true;
  /** The open packet is followed by an unasked CONNECT: the server speaks Engine.IO 3. */
  readonly protocol?: 3 | 4;
}
