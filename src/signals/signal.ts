import type { BodyKind } from './body-kind.js';
import type { ErrorFacts } from './error-facts.js';
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
  | WebSocketClosed
  | UpgradeStarted
  | Upgraded
  | UpgradeFailed
  | UpgradeOverdue
  | Connected
  | ConnectFailed
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
  /** True when this Manager has been given the very same session id before (a cache answers). */
  readonly repeatedSid?: true;
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
  /** `engine-closed` is a consequence of the engine's end and tells nothing about the upgrade. */
  readonly how: 'refused' | 'closed' | 'engine-closed' | 'other';
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
  /** The refusal had no message text: python-socketio sends a bare string where the JavaScript server sends an object. */
  readonly noMessage?: true;
  /** The refusal carried `data` of the app. */
  readonly hasData?: true;
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
}

/** The client gave up: `reconnectionAttempts` are used up. */
export interface ReconnectFailed {
  readonly kind: 'reconnect-failed';
}

export interface PageEvent {
  readonly kind: 'page';
  readonly event: 'offline' | 'online' | 'hidden' | 'visible' | 'frozen' | 'resumed' | 'left' | 'returned';
}

/** A timer of the SDK fired much later than asked: the page or process was suspended or blocked. */
export interface TimerGap {
  readonly kind: 'timer-gap';
  readonly gapMs: number;
}

export interface CspViolation {
  readonly kind: 'csp-violation';
  readonly directive: string;
  /** Origin and path of what was blocked, or a keyword such as `inline`. */
  readonly blocked: string;
  readonly disposition: 'enforce' | 'report';
}

/** A question that the SDK asked, and its answer. `unknown` when the conditions under which the answer is true did not hold. */
export interface ProbeResult {
  readonly kind: 'probe';
  readonly name: ProbeName;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Why the answer is `unknown`. */
  readonly why?: string;
  readonly durationMs: number;
  readonly http?: HttpObservation;
  readonly websocket?: WebSocketObservation;
  /** Path at which the server was found, where the question was which path it serves. */
  readonly path?: string;
  /** Rounds made and rounds lost, where the question was asked several times. */
  readonly rounds?: { readonly asked: number; readonly lost: number };
}

export type ProbeName =
  | 'websocket-handshake'
  | 'websocket-other-protocol'
  | 'websocket-again'
  | 'http-reachable'
  | 'http-handshake'
  | 'http-credentials'
  | 'other-path'
  | 'unused-path'
  | 'swapped-scheme'
  | 'session'
  | 'session-upgrade';

export interface HttpObservation {
  /** `opaque`: answered, but the browser hides status and body. `failed`: no answer. `redirected`: an answer that points elsewhere. */
  readonly result: 'answered' | 'opaque' | 'redirected' | 'failed' | 'timeout';
  readonly status?: number;
  readonly body?: BodyKind;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
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
  readonly closeCode?: number;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  /** The open packet is followed by an unasked CONNECT: the server speaks Engine.IO 3. */
  readonly protocol?: 3 | 4;
}
