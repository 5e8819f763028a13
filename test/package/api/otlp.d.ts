/** How records leave from where the SDK runs. */
interface Carrier {
    /** Sends one telemetry body; never rejects. */
    post(delivery: PostRequest): Promise<PostAnswer>;
    /** Packs a text; undefined where the platform cannot. Not generic, as the type is only since TypeScript 5.7. */
    gzip(text: string): Promise<Uint8Array | undefined>;
    /** `navigator.sendBeacon`; false where there is none or its quota is used up. */
    beacon(url: string, body: string): boolean;
}
/** Why a phone's platform refused or failed a request, by its own words; never the words themselves, which name hosts. */
type PlatformReason = 'cleartext' | 'offline' | 'dns' | 'refused' | 'no-route' | 'reset' | 'connect-timeout' | 'tls-untrusted' | 'tls-expired' | 'tls-wrong-host' | 'tls-failed' | 'not-tls' | 'not-http';
/** What happens to a page as a whole. */
type PageEventName = 'offline' | 'online' | 'hidden' | 'visible' | 'frozen' | 'resumed' | 'left' | 'returned' | 'network-changed';
interface PostRequest {
    readonly url: string;
    readonly body: string;
    /** The body as gzip has it, to be sent instead. */
    readonly packed?: Uint8Array;
    readonly contentType: string;
    readonly keepalive: boolean;
    readonly timeoutMs: number;
    readonly headers?: Readonly<Record<string, string>>;
}
interface PostAnswer {
    /** HTTP status; 0 when there was no answer. */
    readonly status: number;
    /** Milliseconds to wait by `Retry-After`; absent when not said or not readable. */
    readonly retryAfterMs?: number;
    /** The answer, up to 65,536 characters; empty when there was none. */
    readonly body: string;
}

/**
 * Where in the app's own code a usage check found something. Only what the page itself is told has it, the `diagnosis` event and the
 * console: it names files, functions and events of the app, so it is in no incident, no record and no report.
 */
interface LocalHints {
    /** Frame of the app's code, as the runtime writes it; absent where the runtime does not tell (outside of V8) or none was running. */
    readonly where?: string;
    /** Names of the app's events that it is about. */
    readonly events?: readonly string[];
    /** Names of the functions that it is about. */
    readonly functions?: readonly string[];
}

/**
 * What a response body is, never what it says: the only form in which a body leaves the function that read it.
 */
type BodyKind = {
    readonly is: 'engineio-open';
    readonly protocol: 2 | 3 | 4 /** The handshake offers no upgrade to WebSocket. */;
    readonly pollingOnly?: true;
}
/** `ownWords`: code 3 or 5 as the JavaScript server writes it, which has other codes than 3 for what it does not support. */
 | {
    readonly is: 'engineio-error';
    readonly code: EngineErrorCode;
    readonly origin?: true;
    readonly ownWords?: true;
}
/** A handshake with something before or after it, or with a part missing. */
 | {
    readonly is: 'engineio-altered';
}
/** Compressed bytes that nobody announced; an answer that broke off, or that could not be decoded. */
 | {
    readonly is: 'compressed' | 'incomplete';
}
/** What Node's `http2` says to HTTP/1.1 where it was not told to speak that, too. */
 | {
    readonly is: 'http2-only';
}
/** A refusal that misses a certificate of the client (mutual TLS). */
 | {
    readonly is: 'certificate-wanted';
} | {
    readonly is: 'html' | 'json' | 'text' | 'empty';
};
/**
 * Codes of an Engine.IO server: 0 transport unknown, 1 session id unknown, 2 bad handshake method, 3 bad request, 4 forbidden,
 * 5 unsupported protocol version (engine.io lib/server.ts).
 */
type EngineErrorCode = 0 | 1 | 2 | 3 | 4 | 5;

/** Platforms that run a function per request: they hold no session between requests, and few hold a connection. */
type Hosting = 'vercel' | 'netlify' | 'aws-lambda' | 'cloudflare-workers' | 'google-cloud-functions' | 'firebase-hosting';

/** What may be kept of an error: known words of the client library, numbers and system codes; never free text. */
interface ErrorFacts {
    /** The message where it is one of the client library's own; `other` for any other text. */
    readonly message: KnownMessage | 'other';
    /** The HTTP status; 0 when the browser hid it or there was no answer. Absent when the error is not about HTTP. */
    readonly status?: number;
    readonly body?: BodyKind;
    /** The system's or TLS library's error code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); Node only. */
    readonly code?: string;
    /** The client could not make the request: its own code threw. */
    readonly notSent?: true;
    /** A platform of functions that signed the answer, where its headers can be read. */
    readonly hosting?: Hosting;
    /** What the platform told of a failed request; React Native only. */
    readonly platform?: PlatformReason;
    /** Milliseconds to wait by `Retry-After`, of a 429 whose headers could be read. */
    readonly retryAfterMs?: number;
    /** Whether the address in a system error is the one that the client was given or another, to which a redirect led; Node only. */
    readonly dialled?: 'target' | 'elsewhere';
}
/** Messages of engine.io-client and socket.io-client, 1.x to 4.8 (lib/transports/*.ts, lib/socket.ts, lib/manager.ts). */
type KnownMessage = 'xhr poll error' | 'xhr post error' | 'fetch read error' | 'fetch write error' | 'websocket error' | 'webtransport error' | 'server error' | 'parser error' | 'timeout' | 'No transports available' | 'Invalid namespace' | 'v2 server';

/**
 * A fact about how the app uses its socket, recorded only with `lint: true`: counts, names of options and ages. Names of the app's own
 * events, its functions and its values are never in it.
 */
type Usage = {
    readonly kind: 'usage';
    readonly namespace: string;
} & UsageFact;
type UsageFact = OptionsGiven | ListenersCounted | ConnectionsCounted | AcksCompared | SocketIdSent | SocketUnopened;
/** The options that `io()` was given, read from its Manager. */
interface OptionsGiven {
    readonly fact: 'options-given';
    /** Names of the options, also those that the client does not know; only what looks like the name of an option. */
    readonly names: readonly string[];
    /** Names under which the value is a switch that is on, such as `withCredentials: true`. */
    readonly on: readonly string[];
    /** Numbers among them that the client compares or replaces. */
    readonly numbers: {
        readonly reconnectionDelay?: number;
        readonly reconnectionDelayMax?: number;
        readonly reconnectionAttempts?: number;
    };
    /** Options that the app gave although the URL decides them, and over them. */
    readonly besideUrl: readonly string[];
    /** Scheme of the URL that the client made, such as `file:`, or `none`; absent when it is http(s) or ws(s). */
    readonly strangeScheme?: string;
}
/** One event had more listeners with the same source text at each of several connects. */
interface ListenersCounted {
    readonly fact: 'listeners-counted';
    /** The event, where it is one of the client's own. */
    readonly event?: string;
    /** Events of which the same can be said. */
    readonly events: number;
    /** Listeners of equal source text on the event after each of the latest connects, oldest first. */
    readonly counts: readonly number[];
    /** `in-handler`: added while the listeners of `connect` ran, beside the earlier ones. */
    readonly added: 'in-handler' | 'around-connect';
}
/** Several Managers with the same address and options had their socket of the same namespace connected at the same time. */
interface ConnectionsCounted {
    readonly fact: 'connections-counted';
    readonly connections: number;
    /** Of these, the ones that were made at the same place of the app's code; absent where the runtime does not tell. */
    readonly fromSamePlace?: number;
    /** Of these, the ones that asked for a connection of their own (`forceNew`, `multiplex: false`). */
    readonly forced: number;
    /** `auth` is a function, which may name another user each time although its text is the same. */
    readonly opaque?: true;
}
/** On one connection, what was emitted first stayed without its acknowledgement, and what was emitted later got it. */
interface AcksCompared {
    readonly fact: 'acks-compared';
    /** Emits that wait for an acknowledgement and have none. */
    readonly unanswered: number;
    /** Age of the connection at the last of them, in milliseconds. */
    readonly unansweredUntilMs: number;
    /** For how long that one has been waited for, in milliseconds. */
    readonly waitedMs: number;
    /** Emits after all of these that were acknowledged. */
    readonly answered: number;
    /** Age of the connection at the first of them, in milliseconds. */
    readonly answeredFromMs: number;
    /** Whether the same event was left unanswered first and answered later. */
    readonly sameEvent: boolean;
    /** Whether the client sent other messages between the two. */
    readonly othersBetween: boolean;
}
/** A message of the app contained the socket's id as a whole value. */
interface SocketIdSent {
    readonly fact: 'socket-id-sent';
    readonly messages: number;
    /** The id was that of an earlier connection. */
    readonly outdated: boolean;
}
/** With `autoConnect: false`, nobody had called `connect()`. */
interface SocketUnopened {
    readonly fact: 'socket-unopened';
    /** Milliseconds since the socket was wrapped. */
    readonly waitedMs: number;
    /** Messages that waited in its buffer. */
    readonly buffered: number;
}

/**
 * Something that was seen, in the past tense, with nothing interpreted and nothing secret in it.
 * Plain JSON, so that a timeline can be stored and judged again with newer rules.
 */
type Signal = SignalBody & {
    /** Milliseconds since the timeline began. */
    readonly at: number;
    /** Number of the engine (connection attempt) it belongs to, from 1; 0 before the first one. */
    readonly attempt: number;
};
type SignalKind = SignalBody['kind'];
type SignalBody = AttemptStarted | Handshake | EngineOpened | EngineFailed | EngineClosed | TransportFailed | TransportUnopened | WebSocketClosed | UpgradeStarted | Upgraded | UpgradeFailed | UpgradeOverdue | Connected | ConnectFailed | ConnectOverdue | Disconnected | ReconnectFailed | PageEvent | TimerGap | CspViolation | Usage | ProbeResult;
/** The Manager created a new engine, by itself or because the app called `connect()`. */
interface AttemptStarted {
    readonly kind: 'attempt-started';
}
/** The Engine.IO open packet arrived: what the server offers and how it beats. */
interface Handshake {
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
interface EngineOpened {
    readonly kind: 'engine-opened';
    readonly transport: string;
}
/** The engine emitted `error`. A twin of `connect-error` for engines that had not opened. */
interface EngineFailed {
    readonly kind: 'engine-failed';
    readonly transport: string;
    readonly error: ErrorFacts;
}
interface EngineClosed {
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
interface Traffic {
    /** Packets since the transport opened, those of the client and of the server. */
    readonly packets: number;
    /** The longest time between two of them, in milliseconds; what followed the last one is not counted. */
    readonly longestQuietMs: number;
}
/** A transport failed before the handshake and the engine went on with its next one (`tryAllTransports`, 4.8). */
interface TransportFailed {
    readonly kind: 'transport-failed';
    readonly transport: string;
    readonly error: ErrorFacts;
}
/** A transport could not even begin: its constructor threw, of which the client tells nobody. */
interface TransportUnopened {
    readonly kind: 'transport-unopened';
    readonly transport: string;
    /** What the transport needs and this runtime does not have. */
    readonly missing?: string;
}
/** The close code as the WebSocket itself told it: clients before 4.5 do not pass it on. */
interface WebSocketClosed {
    readonly kind: 'websocket-closed';
    readonly closeCode: number;
    readonly wasClean?: boolean;
}
interface UpgradeStarted {
    readonly kind: 'upgrade-started';
    readonly transport: string;
}
interface Upgraded {
    readonly kind: 'upgraded';
    readonly transport: string;
    /** Milliseconds from the handshake to the upgrade. */
    readonly afterMs: number;
}
interface UpgradeFailed {
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
interface UpgradeOverdue {
    readonly kind: 'upgrade-overdue';
    readonly afterMs: number;
}
interface Connected {
    readonly kind: 'connected';
    readonly namespace: string;
    readonly transport: string;
    /** Whether the server restored the session (connection state recovery); absent before 4.6. */
    readonly recovered?: boolean;
    /** The socket was given the id that it had already; the id itself goes nowhere. */
    readonly sameId?: true;
}
/** The socket emitted `connect_error` (or `error` in 1.x and 2.x for a refused namespace). */
interface ConnectFailed {
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
type ConnectSent = 'default' | 'foreign' | 'no' | 'unknown';
/** The engine was open and a namespace neither connected nor refused for `afterMs`. */
interface ConnectOverdue {
    readonly kind: 'connect-overdue';
    readonly namespace: string;
    readonly transport: string;
    readonly afterMs: number;
    readonly sent: ConnectSent;
    /** The server took the polling request with the CONNECT packet. */
    readonly delivered?: true;
}
interface Disconnected {
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
interface ReconnectFailed {
    readonly kind: 'reconnect-failed';
}
interface PageEvent {
    readonly kind: 'page';
    readonly event: PageEventName;
}
/** A timer of the SDK fired much later than asked: the page or process was suspended or blocked. */
interface TimerGap {
    readonly kind: 'timer-gap';
    readonly gapMs: number;
    /** Only the clock on the wall shows it: a device that slept, or a clock that was set. */
    readonly byClock?: true;
}
interface CspViolation {
    readonly kind: 'csp-violation';
    readonly directive: string;
    /** Origin and path of what was blocked; of another path than the socket's only the origin and `/…`. */
    readonly blocked: string;
    readonly disposition: 'enforce' | 'report';
}
/** A question that the SDK asked, and its answer. `unknown` when the conditions under which the answer is true did not hold. */
interface ProbeResult {
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
    readonly rounds?: {
        readonly asked: number;
        readonly lost: number;
    };
}
type ProbeName = 'websocket-handshake' | 'websocket-other-protocol' | 'http-other-protocol' | 'websocket-again' | 'http-reachable' | 'http-handshake' | 'http-credentials' | 'http-headers' | 'http-root' | 'local-network-permission' | 'other-path' | 'unused-path' | 'swapped-scheme' | 'namespace-connect' | 'unknown-transport' | 'session' | 'session-upgrade';
/**
 * `connected` and `refused` in the words of the default parser, `foreign` in others; `closed`: the server closed the connection in good
 * order instead.
 */
type ConnectReply = 'connected' | 'refused' | 'foreign' | 'silent' | 'closed';
interface ConnectObservation {
    /** To a namespace that does not exist: every server that reads the packet answers at once. */
    readonly unused: ConnectReply;
    /** For so long the session had lived before the SDK said anything in it. */
    readonly quietMs: number;
    /** To the client's own namespace, without its `auth`; absent when the connection had ended before. */
    readonly own?: ConnectReply;
}
interface HttpObservation {
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
interface WebSocketObservation {
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

/** The ends of connections that had served a socket, bounded however long the session lasts. */
interface EndedConnections {
    /** All of them, kept or not: the more there were, the more likely some are alike by chance. */
    readonly count: number;
    /** Oldest first. */
    readonly latest: readonly EndedConnection[];
}
/** How one connection ended, reduced to what a comparison with others needs. */
interface EndedConnection {
    /** Milliseconds since the timeline began; negative for one of an earlier page load. */
    readonly at: number;
    /** 0 for one of an earlier page load. */
    readonly attempt: number;
    readonly transport: string;
    readonly reason: string;
    readonly closeCode?: number;
    readonly wasClean?: boolean;
    readonly byServer?: true;
    /** HTTP status of the request that failed; 0 when hidden or when there was no answer. */
    readonly status?: number;
    /** Milliseconds that the last transport had been open. */
    readonly transportAgeMs: number;
    /** Milliseconds since the last traffic that is known of. */
    readonly quietMs: number;
    readonly traffic?: Traffic;
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs?: number;
    /** Something waited to be sent. */
    readonly unsent?: true;
    /** The page was offline, left, frozen, in another network or stood still close to it. */
    readonly disturbed?: true;
    /** What the next attempt came to; absent while it is not known. */
    readonly next?: 'connected' | 'failed';
}

/**
 * What is no part of a URL as the client reads it: then it dials something else than was meant, or nothing at all. `query`: it names a session,
 * in the parameter that is the client's own.
 */
type UrlFlaw = 'scheme' | 'host' | 'port' | 'query';

/**
 * Everything a judge may know of one connection: who was talking to whom with which options, and what was seen.
 * The same shape serves live judging, support bundles, stored incidents and test recordings.
 */
interface Timeline {
    readonly schema: 1;
    readonly runtime: RuntimeFacts;
    readonly client: ClientFacts;
    readonly target: TargetFacts;
    readonly options: OptionFacts;
    /** The failure that is being judged; absent while there is none. */
    readonly about?: FailureScope;
    /** Oldest first. */
    readonly signals: readonly Signal[];
    /** How many signals were dropped from the middle to stay within the bound. */
    readonly droppedSignals: number;
    /** How the last connections ended, also those of earlier page loads: only several of them tell a rhythm. Absent while none has. */
    readonly ended?: EndedConnections;
}
interface RuntimeFacts {
    readonly kind: 'browser' | 'worker' | 'node' | 'react-native';
    /** Engine of the browser as far as feature tests tell; `node` in Node. */
    readonly engine: 'chromium' | 'firefox' | 'webkit' | 'node' | 'unknown';
    /** Scheme of the page, `http:`, `https:`, `file:`, …; absent without a page. */
    readonly pageScheme?: string;
    readonly pageHost?: string;
    /**
     * Other connections of the page that are on long-polling to the same host, as far as they are watched: each holds one of the six that
     * a browser opens. Absent where there is none.
     */
    readonly pollingElsewhere?: number;
    /** A service worker answers the HTTP requests of the page, or hands them on; it sees no WebSocket. */
    readonly serviceWorker?: true;
}
interface ClientFacts {
    readonly major: 1 | 2 | 3 | 4 | 0;
    /** As precise as a live socket tells, such as `4.6-4.7` or `4.8+`. */
    readonly version: string;
    /** Engine.IO protocol revision; absent until the first engine exists. */
    readonly protocol?: 3 | 4;
}
interface TargetFacts {
    readonly secure: boolean;
    readonly host: string;
    readonly port: string;
    /** Request path with its slashes, such as `/socket.io/`. */
    readonly path: string;
    /** Same scheme, host and port as the page; false in Node. */
    readonly sameOrigin: boolean;
}
/** The options that matter to a diagnosis: names, numbers and yes or no; values that can be secret are reduced to their presence. */
interface OptionFacts {
    readonly transports: readonly string[];
    readonly upgrade: boolean;
    readonly withCredentials: boolean;
    readonly hasExtraHeaders: boolean;
    readonly hasQuery: boolean;
    readonly hasAuth: boolean;
    readonly customParser: boolean;
    /** The character in the option `path` that ends a path in a URL; what comes from there on is not kept. */
    readonly pathHolds?: '?' | '#';
    /** The client shows a certificate of its own (`cert`, `pfx`). */
    readonly hasCertificate?: true;
    /** The part of the URL that is no such part. */
    readonly urlFlaw?: UrlFlaw;
    readonly reconnection: boolean;
    /** `null` for no limit. */
    readonly reconnectionAttempts: number | null;
    /** Milliseconds the client waits for a connection; `null` for no limit. */
    readonly timeoutMs: number | null;
}
/** `reconnection`: the client gave up. `recovery`: a session came back without its state. `upgrade-offer`: nothing to upgrade to. */
type Aspect = 'reconnection' | 'recovery' | 'upgrade-offer';
/** Which of the things that a timeline shows is the question: an outage and a refused namespace can share one timeline. */
interface FailureScope {
    readonly phase: 'connect' | 'namespace' | 'upgrade' | 'session' | 'usage';
    readonly namespace: string;
    /** Milliseconds since the timeline began at which the failure began. */
    readonly since: number;
    /** Phase `usage`: code of the one check whose finding this is, as several can hold at the same time. */
    readonly check?: string;
    /** What is told beside the failure itself: only the rules of this aspect are asked then. */
    readonly aspect?: Aspect;
    /** Code of the diagnosis of the failure beside which it is told. */
    readonly cause?: string;
    /** Answers from before this moment are too old to count: the questions were asked anew. */
    readonly askedSince?: number;
}

/** What it is about: no connection at all, a refused namespace, no WebSocket, a connection that ended, or a use that bites later. */
type Phase = FailureScope['phase'];
/** Who can mend it. */
type FixedBy = 'client' | 'server' | 'proxy' | 'network' | 'user';
type Severity = 'error' | 'warning' | 'info';
/**
 * `confirmed`: what was seen excludes every look-alike in the catalogue. `suspected`: others stay possible, and they are listed.
 */
type Certainty = 'confirmed' | 'suspected';
interface Evidence {
    /** A short sentence in the past tense that states the fact. */
    readonly claim: string;
    /** Kind of the signal that shows it. */
    readonly signal: SignalKind;
    /** Milliseconds since the timeline began. */
    readonly at: number;
}

/** The answer: what is broken, how sure that is, why we think so, and who can mend it. Plain JSON. */
interface DiagnosisOf<Code extends string, Details extends object> {
    readonly code: Code;
    readonly title: string;
    readonly phase: Phase;
    readonly certainty: Certainty;
    readonly severity: Severity;
    readonly fixedBy: FixedBy;
    readonly details: Details;
    readonly evidence: readonly Evidence[];
    /** Other causes that the facts leave possible, best first; empty when confirmed. */
    readonly alternatives: readonly Alternative[];
    /** Page of the Socket.IO documentation that explains it. */
    readonly docs: string;
    /** Where in the app's own code; only of usage checks, and only in what this page itself is told. */
    readonly local?: LocalHints;
}
interface Alternative {
    readonly code: string;
    readonly title: string;
}
/** Any diagnosis, with a code that this version may not know (stored data, newer SDKs). */
type AnyDiagnosis = DiagnosisOf<string, object>;

/**
 * One failure story, from the first error to recovery or end. An outage with 700 attempts is one incident, and so is a connection that
 * breaks again within two minutes of its recovery, however often: it opens anew under the same id, and from then on it counts as
 * resolved only once it has held for two minutes. Such repetitions are told when there were 1, 2, 4, 8 of them and so on, and at the end.
 */
interface Incident<D = AnyDiagnosis> {
    /** UUID. */
    readonly id: string;
    /** Counts from 1; the store keeps the highest. */
    readonly revision: number;
    readonly phase: Phase;
    /** `abandoned`: the page left, the app disconnected or `dispose()` was called while it was open. */
    readonly status: 'open' | 'resolved' | 'abandoned';
    /** ISO 8601, by the clock of the device. */
    readonly openedAt: string;
    readonly updatedAt: string;
    /** When it recovered or was abandoned; absent while open. */
    readonly closedAt?: string;
    /** Connection attempts that failed since it opened. */
    readonly failedAttempts: number;
    /** How often it broke again shortly after it had recovered; absent when it never did. */
    readonly recurrences?: number;
    /** Engine.IO transport in use when it opened. */
    readonly transport?: string;
    readonly namespace: string;
    readonly diagnosis: D;
    /** No question is pending: the answer will only change with new events. */
    readonly settled: boolean;
    /** Earlier best answers, oldest first; of many the first five and the last fifteen. */
    readonly history: readonly {
        readonly code: string;
        readonly certainty: Certainty;
        readonly at: string;
    }[];
    readonly timeline: Timeline;
}

/** How one wrapped socket fared so far: the same id is sent again with a higher revision as it goes on. */
interface SessionSummary {
    /** UUID. */
    readonly id: string;
    /** Counts from 1; the store keeps the highest. */
    readonly revision: number;
    readonly namespace: string;
    /** ISO 8601, by the clock of the device. */
    readonly startedAt: string;
    readonly updatedAt: string;
    /** Whether the socket has been connected at least once. */
    readonly connected: boolean;
    /** Milliseconds from the first attempt to the first `connect`. */
    readonly timeToConnectMs?: number;
    /** Milliseconds from the first handshake to the first upgrade. */
    readonly timeToUpgradeMs?: number;
    /** Engine.IO transport in use now or last. */
    readonly transport?: string;
    /** Whether an upgrade to WebSocket was offered and wanted. */
    readonly upgradeWanted: boolean;
    readonly reconnects: number;
    readonly failedAttempts: number;
    readonly connectedMs: number;
    readonly longestOutageMs: number;
    readonly incidents: number;
    /** Absent while it goes on. */
    readonly ended?: 'app' | 'page' | 'disposed';
}

/** What one request to a collector carries. The body is this object as JSON, at most 60,000 bytes. */
interface Envelope {
    /** `major.minor`. */
    readonly schema: string;
    readonly sdk: {
        readonly name: string;
        readonly version: string;
    };
    readonly app?: AppInfo;
    readonly session: SessionInfo;
    /** UUID of this batch; the same when the batch is sent again. */
    readonly batch: string;
    /** ISO 8601, by the clock of the device. */
    readonly sentAt: string;
    /** Records that were not sent, by reason, since the last batch that was acknowledged. */
    readonly dropped: Partial<Record<DropReason, number>>;
    readonly records: readonly DiagnosticsRecord[];
}
interface AppInfo {
    readonly name: string;
    readonly release?: string;
    readonly environment?: string;
}
/** Who the records are from: one page load, worker or process. */
interface SessionInfo {
    /** UUID, or what the app gave as `sessionId`. */
    readonly id: string;
    readonly startedAt: string;
    readonly runtime: SessionRuntime;
    readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}
/** Where a session runs: what its records can be told apart by. */
interface SessionRuntime extends RuntimeFacts {
    /** Major version of the engine, such as `131`; of WebKit, Safari's. Absent where the platform does not tell it. */
    readonly engineVersion?: string | undefined;
    /**
     * As the Network Information API has it when the batch is sent: `wifi`, `cellular`, `ethernet`, …; where only the speed is estimated,
     * `4g`, `3g`, `2g` or `slow-2g`. Absent in Firefox, Safari, React Native and Node.
     */
    readonly networkType?: string | undefined;
}
type DiagnosticsRecord = IncidentRecord | SessionRecord;
/** Stored by `(id, revision)`: the highest revision of an id wins. */
interface IncidentRecord extends Incident {
    readonly kind: 'incident';
}
/** The denominator: also sent for sockets that had no failure. */
interface SessionRecord extends SessionSummary {
    readonly kind: 'session';
    readonly client: ClientFacts;
    /** How many sessions this record stands for: 1 divided by the sample rate it was kept at. */
    readonly weight: number;
}
/** Why a record was not sent. */
type DropReason = 'queue-full' | 'too-large' | 'expired' | 'rejected' | 'before-send' | 'sampled' | 'rate-limited' | 'storage-full' | 'internal-error';

/** Where records go. */
interface Sink {
    /** Names this receiver in the page's storage, where unacknowledged records wait for the next load; a sink without a name keeps none. */
    readonly name?: string;
    /**
     * Resolves once the records are safe at the other end, or tells that they must be kept. A rejection, and no answer for 30 s, counts
     * as `retry`; resolving with nothing counts as `ok`. There may be no record, when only `context.envelope.dropped` is to be told.
     */
    send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
    /** Told once when something, such as an ad blocker or a Content-Security-Policy, seems to keep the receiver from being reached. */
    onBlocked?(): void;
    close?(): void;
}
interface SendContext {
    /** The envelope around the records, with its `records` left out; the same `batch` when a batch is sent again. */
    readonly envelope: Omit<Envelope, 'records'>;
    /** The page is being left: use only what survives it. */
    readonly leaving: boolean;
    /** How to send from where the SDK runs: the same sink serves pages, workers and Node. */
    readonly runtime: Carrier;
}
type SendResult = {
    readonly ok: true;
    /** Ids that the receiver refused for good, or how many. */
    readonly rejected?: readonly string[] | number;
} | {
    readonly ok: false;
    readonly retry: false;
    readonly reason: 'rejected' | 'too-large';
} | {
    readonly ok: false;
    readonly retry: true /** Milliseconds to wait, when the receiver said so. */;
    readonly afterMs?: number;
    /** Nothing answered at all: when that goes on while the device is online, something blocks the receiver. */
    readonly blocked?: boolean;
};

/** Options of every sink that sends by HTTP POST. */
interface PostSinkOptions {
    /** Sent with each request. Any header makes browsers ask the receiver for permission first, and rules `sendBeacon` out. */
    readonly headers?: Readonly<Record<string, string>>;
    /** False for devices whose browser fails keepalive requests, such as some television sets. Default: true. */
    readonly keepalive?: boolean;
    /** Milliseconds to wait for the receiver's answer. Default: 10,000. */
    readonly timeoutMs?: number;
    /**
     * `'gzip'` packs bodies where the runtime can, except while the page is left. Browsers then ask the receiver for permission first, as
     * for any header. Default: `'none'`.
     */
    readonly compression?: 'gzip' | 'none';
    /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to keep the receiver from being reached. */
    readonly onBlocked?: () => void;
}

/** Options of `otlpSink`. */
interface OtlpSinkOptions extends PostSinkOptions {
    /** Whether the timeline of an incident comes along, as JSON in one attribute. Default: false. */
    readonly timeline?: boolean;
}
/**
 * Sends records to an OpenTelemetry Collector, or to whatever takes OTLP over HTTP, as JSON logs; `url` ends in `/v1/logs` there. Each
 * revision of a record is a log record of its own, and `log.record.uid` is the same when it is sent again.
 */
declare function otlpSink(url: string, options?: OtlpSinkOptions): Sink;

export { otlpSink };
export type { OtlpSinkOptions };
