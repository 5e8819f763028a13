/** What kind of response body it is, never its contents: the only form in which a body leaves the function that read it. */
export type BodyKind =
  | {
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
  | { readonly is: 'engineio-altered' }
  /** Compressed bytes without a header that says so; a response that broke off or could not be decoded. */
  | { readonly is: 'compressed' | 'incomplete' }
  /** What Node's `http2` replies to HTTP/1.1 if it was not configured to accept that, too. */
  | { readonly is: 'http2-only' }
  /** A rejection because the client presented no certificate (mutual TLS). */
  | { readonly is: 'certificate-wanted' }
  | { readonly is: 'html' | 'json' | 'text' | 'empty' };

/**
 * Codes of an Engine.IO server: 0 transport unknown, 1 session id unknown, 2 bad handshake method, 3 bad request, 4 forbidden,
 * 5 unsupported protocol version (engine.io lib/server.ts).
 */
export type EngineErrorCode = 0 | 1 | 2 | 3 | 4 | 5;
