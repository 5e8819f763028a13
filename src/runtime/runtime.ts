/**
 * All that the SDK uses of the world around it. Only the files in this folder touch globals; everything else is given a `Runtime`,
 * so that it can be tested with a fake one and so that a host's patched or missing globals are met in one place.
 */
export interface Runtime extends Carrier, PlatformWords {
  readonly kind: 'browser' | 'worker' | 'node' | 'react-native';
  readonly engine: 'chromium' | 'firefox' | 'webkit' | 'node' | 'unknown';
  /** Its major version; undefined where it is not told. */
  readonly engineVersion: string | undefined;
  /** Location of the page or worker; undefined where there is none. */
  readonly page: { readonly scheme: string; readonly host: string; readonly hostname: string } | undefined;
  /** Whether a service worker stands between the page and the network at this moment. */
  readonly hasServiceWorker?: () => boolean;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  /** Random number from 0 up to 1. */
  random(): number;
  /** Begins with the time, so that the ids of one time lie together where they are stored. */
  uuid(): string;
  /** Calls back once; never keeps a Node process alive. Returns what cancels it. */
  delay(callback: () => void, ms: number): () => void;
  /** Whether there is no such global. */
  lacks(name: 'WebSocket' | 'WebTransport' | 'XMLHttpRequest' | 'fetch'): boolean;
  /** `undefined` where nobody knows. */
  isOnline(): boolean | undefined;
  isHidden(): boolean;
  savesData(): boolean;
  /** As the Network Information API names it at this moment: `wifi`, `cellular`, …, or `4g`, … where only the speed is told. */
  networkType(): string | undefined;
  /** Tells what happens to the page until the returned function is called. Nothing is ever told in Node. */
  observePage(listener: (event: PageSignal) => void): () => void;
  /** Small persistent text storage of this origin; undefined where there is none or it is denied. */
  readonly storage: TextStorage | undefined;
  /** Runs `task` while no other tab of this origin runs one under the same name; where locks do not exist it just runs. */
  exclusive(name: string, task: () => Promise<void>): Promise<void>;
  /** Writes one line to the console, for the developer of the app. */
  warn(message: string): void;
  isDevelopment(): boolean;
  /** Keeps a Node process alive until the returned function is called: timers and sockets of the SDK never do so by themselves. */
  holdProcess(): () => void;
}

/** What reads the words of a platform that says why a request failed; browsers say nothing. */
export interface PlatformWords {
  /** On phones. */
  platformReason?(words: unknown): PlatformReason | undefined;
  /** In Node, of an error that the system or the TLS library is behind. */
  systemErrorCode?(error: unknown): string | undefined;
}

/** How records leave from where the SDK runs. */
export interface Carrier {
  /** Sends one telemetry body; never rejects. */
  post(delivery: PostRequest): Promise<PostAnswer>;
  /** Packs a text; undefined where the platform cannot. Not generic, as the type is only since TypeScript 5.7. */
  gzip(text: string): Promise<Uint8Array | undefined>;
  /** `navigator.sendBeacon`; false where there is none or its quota is used up. */
  beacon(url: string, body: string): boolean;
}

/** With what only questions need: a page that is well does without. */
export interface ProbingRuntime extends Runtime {
  /** Asks over HTTP without credentials unless told otherwise; never rejects. The body is read up to 4,096 characters. */
  request(question: HttpQuestion): Promise<HttpAnswer>;
  /** Opens a WebSocket, waits for its first message and closes it; never rejects. */
  openWebSocket(question: WebSocketQuestion): Promise<WebSocketAnswer>;
  /** State of the first of these permissions that the browser knows; `undefined` where it knows none. */
  permission(names: readonly string[]): Promise<'granted' | 'denied' | 'prompt' | undefined>;
}

/** Why a phone's platform refused or failed a request, by its own words; never the words themselves, which name hosts. */
export type PlatformReason =
  | 'cleartext'
  | 'offline'
  | 'dns'
  | 'refused'
  | 'no-route'
  | 'reset'
  | 'connect-timeout'
  | 'tls-untrusted'
  | 'tls-expired'
  | 'tls-wrong-host'
  | 'tls-failed'
  | 'not-tls'
  | 'not-http';

/** What happens to a page as a whole. */
export type PageEventName =
  | 'offline'
  | 'online'
  | 'hidden'
  | 'visible'
  | 'frozen'
  | 'resumed'
  | 'left'
  | 'returned'
  | 'network-changed';

export type PageSignal =
  | { readonly event: PageEventName }
  | {
      readonly event: 'csp-violation';
      readonly directive: string;
      readonly blocked: string;
      readonly disposition: 'enforce' | 'report';
    };

export interface HttpQuestion {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** `opaque` asks only whether anything answers (`mode: 'no-cors'`); in Node both are the same. */
  readonly mode: 'cors' | 'opaque';
  readonly withCredentials?: boolean;
  /** Browsers only: they decide whether the browser asks the server first (a CORS preflight). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Node only: TLS and agent options of the client, so that the question is asked under the client's own conditions. */
  readonly tls?: object;
}

export interface HttpAnswer {
  readonly result: 'answered' | 'opaque' | 'redirected' | 'failed' | 'timeout';
  readonly status?: number;
  readonly body?: string;
  readonly contentType?: string;
  /** The body broke off or could not be decoded. */
  readonly incomplete?: true;
  /** Names of its headers in lower case, as far as they can be read. */
  readonly headerNames?: readonly string[];
  /** Name of a known reverse proxy from the `Server` header, where that can be read. */
  readonly proxy?: string;
  /** Node only: the system's or TLS library's error code. */
  readonly code?: string;
  readonly durationMs: number;
}

export interface WebSocketQuestion {
  readonly url: string;
  /** Limit for the handshake, in milliseconds. */
  readonly timeoutMs: number;
  /** How long to wait for the first message once open, in milliseconds. */
  readonly firstMessageMs: number;
  /** What to say once the first message came: after a silence of `quietMs`, each line waits for an answer up to `answerMs`. */
  readonly dialog?: { readonly lines: readonly string[]; readonly quietMs: number; readonly answerMs: number };
  /** Node only. */
  readonly tls?: object;
}

export interface WebSocketAnswer {
  readonly result: 'message' | 'silent' | 'rejected' | 'closed' | 'timeout' | 'threw';
  /** The first text message; the second one too where it came in the same moment. */
  readonly messages: readonly string[];
  /** Of a dialog: what came unasked after the first message, then what came after each line; a binary message is an empty text. */
  readonly replies?: readonly (readonly string[])[];
  /** Milliseconds from the last line of a dialog to its end. */
  readonly sinceLineMs?: number;
  /** As the browser tells it; 1006 in Node when the connection ended without a close frame. */
  readonly closeCode?: number;
  /** Node only: status of the answer that refused the upgrade. */
  readonly status?: number;
  /** Node only: the beginning of that answer. */
  readonly body?: string;
  readonly code?: string;
  /** Milliseconds until the handshake succeeded or failed. */
  readonly durationMs: number;
}

export interface PostRequest {
  readonly url: string;
  readonly body: string;
  /** The body as gzip has it, to be sent instead. */
  readonly packed?: Uint8Array;
  readonly contentType: string;
  readonly keepalive: boolean;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PostAnswer {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Milliseconds to wait by `Retry-After`; absent when not said or not readable. */
  readonly retryAfterMs?: number;
  /** The answer, up to 65,536 characters; empty when there was none. */
  readonly body: string;
}

/** Small persistent texts by name. No method throws. */
export interface TextStorage {
  /** Names of all texts that are there, also of those that are not the SDK's. */
  keys(): readonly string[];
  get(key: string): string | undefined;
  /** False when it is full or denied. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /**
   * Runs `task` while nobody else who shares the storage runs one under the same name; rejects or does nothing when it cannot be had.
   * Absent: Web Locks are used where they exist.
   */
  exclusive?(name: string, task: () => Promise<void>): Promise<void>;
}
