import type { PageEventName } from '../runtime/runtime.js';
import type { BodyKind } from './body-kind.js';
import type { ErrorFacts } from './error-facts.js';
import type { Hosting } from './known-hosting.js';
import type { Usage } from './usage.js';

/**
 * Something that was seen: in the past tense, without interpretation and without secrets. Plain JSON, so that a timeline can be stored and
 * judged again with newer rules.
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

/** The Engine.IO open packet arrived: what the server offers, and its heartbeat. */
export interface Handshake {
  readonly kind: 'handshake';
  readonly transport: string;
  /** Transports that the server offers to upgrade to; always empty if the engine started with WebSocket. */
  readonly upgrades: readonly string[];
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** Absent before Socket.IO server 4.5. */
  readonly maxPayloadBytes?: number;
  /** A field that every server sends was missing: the session id, the transports to upgrade to, or a heartbeat time. */
  readonly incomplete?: true;
  /** Read from an engine that was already open: what it was offered may be unknown. */
  readonly late?: true;
  /** True if this Manager has been given the very same session id before (a cache responds). */
  readonly repeatedSid?: true;
  /** The session id does not look like any server's: the app makes its own, or a mask has replaced it. */
  readonly strangeSid?: true;
}

export interface EngineOpened {
  readonly kind: 'engine-opened';
  readonly transport: string;
}

/** The engine emitted `error`. For engines that had not opened, it comes together with `connect-error`. */
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
  /** Milliseconds from the creation of the engine to its close. */
  readonly ageMs: number;
  readonly closeCode?: number;
  readonly wasClean?: boolean;
  /** For a ping timeout: how late it was noticed, which is how long the client itself was busy or asleep. */
  readonly lateMs?: number;
  /** The server ended the session with a packet of its own. */
  readonly byServer?: true;
  readonly error?: ErrorFacts;
  /** Size of what had not been sent, in the client's or the WebSocket's buffer; absent if nothing was waiting. */
  readonly unsentBytes?: number;
  /** Milliseconds since the transport in use at the end had opened or taken over; absent if none had. */
  readonly transportAgeMs?: number;
  /** Milliseconds since the last known traffic: the opening, an upgrade, a heartbeat, or a packet if packets were watched. */
  readonly quietMs?: number;
  /** Present if packets were watched, which happens only on connections that follow others that were cut. */
  readonly traffic?: Traffic;
}

/** When packets passed on a connection, whatever they contained. */
export interface Traffic {
  /** Packets since the transport opened, from both client and server. */
  readonly packets: number;
  /** The longest time between two of them, in milliseconds; the time after the last one is not counted. */
  readonly longestQuietMs: number;
}

/** A transport failed before the handshake and the engine went on to its next one (`tryAllTransports`, 4.8). */
export interface TransportFailed {
  readonly kind: 'transport-failed';
  readonly transport: string;
  readonly error: ErrorFacts;
}

/** A transport could not even start: its constructor threw, which the client reports to nobody. */
export interface TransportUnopened {
  readonly kind: 'transport-unopened';
  readonly transport: string;
  /** What the transport needs and this runtime does not have. */
  readonly missing?: string;
}

/** The close code as reported by the WebSocket itself: clients before 4.5 do not pass it on. */
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
   * `engine-closed` is a consequence of the engine's end and says nothing about the upgrade; `fallback`: the client started with WebSocket,
   * failed and went on with polling, from which it does not upgrade again (`tryAllTransports`, 4.8); `threw`: the constructor of the
   * transport threw, so nothing was requested; `other`: something other than the expected reply came back.
   */
  readonly how: 'refused' | 'closed' | 'engine-closed' | 'threw' | 'other' | 'fallback';
  /** What the transport needs and this runtime does not have. */
  readonly missing?: string;
}

/** A WebSocket was offered and wanted, and no event reported success or failure for `afterMs`. */
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
  /** The socket was given the same id that it already had; the id itself goes nowhere. */
  readonly sameId?: true;
}

/** The socket emitted `connect_error` (or, in 1.x and 2.x, `error` for a refused namespace). */
export interface ConnectFailed {
  readonly kind: 'connect-error';
  readonly namespace: string;
  /** `server`: the server replied to CONNECT with a refusal. `transport`: no usable connection. `timeout`: the client's own limit. */
  readonly source: 'transport' | 'server' | 'timeout' | 'client';
  readonly transport?: string;
  readonly error: ErrorFacts;
  /** The socket's `active`: whether the client will retry by itself; absent before 3.0.5. */
  readonly active?: boolean;
  /** The refusal had no message text: it was not an object that has one. */
  readonly noMessage?: true;
  /**
   * Whether such a refusal was a bare string, or an object without a message: the JavaScript server 3.x and 4.x writes `{}` if a middleware
   * passes `next()` something that is not an Error. Absent if nobody saw how it was written.
   */
  readonly bareText?: boolean;
  /** The refusal said, in words of its own, that the namespace is unknown or invalid. */
  readonly aboutNamespace?: true;
  /** The refusal carried `data` of the app. */
  readonly hasData?: true;
}

/**
 * How a CONNECT packet left: in the format of the default parser or in another, not at all, or unwatched. Clients up to 2.x write none for
 * the default namespace, which counts as `default`.
 */
export type ConnectSent = 'default' | 'foreign' | 'no' | 'unknown';

/** The engine was open and a namespace neither connected nor refused for `afterMs`. */
export interface ConnectOverdue {
  readonly kind: 'connect-overdue';
  readonly namespace: string;
  readonly transport: string;
  readonly afterMs: number;
  readonly sent: ConnectSent;
  /** The server accepted the polling request with the CONNECT packet. */
  readonly delivered?: true;
}

export interface Disconnected {
  readonly kind: 'disconnected';
  readonly namespace: string;
  /** The client's own word: `io server disconnect`, `ping timeout`, `transport close`, … */
  readonly reason: string;
  /** Whether this socket had been connected on this engine. */
  readonly hadConnected: boolean;
  /** Milliseconds since `connect`; absent if it had not connected. */
  readonly sessionMs?: number;
  /** How the CONNECT packet had left, if the engine was open and the socket never connected on it. */
  readonly sent?: ConnectSent;
  /**
   * Whether the server could know what this socket last received, which connection state recovery needs; absent if the client hides it or
   * the server does not offer recovery.
   */
  readonly recoverable?: boolean;
}

/** The client gave up: `reconnectionAttempts` is used up. */
export interface ReconnectFailed {
  readonly kind: 'reconnect-failed';
}

export interface PageEvent {
  readonly kind: 'page';
  readonly event: PageEventName;
}

/** A timer of the SDK fired much later than requested: the page or process was suspended or blocked. */
export interface TimerGap {
  readonly kind: 'timer-gap';
  readonly gapMs: number;
  /** Only the wall clock shows it: the device slept, or the clock was set. */
  readonly byClock?: true;
}

export interface CspViolation {
  readonly kind: 'csp-violation';
  readonly directive: string;
  /** Origin and path of what was blocked; for a path other than the socket's, only the origin and `/…`. */
  readonly blocked: string;
  readonly disposition: 'enforce' | 'report';
}

/** A probe that the SDK sent, and its result. `unknown` if the conditions under which the result is conclusive did not hold. */
export interface ProbeResult {
  readonly kind: 'probe';
  readonly name: ProbeName;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Why the result is `unknown`; `BLOCKED_BY_POLICY` if the probe never left the page. */
  readonly why?: string;
  readonly durationMs: number;
  readonly http?: HttpObservation;
  readonly websocket?: WebSocketObservation;
  /** Path at which the server was found, if the question was which path it serves. */
  readonly path?: string;
  /** How the server replied to CONNECT packets of the default parser. */
  readonly connects?: ConnectObservation;
  /** Handshakes brought a session id that had been given out before. */
  readonly repeatedSid?: true;
  /** Rounds made and rounds lost, if the probe was repeated. */
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
 * `connected` and `refused` in the format of the default parser, `foreign` in another; `closed`: the server closed the connection cleanly
 * instead.
 */
export type ConnectReply = 'connected' | 'refused' | 'foreign' | 'silent' | 'closed';

export interface ConnectObservation {
  /** To a namespace that does not exist: every server that reads the packet replies at once. */
  readonly unused: ConnectReply;
  /** How long the session had lived before the SDK said anything in it. */
  readonly quietMs: number;
  /** To the client's own namespace, without its `auth`; absent if the connection had ended before. */
  readonly own?: ConnectReply;
}

export interface HttpObservation {
  /**
   * `opaque`: there was a response, but the browser hides status and body. `failed`: no response. `redirected`: a response that points
   * elsewhere.
   */
  readonly result: 'answered' | 'opaque' | 'redirected' | 'failed' | 'timeout';
  readonly status?: number;
  readonly body?: BodyKind;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  /** The serverless platform that signed the response. */
  readonly hosting?: Hosting;
  /** A 503 in a proxy's own words, which it uses for a server behind it. */
  readonly isProxyPage?: true;
  /** A bot check that wants the visitor to prove itself, recognized by the header it sets. */
  readonly isBotCheck?: true;
  /** Product in the `Server` header, if it can be read and is a known reverse proxy. */
  readonly proxy?: string;
}

export interface WebSocketObservation {
  /**
   * `engineio`: opened, and the first message was an Engine.IO open packet. `other`: opened, the first message was something else.
   * `silent`: opened, no message. `rejected`: failed before it opened. `closed`: opened and closed without a message.
   */
  readonly result: 'engineio' | 'other' | 'silent' | 'rejected' | 'closed' | 'timeout' | 'threw';
  /** Node only: status of the response that refused the upgrade. */
  readonly status?: number;
  /** Node only: what that response was. */
  readonly body?: BodyKind;
  readonly closeCode?: number;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  /**
   * The browser may have waited before it tried, as it does after failures, or the page stood still before it heard of a refusal: the duration
   * says nothing of the server.
   */
  readonly heldBack?: true;
  /** The open packet is followed by an unsolicited CONNECT: the server speaks Engine.IO 3. */
  readonly protocol?: 3 | 4;
}
