import type { EndedConnections } from './ended-connections.js';
import type { Signal } from './signal.js';
import type { UrlFlaw } from './url-flaw.js';

/**
 * Everything a judge may know of one connection: who was talking to whom with which options, and what was seen.
 * The same shape serves live judging, support bundles, stored incidents and test recordings.
 */
export interface Timeline {
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

export interface RuntimeFacts {
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

export interface ClientFacts {
  readonly major: 1 | 2 | 3 | 4 | 0;
  /** As precise as a live socket tells, such as `4.6-4.7` or `4.8+`. */
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

/** The options that matter to a diagnosis: names, numbers and yes or no; values that can be secret are reduced to their presence. */
export interface OptionFacts {
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
export type Aspect = 'reconnection' | 'recovery' | 'upgrade-offer';

/** Which of the things that a timeline shows is the question: an outage and a refused namespace can share one timeline. */
export interface FailureScope {
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
