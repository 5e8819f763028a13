import type { EndedConnections } from './ended-connections.js';
import type { Signal } from './signal.js';
import type { UrlFlaw } from './url-flaw.js';

/**
 * Everything a judge may know about one connection: who was talking to whom with which options, and what was seen. Live judging, support
 * bundles, stored incidents and test recordings all use the same shape.
 */
export interface Timeline {
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

export interface RuntimeFacts {
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

export interface ClientFacts {
  readonly major: 1 | 2 | 3 | 4 | 0;
  /** As precise as a live socket reveals, such as `4.6-4.7` or `4.8+`. */
  readonly version: string;
  /** Engine.IO protocol revision; absent until the first engine exists. */
  readonly protocol?: 3 | 4;
}

export interface TargetFacts {
  readonly secure: boolean;
  readonly host: string;
  readonly port: string;
  /** Request path with its slashes, such as `/socket.io/`. */
  readonly path: string;
  /** Same scheme, host and port as the page; false in Node. */
  readonly sameOrigin: boolean;
}

/** The options that matter to a diagnosis: names, numbers and booleans; values that may be secret are reduced to their presence. */
export interface OptionFacts {
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
export type Aspect = 'reconnection' | 'recovery' | 'upgrade-offer';

/** Which of the failures in a timeline is the question: an outage and a refused namespace can share one timeline. */
export interface FailureScope {
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
