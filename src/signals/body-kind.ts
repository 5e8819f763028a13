/**
 * What a response body is, never what it says: the only form in which a body leaves the function that read it.
 */
export type BodyKind =
  | {
      readonly is: 'engineio-open';
      readonly protocol: 2 | 3 | 4 /** The handshake offers no upgrade to WebSocket. */;
      readonly pollingOnly?: true;
    }
  | { readonly is: 'engineio-error'; readonly code: EngineErrorCode; readonly origin?: true }
  /** A handshake with something before or after it, or with a part missing. */
  | { readonly is: 'engineio-altered' }
  /** Compressed bytes that nobody announced; an answer that broke off, or that could not be decoded. */
  | { readonly is: 'compressed' | 'incomplete' }
  | { readonly is: 'html' | 'json' | 'text' | 'empty' };

/**
 * Codes of an Engine.IO server: 0 transport unknown, 1 session id unknown, 2 bad handshake method, 3 bad request, 4 forbidden,
 * 5 unsupported protocol version (engine.io lib/server.ts).
 */
export type EngineErrorCode = 0 | 1 | 2 | 3 | 4 | 5;
