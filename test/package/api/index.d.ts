/**
 * Where in the app's own code a usage check found something. Only the `diagnosis` event and the console within the page get it: it names
 * files, functions and events of the app, so it is in no incident, record or report.
 */
interface LocalHints {
    /** Frame of the app's code, as the runtime writes it; absent if the runtime does not report it (outside of V8) or none was running. */
    readonly where?: string;
    /** Names of the app's events concerned. */
    readonly events?: readonly string[];
    /** Names of the functions concerned. */
    readonly functions?: readonly string[];
}

/** How records leave from where the SDK runs. */
interface Carrier {
    /** Sends one telemetry body; never rejects. */
    post(delivery: PostRequest): Promise<PostAnswer>;
    /** Compresses a text; undefined if the platform cannot. Not generic, because that type is only generic since TypeScript 5.7. */
    gzip(text: string): Promise<Uint8Array | undefined>;
    /** `navigator.sendBeacon`; false if there is none or its quota is used up. */
    beacon(url: string, body: string): boolean;
}
/** Why a phone's platform refused or failed a request, derived from its messages; never the messages themselves, which name hosts. */
type PlatformReason = 'cleartext' | 'offline' | 'dns' | 'refused' | 'no-route' | 'reset' | 'connect-timeout' | 'tls-untrusted' | 'tls-expired' | 'tls-wrong-host' | 'tls-failed' | 'not-tls' | 'not-http';
/** What happens to a page as a whole. */
type PageEventName = 'offline' | 'online' | 'hidden' | 'visible' | 'frozen' | 'resumed' | 'left' | 'returned' | 'network-changed';
interface PostRequest {
    readonly url: string;
    readonly body: string;
    /** The body compressed with gzip, to be sent instead. */
    readonly packed?: Uint8Array;
    readonly contentType: string;
    readonly keepalive: boolean;
    readonly timeoutMs: number;
    readonly headers?: Readonly<Record<string, string>>;
}
interface PostAnswer {
    /** HTTP status; 0 if there was no response. */
    readonly status: number;
    /** Milliseconds to wait according to `Retry-After`; absent if not given or not readable. */
    readonly retryAfterMs?: number;
    /** The response body, up to 65,536 characters; empty if there was none. */
    readonly body: string;
}
/** Small persistent texts by name. No method throws. */
interface TextStorage {
    /** Names of all texts in it, including those that are not the SDK's. */
    keys(): readonly string[];
    get(key: string): string | undefined;
    /** False if it is full or denied. */
    set(key: string, value: string): boolean;
    remove(key: string): void;
    /**
     * Runs `task` while nobody else who shares the storage runs one under the same name; rejects or does nothing if the lock cannot be
     * obtained. Absent: Web Locks are used if they exist.
     */
    exclusive?(name: string, task: () => Promise<void>): Promise<void>;
}

/** What kind of response body it is, never its contents: the only form in which a body leaves the function that read it. */
type BodyKind = {
    readonly is: 'engineio-open';
    readonly protocol: 2 | 3 | 4;
    /** The handshake offers no upgrade to WebSocket. */
    readonly pollingOnly?: true;
}
/** `ownWords`: code 3 or 5 as the JavaScript server writes it, which uses codes other than 3 for what it does not support. */
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
/** Compressed bytes without a header that says so; a response that broke off or could not be decoded. */
 | {
    readonly is: 'compressed' | 'incomplete';
}
/** What Node's `http2` replies to HTTP/1.1 if it was not configured to accept that, too. */
 | {
    readonly is: 'http2-only';
}
/** A rejection because the client presented no certificate (mutual TLS). */
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

/** What may be kept of an error: known messages of the client library, numbers and system codes; never free text. */
interface ErrorFacts {
    /** The message if it is one of the client library's own; `other` for any other text. */
    readonly message: KnownMessage | 'other';
    /** The HTTP status; 0 if the browser hid it or there was no response. Absent if the error is not about HTTP. */
    readonly status?: number;
    readonly body?: BodyKind;
    /** The system's or TLS library's error code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); Node only. */
    readonly code?: string;
    /** The client could not make the request: its own code threw. */
    readonly notSent?: true;
    /** The serverless platform that signed the response, if its headers can be read. */
    readonly hosting?: Hosting;
    /** What the platform reported about a failed request; React Native only. */
    readonly platform?: PlatformReason;
    /** Milliseconds to wait according to `Retry-After`, of a 429 whose headers could be read. */
    readonly retryAfterMs?: number;
    /**
     * Whether the address in a system error is the one that the client was given, or another one to which a redirect led; `elsewhere` also
     * for a response, which Node's XMLHttpRequest does not reveal.
     */
    readonly dialled?: 'target' | 'elsewhere';
}
/** Messages of engine.io-client and socket.io-client, 1.x to 4.8 (lib/transports/*.ts, lib/socket.ts, lib/manager.ts). */
type KnownMessage = 'xhr poll error' | 'xhr post error' | 'fetch read error' | 'fetch write error' | 'websocket error' | 'webtransport error' | 'server error' | 'parser error' | 'timeout' | 'No transports available' | 'Invalid namespace' | 'v2 server';

/**
 * A fact about how the app uses its socket, recorded only with `lint: true`: counts, names of options, and ages. It never contains names of
 * the app's own events, its functions or its values.
 */
type Usage = {
    readonly kind: 'usage';
    readonly namespace: string;
} & UsageFact;
type UsageOf<F extends UsageFact['fact']> = Extract<Usage, {
    readonly fact: F;
}>;
type UsageFact = OptionsGiven | ListenersCounted | ConnectionsCounted | AcksCompared | SocketIdSent | SocketUnopened;
/** The options that `io()` was given, read from its Manager. */
interface OptionsGiven {
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
interface ListenersCounted {
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
interface ConnectionsCounted {
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
interface AcksCompared {
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
    /** Messages waiting in its buffer. */
    readonly buffered: number;
}

/**
 * Something that was seen: in the past tense, without interpretation and without secrets. Plain JSON, so that a timeline can be stored and
 * judged again with newer rules.
 */
type Signal = SignalBody & {
    /** Milliseconds since the timeline began. */
    readonly at: number;
    /** Number of the engine (connection attempt) it belongs to, from 1; 0 before the first one. */
    readonly attempt: number;
};
type SignalKind = SignalBody['kind'];
type SignalOf<K extends SignalKind> = Extract<Signal, {
    kind: K;
}>;
type SignalBody = AttemptStarted | Handshake | EngineOpened | EngineFailed | EngineClosed | TransportFailed | TransportUnopened | WebSocketClosed | UpgradeStarted | Upgraded | UpgradeFailed | UpgradeOverdue | Connected | ConnectFailed | ConnectOverdue | Disconnected | ReconnectFailed | PageEvent | TimerGap | CspViolation | Usage | ProbeResult;
/** The Manager created a new engine, by itself or because the app called `connect()`. */
interface AttemptStarted {
    readonly kind: 'attempt-started';
}
/** The Engine.IO open packet arrived: what the server offers, and its heartbeat. */
interface Handshake {
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
interface EngineOpened {
    readonly kind: 'engine-opened';
    readonly transport: string;
}
/** The engine emitted `error`. For engines that had not opened, it comes together with `connect-error`. */
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
interface Traffic {
    /** Packets since the transport opened, from both client and server. */
    readonly packets: number;
    /** The longest time between two of them, in milliseconds; the time after the last one is not counted. */
    readonly longestQuietMs: number;
}
/** A transport failed before the handshake and the engine went on to its next one (`tryAllTransports`, 4.8). */
interface TransportFailed {
    readonly kind: 'transport-failed';
    readonly transport: string;
    readonly error: ErrorFacts;
}
/** A transport could not even start: its constructor threw, which the client reports to nobody. */
interface TransportUnopened {
    readonly kind: 'transport-unopened';
    readonly transport: string;
    /** What the transport needs and this runtime does not have. */
    readonly missing?: string;
}
/** The close code as reported by the WebSocket itself: clients before 4.5 do not pass it on. */
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
     * `engine-closed` is a consequence of the engine's end and says nothing about the upgrade; `fallback`: the client started with WebSocket,
     * failed and went on with polling, from which it does not upgrade again (`tryAllTransports`, 4.8); `threw`: the constructor of the
     * transport threw, so nothing was requested; `other`: something other than the expected reply came back.
     */
    readonly how: 'refused' | 'closed' | 'engine-closed' | 'threw' | 'other' | 'fallback';
    /** What the transport needs and this runtime does not have. */
    readonly missing?: string;
}
/** A WebSocket was offered and wanted, and no event reported success or failure for `afterMs`. */
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
    /** The socket was given the same id that it already had; the id itself goes nowhere. */
    readonly sameId?: true;
}
/** The socket emitted `connect_error` (or, in 1.x and 2.x, `error` for a refused namespace). */
interface ConnectFailed {
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
type ConnectSent = 'default' | 'foreign' | 'no' | 'unknown';
/** The engine was open and a namespace neither connected nor refused for `afterMs`. */
interface ConnectOverdue {
    readonly kind: 'connect-overdue';
    readonly namespace: string;
    readonly transport: string;
    readonly afterMs: number;
    readonly sent: ConnectSent;
    /** The server accepted the polling request with the CONNECT packet. */
    readonly delivered?: true;
}
interface Disconnected {
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
interface ReconnectFailed {
    readonly kind: 'reconnect-failed';
}
interface PageEvent {
    readonly kind: 'page';
    readonly event: PageEventName;
}
/** A timer of the SDK fired much later than requested: the page or process was suspended or blocked. */
interface TimerGap {
    readonly kind: 'timer-gap';
    readonly gapMs: number;
    /** Only the wall clock shows it: the device slept, or the clock was set. */
    readonly byClock?: true;
}
interface CspViolation {
    readonly kind: 'csp-violation';
    readonly directive: string;
    /** Origin and path of what was blocked; for a path other than the socket's, only the origin and `/…`. */
    readonly blocked: string;
    readonly disposition: 'enforce' | 'report';
}
/** A probe that the SDK sent, and its result. `unknown` if the conditions under which the result is conclusive did not hold. */
interface ProbeResult {
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
    readonly rounds?: {
        readonly asked: number;
        readonly lost: number;
    };
}
type ProbeName = 'websocket-handshake' | 'websocket-other-protocol' | 'http-other-protocol' | 'websocket-again' | 'http-reachable' | 'http-handshake' | 'http-credentials' | 'http-headers' | 'http-root' | 'local-network-permission' | 'other-path' | 'unused-path' | 'swapped-scheme' | 'namespace-connect' | 'unknown-transport' | 'session' | 'session-upgrade';
/**
 * `connected` and `refused` in the format of the default parser, `foreign` in another; `closed`: the server closed the connection cleanly
 * instead.
 */
type ConnectReply = 'connected' | 'refused' | 'foreign' | 'silent' | 'closed';
interface ConnectObservation {
    /** To a namespace that does not exist: every server that reads the packet replies at once. */
    readonly unused: ConnectReply;
    /** How long the session had lived before the SDK said anything in it. */
    readonly quietMs: number;
    /** To the client's own namespace, without its `auth`; absent if the connection had ended before. */
    readonly own?: ConnectReply;
}
interface HttpObservation {
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
interface WebSocketObservation {
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

/** The ends of connections that had served a socket; bounded, however long the session lasts. */
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
    /** HTTP status of the request that failed; 0 if hidden or if there was no response. */
    readonly status?: number;
    /** Milliseconds that the last transport had been open. */
    readonly transportAgeMs: number;
    /** Milliseconds since the last known traffic. */
    readonly quietMs: number;
    readonly traffic?: Traffic;
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs?: number;
    /** Something was waiting to be sent. */
    readonly unsent?: true;
    /** Around that time the page was offline, left, frozen, moved to another network or stood still. */
    readonly disturbed?: true;
    /** What became of the next attempt; absent until that is known. */
    readonly next?: 'connected' | 'failed';
}

/**
 * The part of the URL that the client does not read as intended: it then dials something other than was meant, or nothing at all. `query`:
 * it names a session, in the parameter that belongs to the client.
 */
type UrlFlaw = 'scheme' | 'host' | 'port' | 'query';

/**
 * Everything a judge may know about one connection: who was talking to whom with which options, and what was seen. Live judging, support
 * bundles, stored incidents and test recordings all use the same shape.
 */
interface Timeline {
    readonly schema: 1;
    readonly runtime: RuntimeFacts;
    readonly client: ClientFacts;
    readonly target: TargetFacts;
    readonly options: OptionFacts;
    /** The failure that is being judged; absent if there is none. */
    readonly about?: FailureScope;
    /** Oldest first. */
    readonly signals: readonly Signal[];
    /** How many signals were dropped from the middle to stay within the limit. */
    readonly droppedSignals: number;
    /**
     * How the last connections ended, including those of earlier page loads: only several of them show a rhythm. Absent until one has ended.
     */
    readonly ended?: EndedConnections;
}
interface RuntimeFacts {
    readonly kind: 'browser' | 'worker' | 'node' | 'react-native';
    /** Engine of the browser as far as feature tests show; `node` in Node. */
    readonly engine: 'chromium' | 'firefox' | 'webkit' | 'node' | 'unknown';
    /** Scheme of the page, `http:`, `https:`, `file:`, …; absent without a page. */
    readonly pageScheme?: string;
    readonly pageHost?: string;
    /**
     * Other connections of the page that use long-polling to the same host, as far as they are watched: each occupies one of the six that a
     * browser opens. Absent if there are none.
     */
    readonly pollingElsewhere?: number;
    /** A service worker answers the HTTP requests of the page, or forwards them; it sees no WebSocket. */
    readonly serviceWorker?: true;
}
interface ClientFacts {
    readonly major: 1 | 2 | 3 | 4 | 0;
    /** As precise as a live socket reveals, such as `4.6-4.7` or `4.8+`. */
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
/** The options that matter to a diagnosis: names, numbers and booleans; values that may be secret are reduced to their presence. */
interface OptionFacts {
    readonly transports: readonly string[];
    readonly upgrade: boolean;
    readonly withCredentials: boolean;
    readonly hasExtraHeaders: boolean;
    readonly hasQuery: boolean;
    readonly hasAuth: boolean;
    readonly customParser: boolean;
    /** The character in the option `path` that ends a path in a URL; nothing from there on is kept. */
    readonly pathHolds?: '?' | '#';
    /** The client presents a certificate of its own (`cert`, `pfx`). */
    readonly hasCertificate?: true;
    /** The part of the URL that is invalid. */
    readonly urlFlaw?: UrlFlaw;
    readonly reconnection: boolean;
    /** `null` for no limit. */
    readonly reconnectionAttempts: number | null;
    /** Milliseconds the client waits for a connection; `null` for no limit. */
    readonly timeoutMs: number | null;
}
/**
 * `reconnection`: the client gave up. `recovery`: a session came back without its state. `upgrade-offer`: there is nothing to upgrade to.
 */
type Aspect = 'reconnection' | 'recovery' | 'upgrade-offer';
/** Which of the failures in a timeline is the question: an outage and a refused namespace can share one timeline. */
interface FailureScope {
    readonly phase: 'connect' | 'namespace' | 'upgrade' | 'session' | 'usage';
    readonly namespace: string;
    /** When the failure began, in milliseconds since the timeline began. */
    readonly since: number;
    /** Phase `usage`: code of the one check whose finding this is, as several can hold at the same time. */
    readonly check?: string;
    /** What is reported alongside the failure itself: only the rules of this aspect are applied then. */
    readonly aspect?: Aspect;
    /** Code of the diagnosis of the failure alongside which it is reported. */
    readonly cause?: string;
    /** Probe results from before this moment are too old to count: the probes were repeated. */
    readonly askedSince?: number;
}

/**
 * The only thing that a rule may read: the timeline and views of it that do not depend on any cause. Each view is `undefined` if the
 * failure being judged is not of its kind, so a rule that starts from a view is never asked about another phase.
 */
interface Facts extends Omit<Timeline, 'about'> {
    readonly about: FailureScope;
    /** All signals of a kind, including those from before the failure. */
    all<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
    /** The latest signal of a kind, including those from before the failure. */
    last<K extends SignalKind>(kind: K): SignalOf<K> | undefined;
    /** Signals of a kind since the failure began. */
    during<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
    /** The latest result of a probe that was sent since the failure began; none if it was blocked within the page. */
    probe(name: ProbeName): SignalOf<'probe'> | undefined;
    /** The latest failed attempt to connect; in an outage, also of the reconnection. */
    readonly connecting: ConnectFailure | undefined;
    /** The end of a connection that had been open. */
    readonly closing: Closing | undefined;
    /** The upgrade that failed or is overdue. */
    readonly upgrading: SignalOf<'upgrade-failed'> | SignalOf<'upgrade-overdue'> | undefined;
    /** The server's refusal of one namespace. */
    readonly refusal: SignalOf<'connect-error'> | undefined;
    /** The latest fact of this kind about how the app uses the socket; none while a failure is being judged. */
    usage<F extends UsageFact['fact']>(fact: F): (SignalOf<'usage'> & UsageOf<F>) | undefined;
    /** A session that opened, and a namespace in it that neither connected nor was refused. */
    readonly unanswered: Unanswered | undefined;
}
interface Unanswered {
    readonly signal: SignalOf<'connect-overdue'> | SignalOf<'disconnected'>;
    readonly namespace: string;
    /** How the CONNECT packet had left. */
    readonly sent: ConnectSent;
    /** Milliseconds from the engine's opening to the signal. */
    readonly waitedMs: number;
    /** How the session ended in the meantime; `orderly` for a close by the server. */
    readonly ended: 'orderly' | 'parse error' | 'other' | undefined;
    /** The signals of all attempts with the same outcome, including the current one. */
    readonly alike: readonly (SignalOf<'connect-overdue'> | SignalOf<'disconnected'>)[];
}
interface ConnectFailure {
    readonly signal: SignalOf<'connect-error'> | SignalOf<'engine-closed'> | SignalOf<'transport-unopened'>;
    readonly error: ErrorFacts;
    /** The client's own time limit ended the attempt. */
    readonly timedOut: boolean;
    readonly transport: string;
    /** The handshake of this attempt, if there was one. */
    readonly handshake: SignalOf<'handshake'> | undefined;
    /** Nothing of the response could be read, not even whether there was one. */
    readonly blind: boolean;
    /** Node and React Native: the connection was accepted and then ended without a response. */
    readonly cut: boolean;
    /** Node and React Native: a system or TLS error says that no connection was established. */
    readonly systemError: boolean;
}
interface Closing {
    readonly signal: SignalOf<'engine-closed'>;
    readonly reason: string;
    readonly transport: string;
    readonly closeCode: number | undefined;
    readonly wasClean: boolean | undefined;
    readonly error: ErrorFacts | undefined;
    /** The handshake of the connection that ended. */
    readonly handshake: SignalOf<'handshake'> | undefined;
    /** The socket had been connected, not only the engine. */
    readonly hadConnected: boolean;
    /**
     * The client ended it by itself because the browser said that there was no network: neither the server nor anything in between closed it.
     */
    readonly byOffline: boolean;
    /** The first `connected` after it. */
    readonly reconnected: SignalOf<'connected'> | undefined;
}

/**
 * What it is about: no connection at all, a refused namespace, no WebSocket, a connection that ended, or a usage mistake that causes
 * trouble later.
 */
type Phase = FailureScope['phase'];
/** Who can fix it. */
type FixedBy = 'client' | 'server' | 'proxy' | 'network' | 'user';
type Severity = 'error' | 'warning' | 'info';
/** `confirmed`: what was seen excludes every look-alike in the catalogue. `suspected`: other causes remain possible and are listed. */
type Certainty = 'confirmed' | 'suspected';
interface Evidence {
    /** A short sentence in the past tense that states the fact. */
    readonly claim: string;
    /** Kind of the signal that shows it. */
    readonly signal: SignalKind;
    /** Milliseconds since the timeline began. */
    readonly at: number;
}
interface Verdict<Details extends object = object> {
    readonly certainty: Certainty;
    /**
     * Orders suspicions: `likely` if something that was seen points to this cause in particular, `possible` (the default) if nothing
     * contradicts it.
     */
    readonly likelihood?: 'likely' | 'possible';
    /** Confirmed as a class: what remains possible within it is still listed in `alternatives`. */
    readonly asClass?: true;
    /** The probes that are left for this verdict, if they are fewer than, or different from, the rule's `needs`. */
    readonly ask?: readonly ProbeName[];
    readonly details: Details;
    readonly evidence: readonly Evidence[];
}
/** How often a cause was behind the public reports that were read; orders equally likely suspicions. */
type Frequency = 'common' | 'occasional' | 'rare';
/** One cause of the catalogue: what identifies it, and a pure function of the facts that recognizes it. */
interface Rule<Code extends string = string, Details extends object = object> {
    /** Permanent kebab-case name of the failing state; also the name of the file, the fault, the recording and the anchor. */
    readonly code: Code;
    /** A short noun phrase, or a sentence without a full stop. */
    readonly title: string;
    readonly phase: Phase;
    readonly fixedBy: FixedBy;
    readonly severity: Severity;
    readonly frequency: Frequency;
    /** A setup mistake: unlikely if the same address has served a session before, and then listed last. */
    readonly isSetup?: true;
    /** Reported alongside a failure or without one, as an incident of its own. */
    readonly aspect?: Aspect;
    /** First SDK version with this rule. */
    readonly since: string;
    /** Path and anchor on the Socket.IO site that explains it. */
    readonly docs: string;
    /** Probes that could turn this suspicion into a confirmation or rule it out. */
    readonly needs: readonly ProbeName[];
    /** Causes that explain this one: if one of them is confirmed, this one is not reported. */
    readonly yieldsTo: readonly string[];
    match(facts: Facts): Verdict<Details> | undefined;
}

/** The diagnosis: what is broken, how certain that is, the evidence, and who can fix it. Plain JSON. */
interface DiagnosisOf<Code extends string, Details extends object> {
    readonly code: Code;
    readonly title: string;
    readonly phase: Phase;
    readonly certainty: Certainty;
    readonly severity: Severity;
    readonly fixedBy: FixedBy;
    readonly details: Details;
    readonly evidence: readonly Evidence[];
    /**
     * Other causes that the facts leave possible, best first. Empty when confirmed, except when confirmed as a class: then it lists the other
     * members of the class.
     */
    readonly alternatives: readonly Alternative[];
    /** Page of the Socket.IO documentation that explains it. */
    readonly docs: string;
    /** Where in the app's own code; only for usage checks, and only in what is reported within this page. */
    readonly local?: LocalHints;
}
interface Alternative {
    readonly code: string;
    readonly title: string;
}
/** Turns a registry of rules into the union of their diagnoses, so that narrowing on `code` types `details`. */
type DiagnosisFrom<R> = R extends Rule<infer Code, infer Details> ? DiagnosisOf<Code, Details> : never;
/** Any diagnosis, with a code that this version may not know (stored data, newer SDKs). */
type AnyDiagnosis = DiagnosisOf<string, object>;

interface Link {
    readonly title: string;
    readonly url: string;
}

type Details$11 = Record<never, never>;

interface Details$10 {
    /** A WebSocket of the SDK broke right after its first message. */
    readonly isReproduced: boolean;
}

interface Details$$ {
    /**
     * `rejected`: the handshake was rejected. `closed`: the connection was cut (Node can tell this from a rejection; browsers only once the
     * handshake had passed). `hanging`: it was never answered. `swallowed`: it succeeded, but no frame gets through.
     */
    readonly how: 'rejected' | 'closed' | 'hanging' | 'swallowed' | 'unknown';
    /** HTTP status of the rejection, if it can be read (Node). */
    readonly status?: number;
}

interface Details$_ {
    /** Version of the client, as far as it can be determined. */
    readonly clientVersion: string;
}

interface Details$Z {
    readonly clientVersion: string;
}

interface Details$Y {
    /** The part of the URL that is malformed; from a malformed end the client makes a namespace that does not begin with a slash. */
    readonly part: UrlFlaw | 'namespace';
}

interface Details$X {
    readonly transport: string;
    /** The server was seen to serve neither: maybe it is not told which one is requested. */
    readonly none?: true;
}

interface Details$W {
    /** The transport that cannot be used; absent if none of those requested can. */
    readonly transport?: string;
    /** What it needs but this runtime does not have, if known. */
    readonly missing?: string;
    /** The part of the app's options that the runtime refused to send. */
    readonly refused?: 'header' | 'option';
}

interface Details$V {
    /** The scheme in the URL; the server responds to the other one. */
    readonly scheme: 'http' | 'https';
}

interface Details$U {
    readonly reason: Reason;
    readonly code?: string;
}
/** `client-certificate`: the server requires a client certificate, or rejects the one that it got. */
type Reason = 'self-signed' | 'unknown-ca' | 'chain-incomplete' | 'expired' | 'not-yet-valid' | 'wrong-host' | 'client-certificate' | 'unknown';

interface Details$T {
    /** `upgrade`: polling stays with one server; only WebSocket goes elsewhere. */
    readonly scope: 'all' | 'upgrade';
    /**
     * Whether cookie-based stickiness can work: `not-sent` if this client sends no cookies to this address (another origin without
     * `withCredentials`, or Node), `unknown` if it would.
     */
    readonly cookie: 'not-sent' | 'unknown';
}

interface Details$S {
    /** Age of the session when the server no longer recognized it, in milliseconds. */
    readonly ageMs: number;
}

interface Details$R {
    /** Milliseconds from the cut to the reconnection; absent while the server is down. */
    readonly backAfterMs?: number;
}

interface Details$Q {
    /** How far the client got; absent if the browser hides it. */
    readonly stage?: Stage;
    readonly code?: string;
}
type Stage = 'dns' | 'refused' | 'reset' | 'no-route' | 'connect-timeout' | 'tls' | 'not-http' | 'http2-only';

interface Details$P {
    /** `origin`: the server itself checks the page's origin. `forbidden`: `allowRequest` or an engine middleware rejected the request. */
    readonly reason: 'origin' | 'forbidden';
}

interface Details$O {
    /** What the server sent first: something that is not Socket.IO, or nothing. */
    readonly firstMessage: 'other' | 'none' | 'unknown';
}

interface Details$N {
    readonly platform: Hosting | 'unknown';
}

interface Details$M {
    readonly status?: number;
    readonly body?: string;
}

interface Details$L {
    /** The client's own connection timeout, in milliseconds. */
    readonly timeoutMs?: number;
    /** Set if handshakes are answered and only POST requests are not. */
    readonly method?: 'POST';
    /** How long a response took when the SDK asked again, in milliseconds; absent if none came. */
    readonly answeredAfterMs?: number;
}

interface Details$K {
    /** Absent if the browser hides it. */
    readonly status?: number;
}

interface Details$J {
    readonly namespace: string;
    /** It came within a second of `connect`: the server rejects this client in its connection handler. */
    readonly onConnect: boolean;
}

interface Details$I {
    /** Close code of the WebSocket: 1005 none, 1000 normal, 1001 going away. */
    readonly closeCode?: number;
}

interface Details$H {
    /** Whether a question of the SDK was answered with an old handshake, too. */
    readonly isReproduced: boolean;
}

interface Details$G {
    /**
     * `handshake`: there is something before or after it, or a part is missing. `encoding`: it is compressed without saying so, or the
     * reverse, or it is shorter than announced. `frames`: the WebSocket delivered something that is not a valid frame. `request`: the
     * client's POST requests do not arrive as they were sent. `status`: a valid response has a status other than 200. `query`: requests
     * arrive without the session id, or the protocol version, that their query had. `headers`: the head of a response is not valid HTTP
     * (Node).
     */
    readonly what: 'handshake' | 'encoding' | 'headers' | 'frames' | 'request' | 'status' | 'query';
}

interface Details$F {
    /** 401; 407 or 511 if the client's own network asks for it; absent if the browser hides it. */
    readonly status?: number;
}

interface Details$E {
    /** The status of the redirect, if it can be read. */
    readonly status?: number;
}

interface Details$D {
    /** Milliseconds to wait according to `Retry-After`, if the client could read it. */
    readonly retryAfterMs?: number;
}

interface Details$C {
    /** The method that was rejected, if the handshake passed and only sending is blocked. */
    readonly method?: 'POST';
    /** URL, headers or cookies are longer than the server or an intermediary accepts. */
    readonly tooLarge?: true;
}

interface Details$B {
    /** Which of its transports do not leave the browser, as far as that was asked. */
    readonly transports: 'polling' | 'all' | 'unknown';
}

interface Details$A {
    /** How long the socket was disconnected, in milliseconds. */
    readonly gapMs: number;
    /** `no-event-before`: the server had not sent any event that could mark where to resume. */
    readonly reason: 'no-event-before' | 'unknown';
}

interface Details$z {
    /** The client's `reconnectionAttempts`; absent if it cannot be determined. */
    readonly attempts?: number;
    /** Code of the diagnosis of the outage itself, which has an incident of its own. */
    readonly cause?: string;
}

interface Details$y {
    /** Milliseconds after which the connection was cut, on average. */
    readonly periodMs: number;
    /** How many connections ended like that. */
    readonly samples: number;
}

interface Details$x {
    /** What was still to be sent, in bytes. */
    readonly unsentBytes?: number;
    readonly pingTimeoutMs?: number;
}

interface Details$w {
    /** What was still to be sent, in bytes. */
    readonly sizeBytes?: number;
    /** The server's `maxHttpBufferSize`, in bytes; absent before Socket.IO 4.5. */
    readonly limitBytes?: number;
    /** `client`: the message came from the server, and a Node client's WebSocket accepts no more than its `maxPayload`. */
    readonly by: 'server' | 'proxy' | 'client' | 'unknown';
    /** It was the CONNECT packet, whose only content is the client's `auth`. */
    readonly isConnect?: true;
}

interface Details$v {
    readonly requestedPath: string;
    /** The path at which a Socket.IO server responded; absent when only its presence is known. */
    readonly workingPath?: string;
    /** The client's `path` option contains this character, which ends a path in a URL. */
    readonly holds?: '?' | '#';
}

interface Details$u {
    /** Which side has a custom parser, as far as that shows. */
    readonly customParser: 'client' | 'server' | 'unknown';
}

interface Details$t {
    /** Milliseconds for which the page or process is known to have been suspended or blocked; absent while it has not come back. */
    readonly stoodStillMs?: number;
}

interface Details$s {
    /** Which protocol could not be parsed: the Socket.IO packets, or the Engine.IO packets that carry them. */
    readonly level: 'socket.io' | 'engine.io';
    /** Clients 4.5.0 to 4.5.2 report an exception in one of the app's own listeners in the same way. */
    readonly maybeListener: boolean;
}

interface Details$r {
    readonly namespace: string;
    /** The namespace looks like a request path that was put into the URL. */
    readonly looksLikePath: boolean;
}

interface Details$q {
    readonly namespace: string;
    /** How long the socket had waited when this was noticed, in milliseconds; absent if the server closed the session first. */
    readonly waitedMs?: number;
    /** The server ended the session in the meantime: `connectTimeout`, 45 s by default. */
    readonly closedByServer: boolean;
}

interface Details$p {
    readonly pageScheme: string;
}

interface Details$o {
    readonly namespace: string;
    /** The rejection carried details from the app in `err.data`. */
    readonly hasData: boolean;
}

interface Details$n {
    /** Host name in the socket's URL. */
    readonly host: string;
    /** Where the client runs instead. */
    readonly clientIsOn: 'device' | 'page-of-another-host';
}

interface Details$m {
    /** What the page calls: the user's own machine, or another one on the local network. */
    readonly target: 'loopback' | 'local';
    /** Whether the page has a secure context, without which permission cannot be granted. */
    readonly isSecurePage: boolean;
}

interface Details$l {
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs: number;
    /** The slowest handshake seen, in milliseconds: how long this network can take for a response. */
    readonly slowestHandshakeMs?: number;
    /** Together they exceed the longest time a timer can wait (24.8 days), so the client gives up at once. */
    readonly isEndless?: true;
}

interface Details$k {
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs?: number;
    /** How the reconnection went, which distinguishes a short stall from a dead server or network path. */
    readonly afterwards: 'reconnected' | 'failed' | 'unknown';
}

interface Details$j {
    /** 502, 503, 504 or 408, or a status that a CDN uses for the server behind it; absent if the browser hides it. */
    readonly status?: number;
}

interface Details$i {
    readonly directive: string;
    /** Origin and path that the policy blocked. */
    readonly blockedUri: string;
    readonly transport: 'polling' | 'websocket';
}

interface Details$h {
    /** Scheme and host of the page, which the server must allow. */
    readonly pageOrigin: string;
}

interface Details$g {
    /** Scheme and host of the page, which the server must allow along with the headers. */
    readonly pageOrigin: string;
}

interface Details$f {
    readonly pageOrigin: string;
}

interface Details$e {
    /** Age at which the connections were cut, in milliseconds, on average. */
    readonly periodMs: number;
    /** How many connections ended like that. */
    readonly samples: number;
}

interface Details$d {
    /** How long a request by the SDK waited, in milliseconds; absent if none could be made. */
    readonly waitedMs?: number;
}

interface Details$c {
    /** Connections that ended within the last minute. */
    readonly ends: number;
    /** How long the longest of them lasted, in milliseconds. */
    readonly longestMs: number;
}

interface Details$b {
    /** Age of the connection when it was cut, in milliseconds. */
    readonly ageMs: number;
    readonly transport: string;
}

type Details$a = Record<never, never>;

interface Details$9 {
    readonly port: string;
}

interface Details$8 {
    readonly namespace: string;
    /** How long the connection had been open when this was noticed, in milliseconds; absent if the server closed it first. */
    readonly waitedMs?: number;
}

/** Every cause of the catalogue but the fallback, sorted by code. */
declare const rules: readonly [Rule<"auth-callback-hanging", Details$8>, Rule<"browser-port-blocked", Details$9>, Rule<"cleartext-blocked", Details$a>, Rule<"connection-cut", Details$b>, Rule<"connection-flapping", Details$c>, Rule<"connection-limit-reached", Details$d>, Rule<"connection-max-duration", Details$e>, Rule<"cors-credentials-not-allowed", Details$f>, Rule<"cors-header-not-allowed", Details$g>, Rule<"cors-origin-not-allowed", Details$h>, Rule<"csp-blocked", Details$i>, Rule<"gateway-failing", Details$j>, Rule<"heartbeat-lost", Details$k>, Rule<"heartbeat-too-tight", Details$l>, Rule<"local-network-access-blocked", Details$m>, Rule<"localhost-from-elsewhere", Details$n>, Rule<"middleware-rejected", Details$o>, Rule<"mixed-content-blocked", Details$p>, Rule<"namespace-not-answering", Details$q>, Rule<"namespace-unknown", Details$r>, Rule<"network-changed", {
    readonly transport: string;
}>, Rule<"network-offline", {
    readonly during: "connect" | "session";
}>, Rule<"packet-invalid", Details$s>, Rule<"page-suspended", Details$t>, Rule<"parser-mismatch", Details$u>, Rule<"path-mismatch", Details$v>, Rule<"payload-too-large", Details$w>, Rule<"payload-upload-too-slow", Details$x>, Rule<"proxy-idle-timeout", Details$y>, Rule<"reconnection-exhausted", Details$z>, Rule<"recovery-failed", Details$A>, Rule<"request-blocked-by-client", Details$B>, Rule<"request-forbidden", Details$C>, Rule<"request-rate-limited", Details$D>, Rule<"request-redirected", Details$E>, Rule<"request-unauthorized", Details$F>, Rule<"response-altered", Details$G>, Rule<"response-cached", Details$H>, Rule<"server-closed-connection", Details$I>, Rule<"server-disconnected-socket", Details$J>, Rule<"server-error-response", Details$K>, Rule<"server-not-answering", Details$L>, Rule<"server-not-socketio", Details$M>, Rule<"server-on-serverless", Details$N>, Rule<"server-plain-websocket", Details$O>, Rule<"server-refused-request", Details$P>, Rule<"server-unreachable", Details$Q>, Rule<"server-went-down", Details$R>, Rule<"session-lost", Details$S>, Rule<"session-not-sticky", Details$T>, Rule<"tls-certificate-rejected", Details$U>, Rule<"tls-scheme-mismatch", Details$V>, Rule<"transport-not-available", Details$W>, Rule<"transport-not-enabled", Details$X>, Rule<"url-malformed", Details$Y>, Rule<"version-client-too-new", Details$Z>, Rule<"version-client-too-old", Details$_>, Rule<"websocket-blocked", Details$$>, Rule<"websocket-handled-twice", Details$10>, Rule<"websocket-not-offered", Details$11>];

/** The diagnosis when something failed and no known cause applies. */
declare const rule: Rule<'unclassified', {
    readonly phase: string;
}>;

interface Details$7 {
    /** Scheme of the page, which the client put in front of the URL; `none` if there is no page. */
    readonly scheme: string;
}

interface Details$6 {
    readonly waitedMs: number;
    /** Messages that wait for the connection. */
    readonly buffered: number;
}

interface Details$5 {
    /** Messages so far that contained the id. */
    readonly messages: number;
    /** It was the id of an earlier connection, which no longer identifies anyone. */
    readonly outdated: boolean;
}

interface Details$4 {
    /** Emits right after connect that were not acknowledged. */
    readonly unanswered: number;
    /** Age of the connection at the last of them, in milliseconds. */
    readonly unansweredUntilMs: number;
    /** Age of the connection at the first emit that was acknowledged, in milliseconds. */
    readonly answeredFromMs: number;
}

/** Why an option has no effect here. */
type NoEffect = 'websocket-has-no-headers' | 'websocket-always-sends-cookies' | 'browser-decides-tls' | 'no-websocket' | 'nothing-to-upgrade' | 'above-the-maximum' | 'zero-is-the-default' | 'url-decides' | 'client-too-old';
interface Details$3 {
    readonly options: readonly {
        readonly name: string;
        readonly reason: NoEffect;
    }[];
}

interface Details$2 {
    readonly options: readonly UnknownOption[];
}
interface UnknownOption {
    readonly name: string;
    /** The option that was probably meant. */
    readonly meant?: string;
    /** It is a server option. */
    readonly ofServer?: true;
}

interface Details$1 {
    /** Identical listeners on one event after each of the latest connects, oldest first. */
    readonly counts: readonly number[];
    /** Events on which listeners pile up. */
    readonly events: number;
    /** The event, if it is one of the client's own. */
    readonly event?: string;
}

interface Details {
    /** Connections to the same address with the same options that were open at the same time. */
    readonly connections: number;
    /** All of them asked for a connection of their own (`forceNew` or `multiplex: false`). */
    readonly forced: boolean;
}

/**
 * What `lint: true` looks for, sorted by code; apart from the other causes so that a production build has none of it. A function, because
 * the minifier of Next.js and Rspack (swc) leaves out what nothing calls, but keeps lists that only such functions name.
 */
declare const usageRules: () => readonly [Rule<"connections-duplicated", Details>, Rule<"listeners-duplicated", Details$1>, Rule<"option-unknown", Details$2>, Rule<"option-without-effect", Details$3>, Rule<"server-handler-registered-late", Details$4>, Rule<"socket-id-as-identity", Details$5>, Rule<"socket-never-opened", Details$6>, Rule<"url-missing", Details$7>];

type AnyRule = (typeof rules)[number] | ReturnType<typeof usageRules>[number] | typeof rule;
/** Permanent names of the causes. A minor release may add some: keep a `default` branch. */
type CauseCode = AnyRule['code'];
/** A diagnosis; narrowing on `code` types `details`. */
type Diagnosis = DiagnosisFrom<AnyRule>;

/**
 * One failure, from the first error to recovery or end. An outage with 700 attempts is one incident, and so is a connection that breaks
 * again within two minutes of its recovery, however often: it reopens under the same id, and from then on it counts as resolved only once
 * it has held for two minutes. Such repetitions are reported when there have been 1, 2, 4, 8 of them and so on, and at the end.
 */
interface Incident<D = AnyDiagnosis> {
    /** UUID. */
    readonly id: string;
    /** Counts from 1; the store keeps the highest. */
    readonly revision: number;
    readonly phase: Phase;
    /** `abandoned`: the page was left, the app disconnected or `dispose()` was called while it was open. */
    readonly status: 'open' | 'resolved' | 'abandoned';
    /** ISO 8601, by the device's clock. */
    readonly openedAt: string;
    readonly updatedAt: string;
    /** When it recovered or was abandoned; absent while open. */
    readonly closedAt?: string;
    /** Connection attempts that have failed since it opened. */
    readonly failedAttempts: number;
    /** How often it broke again shortly after it had recovered; absent if it never did. */
    readonly recurrences?: number;
    /** Engine.IO transport in use when it opened. */
    readonly transport?: string;
    readonly namespace: string;
    readonly diagnosis: D;
    /** No probe is pending: the diagnosis will change only with new events. */
    readonly settled: boolean;
    /** Earlier best diagnoses, oldest first; if there are many, the first five and the last fifteen. */
    readonly history: readonly {
        readonly code: string;
        readonly certainty: Certainty;
        readonly at: string;
    }[];
    readonly timeline: Timeline;
}
/** What a revision reports. `reopened`: it had been reported as resolved and broke again shortly after. */
type IncidentChange = 'opened' | 'changed' | 'resolved' | 'reopened' | 'abandoned';

/** How one wrapped socket has fared so far: the same id is sent again with a higher revision as it continues. */
interface SessionSummary {
    /** UUID. */
    readonly id: string;
    /** Counts from 1; the store keeps the highest. */
    readonly revision: number;
    readonly namespace: string;
    /** ISO 8601, by the device's clock. */
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
    /** Absent while it continues. */
    readonly ended?: 'app' | 'page' | 'disposed';
}

/** The events of `diagnostics.on`; each event is one object. */
type DiagnosticsEvents = {
    /** The best diagnosis of an incident is new or has changed, and no probe is pending. */
    diagnosis: {
        readonly diagnosis: Diagnosis;
        readonly incident: Incident<Diagnosis>;
    };
    incident: {
        readonly incident: Incident<Diagnosis>;
        readonly change: IncidentChange;
    };
    /** The transport in use, reported when an engine opens and after an upgrade. */
    transport: {
        readonly transport: string;
    };
    /** A new engine was created; counts from 1. */
    attempt: {
        readonly attempt: number;
    };
    session: {
        readonly session: SessionSummary;
    };
};
/** Everything that is known now, without sending any probes. */
interface Snapshot {
    readonly state: 'connecting' | 'connected' | 'disconnected';
    readonly namespace: string;
    readonly transport?: string;
    /** Connection attempts so far. */
    readonly attempt: number;
    readonly session: SessionSummary;
    /** What the server announced in its last handshake. */
    readonly handshake?: {
        readonly pingIntervalMs?: number;
        readonly pingTimeoutMs?: number;
        readonly maxPayloadBytes?: number;
    };
    readonly incident?: Incident<Diagnosis>;
}
/** The results of every probe that can be run here, and the diagnosis that follows from them and from what was seen. */
interface CheckReport {
    readonly probes: readonly ProbeResult[];
    /** Absent if nothing has failed. */
    readonly diagnosis?: Diagnosis;
}
/** A support bundle; it contains no payloads, tokens, headers, queries or session ids. */
interface SupportBundle {
    readonly markdown: string;
    readonly json: {
        readonly snapshot: Snapshot;
        readonly timeline: Timeline;
    };
}
/** The handle on a wrapped socket. */
interface Diagnostics {
    on<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
    off<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
    /** The incident that is open now. An outage takes precedence over a refused namespace, and that over a failed upgrade. */
    readonly current: Incident<Diagnosis> | undefined;
    snapshot(): Snapshot;
    /** Runs all probes now, whatever the `probe` option says; takes up to a minute. */
    check(): Promise<CheckReport>;
    report(): SupportBundle;
    /** Sends what is waiting; resolves with true if all of it is safe at every sink. */
    flush(): Promise<boolean>;
    /** Stops listening and removes everything from the socket and its Manager; open incidents end as abandoned. */
    dispose(): void;
}

/**
 * The parts of socket.io-client and engine.io-client, 1.x to 4.x, that we use. Everything but `on` is optional: names that a version lacks
 * or a bundler mangled read as `undefined`, and then less is known. No name here starts with an underscore unless a comment says why.
 */
interface EmitterLike {
    on(event: any, listener: any): any;
}
/** Any socket of socket.io-client 1.x to 4.x. */
interface SocketLike extends EmitterLike {
    connected: boolean;
    io: object;
}

/** The body of one request to a collector: this object as JSON, at most 60,000 bytes. */
interface Envelope {
    /** `major.minor`. */
    readonly schema: string;
    readonly sdk: {
        readonly name: string;
        readonly version: string;
    };
    readonly app?: AppInfo;
    readonly session: SessionInfo;
    /** UUID of this batch; it stays the same when the batch is sent again. */
    readonly batch: string;
    /** ISO 8601, by the device's clock. */
    readonly sentAt: string;
    /** Records that were not sent, by reason, since the last acknowledged batch. */
    readonly dropped: Partial<Record<DropReason, number>>;
    readonly records: readonly DiagnosticsRecord[];
}
interface AppInfo {
    readonly name: string;
    readonly release?: string;
    readonly environment?: string;
}
/** Where the records are from: one page load, worker or process. */
interface SessionInfo {
    /** UUID, or the app's `sessionId`. */
    readonly id: string;
    readonly startedAt: string;
    readonly runtime: SessionRuntime;
    readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}
/** Where a session runs: what its records can be grouped by. */
interface SessionRuntime extends RuntimeFacts {
    /** Major version of the engine, such as `131`; for WebKit, Safari's. Absent if the platform does not report it. */
    readonly engineVersion?: string | undefined;
    /**
     * As reported by the Network Information API when the batch is sent: `wifi`, `cellular`, `ethernet`, …; if only the speed is estimated,
     * `4g`, `3g`, `2g` or `slow-2g`. Absent in Firefox, Safari, React Native and Node.
     */
    readonly networkType?: string | undefined;
}
type DiagnosticsRecord = IncidentRecord | SessionRecord;
/** Stored by `(id, revision)`: the highest revision of an id wins. */
interface IncidentRecord extends Incident {
    readonly kind: 'incident';
}
/** The denominator: also sent for sockets without a failure. */
interface SessionRecord extends SessionSummary {
    readonly kind: 'session';
    readonly client: ClientFacts;
    /** How many sessions this record stands for: 1 divided by the sample rate at which it was kept. */
    readonly weight: number;
}
/** Why a record was not sent. */
type DropReason = 'queue-full' | 'too-large' | 'expired' | 'rejected' | 'before-send' | 'sampled' | 'rate-limited' | 'storage-full' | 'internal-error';
/** A collector's response with a 2xx: how many records are stored, and which were rejected and why. */
interface CollectorAnswer {
    readonly accepted: number;
    readonly rejected: readonly {
        readonly index: number;
        readonly id?: string;
        readonly reason: string;
    }[];
}

/** Where records go. */
interface Sink {
    /**
     * Names this receiver in the page's storage, where unacknowledged records wait for the next page load; a sink without a name keeps none.
     */
    readonly name?: string;
    /**
     * Resolves once the records are safe at the other end, or says that they must be kept. A rejection, or no result within 30 s, counts as
     * `retry`; resolving with nothing counts as `ok`. `records` is empty when only `context.envelope.dropped` needs to be reported.
     */
    send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
    /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to prevent the receiver from being reached. */
    onBlocked?(): void;
    close?(): void;
}
/**
 * The shortest sink. If it throws or rejects, the batch is retried; anything else it returns counts as accepted unless it is a
 * `SendResult`.
 */
type SinkFunction = (records: readonly DiagnosticsRecord[], context: SendContext) => unknown;
interface SendContext {
    /** The envelope around the records, without its `records`; the `batch` stays the same when a batch is sent again. */
    readonly envelope: Omit<Envelope, 'records'>;
    /** The page is being left: use only means that survive it. */
    readonly leaving: boolean;
    /** How to send from where the SDK runs: the same sink serves pages, workers and Node. */
    readonly runtime: Carrier;
}
type SendResult = {
    readonly ok: true;
    /** Ids that the receiver rejected for good, or their number. */
    readonly rejected?: readonly string[] | number;
} | {
    readonly ok: false;
    readonly retry: false;
    readonly reason: 'rejected' | 'too-large';
} | {
    readonly ok: false;
    readonly retry: true;
    /** Milliseconds to wait, if the receiver said so. */
    readonly afterMs?: number;
    /** The receiver was not reached: if that continues while the device is online, something blocks the receiver. */
    readonly blocked?: boolean;
};

/** Upper limits for what a page sends, however much goes wrong on it. */
interface DeliveryLimits {
    /** Records that may leave per minute; further ones wait, with the newest revision of each. Default: 60. */
    readonly recordsPerMinute?: number;
    /** Incidents and sessions per page load; further ones are only counted. Default: 1,000; no limit in Node, where a process lives long. */
    readonly recordsPerSession?: number;
}

/** Limits for the probes that look for a cause. */
interface ProbeOptions {
    /** Maximum number of requests in one round of probes; a long outage gets further rounds. Default: 6. */
    readonly maxPerIncident?: number;
    /** Milliseconds between two rounds of probes to the same host; doubles with each further round. Default: 60,000. */
    readonly cooldownMs?: number;
    /** Time limit for one request, in milliseconds. Default: 5,000. */
    readonly timeoutMs?: number;
}
interface DiagnosticsOptions {
    /** Which app the records are from. */
    readonly app?: AppInfo;
    /** Where records go: the URL of a collector, a sink, a function, or several of these. Absent: nothing leaves the page. */
    readonly collector?: string | Sink | SinkFunction | readonly (string | Sink | SinkFunction)[];
    /** Called whenever the best diagnosis of an incident is new or changes. */
    readonly onDiagnosis?: (event: {
        readonly diagnosis: Diagnosis;
        readonly incident: Incident<Diagnosis>;
    }) => void;
    /**
     * Whether the SDK may send requests of its own to the server to tell look-alikes apart. Default: `'auto'`. Sockets of one Manager share
     * its connection: if one of them says `'never'`, no probes are sent for the others either.
     */
    readonly probe?: 'auto' | 'never' | ProbeOptions;
    /** Share of the sessions without an incident that are reported, from 0 to 1. Default: 1. */
    readonly sampleRate?: number;
    /** Upper limits for what is sent, however much goes wrong. Default: 60 records per minute, 1,000 incidents and sessions per page load. */
    readonly limits?: DeliveryLimits;
    /**
     * Where records wait until they are acknowledged, even across page loads; `false` keeps them in memory only. Default: `localStorage` in
     * pages; in Node, use `fileStorage(folder)` of `socket.io-diagnostics/file`.
     */
    readonly storage?: TextStorage | false;
    /** Sees every record last; what it returns is sent, `null` drops the record. */
    readonly beforeSend?: (record: DiagnosticsRecord) => DiagnosticsRecord | null;
    /** Id for this page load; by default a random UUID. */
    readonly sessionId?: string;
    /** Facts about the app, sent with every batch. */
    readonly attributes?: Readonly<Record<string, string | number | boolean>>;
    /** Whether each diagnosis is written to the console; `'dev'` means only outside of production builds. Default: false. */
    readonly console?: 'dev' | boolean;
    /** Whether to check how the socket is used for mistakes that cause trouble later; production builds check nothing. Default: false. */
    readonly lint?: boolean;
}

type WithDiagnostics = <T extends SocketLike>(socket: T, options?: DiagnosticsOptions) => T & {
    readonly diagnostics: Diagnostics;
};

type Io = (...args: never[]) => SocketLike;
type WrapIo = <F extends Io>(io: F, options?: DiagnosticsOptions) => F;

/** Options of every sink that sends by HTTP POST. */
interface PostSinkOptions {
    /** Sent with each request. Any header causes a CORS preflight in browsers and rules out `sendBeacon`. */
    readonly headers?: Readonly<Record<string, string>>;
    /** False for devices whose browsers fail keepalive requests, such as some TV sets. Default: true. */
    readonly keepalive?: boolean;
    /** Milliseconds to wait for the receiver's response. Default: 10,000. */
    readonly timeoutMs?: number;
    /**
     * `'gzip'` compresses bodies where the runtime can, except while the page is being left. Like any header, it causes a CORS preflight.
     * Default: `'none'`.
     */
    readonly compression?: 'gzip' | 'none';
    /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to prevent the receiver from being reached. */
    readonly onBlocked?: () => void;
}

/** Options of `httpSink`. */
interface HttpSinkOptions extends PostSinkOptions {
}
/** Sends records to a collector: one POST of `text/plain` per batch, which browsers send to another origin without a preflight. */
declare function httpSink(url: string, options?: HttpSinkOptions): Sink;

/** What happened, what to do about it, and where to read more: plain text, the same as in CAUSES.md and the dashboard. */
interface Explanation {
    readonly summary: string;
    readonly remedy: string;
    /** A line or a few of code or configuration. */
    readonly snippet?: string;
    readonly see: readonly Link[];
}
/** Explains a diagnosis, even one that was stored, or sent by another version: an unknown code gets its documentation link. */
declare function explain(diagnosis: {
    readonly code: string;
    readonly title: string;
    readonly details?: object | null;
    readonly docs: string;
}): Explanation;

/**
 * Whether a URL belongs to a request of the SDK itself: a probe, or an upload by a sink created on this page. For tools that trace requests
 * and take a function, such as Datadog's `excludedActivityUrls` or Sentry's `shouldCreateSpanForRequest`.
 */
declare function isOwnRequest(url: string): boolean;
/** The same as patterns, for tools that take those, such as OpenTelemetry's `ignoreUrls`; pass the URLs of your sinks. */
declare function ownRequestPatterns(...sinkUrls: readonly string[]): RegExp[];

/**
 * Watches a socket of socket.io-client 1.x to 4.x and reports why it cannot connect, cannot upgrade or gets disconnected. Returns the same
 * socket with a `diagnostics` handle; wrapping it twice returns the same handle. Never throws.
 */
declare const withDiagnostics: WithDiagnostics;
/** A drop-in for code that calls `io()` in many places: every socket it creates is watched. */
declare const wrapIo: WrapIo;

export { explain, httpSink, isOwnRequest, ownRequestPatterns, withDiagnostics, wrapIo };
export type { Alternative, AnyDiagnosis, AppInfo, CauseCode, Certainty, CheckReport, ClientFacts, CollectorAnswer, DeliveryLimits, Diagnosis, DiagnosisFrom, Diagnostics, DiagnosticsEvents, DiagnosticsOptions, DiagnosticsRecord, DropReason, Envelope, Evidence, Explanation, FailureScope, FixedBy, HttpSinkOptions, Incident, IncidentChange, IncidentRecord, Link, OptionFacts, Phase, PostSinkOptions, ProbeName, ProbeOptions, ProbeResult, Rule, RuntimeFacts, SendContext, SendResult, SessionInfo, SessionRecord, SessionRuntime, SessionSummary, Severity, Signal, SignalKind, Sink, SinkFunction, Snapshot, SocketLike, SupportBundle, TargetFacts, TextStorage, Timeline, WithDiagnostics, WrapIo };
