/**
 * Everything the SDK uses of the world around it. Only the files in this folder touch globals; everything else is given a `Runtime`, so
 * that it can be tested with a fake one and so that a host's patched or missing globals are dealt with in one place.
 */
export interface Runtime extends Carrier, PlatformWords {
  readonly kind: 'browser' | 'worker' | 'node' | 'react-native';
  readonly engine: 'chromium' | 'firefox' | 'webkit' | 'node' | 'unknown';
  /** Its major version; undefined if it is not reported. */
  readonly engineVersion: string | undefined;
  /** Location of the page or worker; undefined if there is none. */
  readonly page: { readonly scheme: string; readonly host: string; readonly hostname: string } | undefined;
  /** Whether a service worker currently controls the page. */
  readonly hasServiceWorker?: () => boolean;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds on a clock that never goes back. */
  monotonicMs(): number;
  /** Random number from 0 up to, but not including, 1. */
  random(): number;
  /** Starts with the time, so that ids created together are stored together. */
  uuid(): string;
  /** Calls back once; never keeps a Node process alive. Returns a function that cancels it. */
  delay(callback: () => void, ms: number): () => void;
  /** Whether there is no such global. */
  lacks(name: 'WebSocket' | 'WebTransport' | 'XMLHttpRequest' | 'fetch'): boolean;
  /** `undefined` if unknown. */
  isOnline(): boolean | undefined;
  isHidden(): boolean;
  savesData(): boolean;
  /** As the Network Information API currently names it: `wifi`, `cellular`, …, or `4g`, … if only the speed is reported. */
  networkType(): string | undefined;
  /** Reports what happens to the page until the returned function is called. In Node, nothing is ever reported. */
  observePage(listener: (event: PageSignal) => void): () => void;
  /** Small persistent text storage of this origin; undefined if there is none or it is denied. */
  readonly storage: TextStorage | undefined;
  /** Runs `task` while no other tab of this origin runs one under the same name; without locks, it just runs it. */
  exclusive(name: string, task: () => Promise<void>): Promise<void>;
  /** Writes one line to the console, for the app's developer. */
  warn(message: string): void;
  isDevelopment(): boolean;
  /** Keeps a Node process alive until the returned function is called: timers and sockets of the SDK never do so by themselves. */
  holdProcess(): () => void;
}

/** Reads the error messages of a platform that says why a request failed; browsers say nothing. */
export interface PlatformWords {
  /** On phones. */
  platformReason?(words: unknown): PlatformReason | undefined;
  /** In Node, for an error caused by the system or the TLS library. */
  systemErrorCode?(error: unknown): string | undefined;
}

/** How records leave from where the SDK runs. */
export interface Carrier {
  /** Sends one telemetry body; never rejects. */
  post(delivery: PostRequest): Promise<PostAnswer>;
  /** Compresses a text; undefined if the platform cannot. Not generic, because that type is only generic since TypeScript 5.7. */
  gzip(text: string): Promise<Uint8Array | undefined>;
  /** `navigator.sendBeacon`; false if there is none or its quota is used up. */
  beacon(url: string, body: string): boolean;
}

/** With what only probes need: a page without failures does without. */
export interface ProbingRuntime extends Runtime {
  /** Sends an HTTP request, without credentials unless told otherwise; never rejects. The body is read up to 4,096 characters. */
  request(question: HttpQuestion): Promise<HttpAnswer>;
  /** Opens a WebSocket, waits for its first message and closes it; never rejects. */
  openWebSocket(question: WebSocketQuestion): Promise<WebSocketAnswer>;
  /** State of the first of these permissions that the browser knows; `undefined` if it knows none. */
  permission(names: readonly string[]): Promise<'granted' | 'denied' | 'prompt' | undefined>;
}

/** Why a phone's platform refused or failed a request, derived from its messages; never the messages themselves, which name hosts. */
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
  /** `opaque` only checks whether anything responds (`mode: 'no-cors'`); in Node both are the same. */
  readonly mode: 'cors' | 'opaque';
  readonly withCredentials?: boolean;
  /** Browsers only: they decide whether the browser sends a CORS preflight first. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Node only: TLS and agent options of the client, so that the probe is sent under the client's own conditions. */
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
  /** Name of a known reverse proxy from the `Server` header, if that can be read. */
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
  /** What to say once the first message has come: after a silence of `quietMs`, each line waits up to `answerMs` for a reply. */
  readonly dialog?: { readonly lines: readonly string[]; readonly quietMs: number; readonly answerMs: number };
  /** Node only. */
  readonly tls?: object;
}

export interface WebSocketAnswer {
  readonly result: 'message' | 'silent' | 'rejected' | 'closed' | 'timeout' | 'threw';
  /** The first text message; also the second one if it came at the same moment. */
  readonly messages: readonly string[];
  /** In a dialog: what came unsolicited after the first message, then what came after each line; a binary message is an empty string. */
  readonly replies?: readonly (readonly string[])[];
  /** Milliseconds from the last line of a dialog to its end. */
  readonly sinceLineMs?: number;
  /** As the browser reports it; 1006 in Node if the connection ended without a close frame. */
  readonly closeCode?: number;
  /** Node only: status of the response that refused the upgrade. */
  readonly status?: number;
  /** Node only: the beginning of that response. */
  readonly body?: string;
  readonly code?: string;
  /** Milliseconds until the handshake succeeded or failed. */
  readonly durationMs: number;
}

export interface PostRequest {
  readonly url: string;
  readonly body: string;
  /** The body compressed with gzip, to be sent instead. */
  readonly packed?: Uint8Array;
  readonly contentType: string;
  readonly keepalive: boolean;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PostAnswer {
  /** HTTP status; 0 if there was no response. */
  readonly status: number;
  /** Milliseconds to wait according to `Retry-After`; absent if not given or not readable. */
  readonly retryAfterMs?: number;
  /** The response body, up to 65,536 characters; empty if there was none. */
  readonly body: string;
}

/** Small persistent texts by name. No method throws. */
export interface TextStorage {
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
