import type { PlatformReason } from '../runtime/runtime.js';
import type { BodyKind } from './body-kind.js';
import type { Hosting } from './known-hosting.js';

/** What may be kept of an error: known messages of the client library, numbers and system codes; never free text. */
export interface ErrorFacts {
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
export type KnownMessage =
  | 'xhr poll error'
  | 'xhr post error'
  | 'fetch read error'
  | 'fetch write error'
  | 'websocket error'
  | 'webtransport error'
  | 'server error'
  | 'parser error'
  | 'timeout'
  | 'No transports available'
  | 'Invalid namespace'
  | 'v2 server';

export type { PlatformReason };
