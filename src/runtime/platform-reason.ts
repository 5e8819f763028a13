import type { PlatformReason } from './runtime.js';

/**
 * React Native passes on what the platform says: on Android the messages of OkHttp, Conscrypt and the system's sockets, on iOS the
 * descriptions of NSURLErrorDomain in English (in other languages they stay unknown). The first match counts: a "failed to connect" message
 * may be followed by a more specific reason.
 */
const REASONS: readonly (readonly [RegExp, PlatformReason])[] = [
  // OkHttp RealConnection, UnknownServiceException; NSURLErrorAppTransportSecurityRequiresSecureConnection, -1022.
  [/^CLEARTEXT (communication|support)|^CLEARTEXT-only|App Transport Security policy requires/, 'cleartext'],
  [/Internet connection appears to be offline/, 'offline'],
  [/^Unable to resolve host|server with the specified hostname could not be found/, 'dns'],
  [/ENETUNREACH|EHOSTUNREACH|Network is (unreachable|down)|No route to host|Host is down/, 'no-route'],
  [/WRONG_VERSION_NUMBER|Unable to parse TLS packet header/, 'not-tls'],
  [/Trust anchor for certification path not found|signed by an unknown certifying authority/, 'tls-untrusted'],
  [/^Hostname [\s\S]* not verified/, 'tls-wrong-host'],
  [/certificate for this server has expired|CertificateExpiredException|[Cc]ertificate expired/, 'tls-expired'],
  [/certificate for this server is invalid|Chain validation failed|CertPathValidatorException/, 'tls-untrusted'],
  // NSURLErrorSecureConnectionFailed, -1200, in its words before and since iOS 15; SecureTransport by number in WebSockets of SocketRocket.
  [
    /(SSL|TLS) error (has occurred|caused the secure)|OSStatus error -98\d\d|kCFStreamErrorDomainSSL|^SSL handshake|SSLHandshakeException|Failure in SSL library/,
    'tls-failed',
  ],
  [/ETIMEDOUT|after \d+ms$|request timed out|^timeout$|timed out$/, 'connect-timeout'],
  [/ECONNREFUSED|Connection refused|^[Ff]ailed to connect to |Could not connect to the server/, 'refused'],
  [
    /^unexpected end of stream|ECONNRESET|Connection reset|network connection was lost|connection abort|Socket is not connected/,
    'reset',
  ],
  [/^Unexpected status line|cannot parse response/, 'not-http'],
];

/** Recognizes why the platform failed a request; `undefined` for unknown words. */
export function platformReason(text: unknown): PlatformReason | undefined {
  if (typeof text !== 'string') return undefined;
  return REASONS.find(([words]) => words.test(text))?.[1];
}
