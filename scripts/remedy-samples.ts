/** Details of a diagnosis for which the fix of its cause is worded in its own way. */
export interface RemedySample {
  /** When these details occur, as the beginning of a sentence; absent if nothing needs to be said. */
  readonly when?: string;
  readonly details: object;
}

/**
 * The fixes that CAUSES.md shows of a cause whose fix depends on the details of the diagnosis, the most common case first. A cause that is
 * not here has one fix.
 */
export const remedySamples: Readonly<Record<string, readonly RemedySample[]>> = {
  'csp-blocked': [
    { when: 'If HTTP long-polling is blocked', details: { directive: 'connect-src', transport: 'polling' } },
    { when: 'If WebSocket is blocked', details: { directive: 'connect-src', transport: 'websocket' } },
  ],
  'gateway-failing': [
    { when: 'With 502, 503 and most other statuses', details: {} },
    { when: 'With 504 or 524', details: { status: 504 } },
  ],
  'heartbeat-lost': [
    { when: 'If the client could reconnect', details: { afterwards: 'reconnected' } },
    { when: 'If it could not', details: { afterwards: 'failed' } },
  ],
  'heartbeat-too-tight': [
    { details: { pingTimeoutMs: '‹pingTimeoutMs›' } },
    { when: 'If the server allows more than 24.8 days', details: { isEndless: true } },
  ],
  'local-network-access-blocked': [
    { when: 'If the page is served over https', details: { isSecurePage: true } },
    { when: 'If it is not', details: { isSecurePage: false } },
  ],
  'localhost-from-elsewhere': [
    { when: 'In a page', details: { host: '‹host›', clientIsOn: 'page-of-another-host' } },
    { when: 'In an app on a device', details: { host: '‹host›', clientIsOn: 'device' } },
  ],
  'namespace-unknown': [
    { details: { namespace: '/‹namespace›', looksLikePath: false } },
    { when: 'If the name looks like a path', details: { namespace: '/‹namespace›/', looksLikePath: true } },
  ],
  'option-without-effect': [
    ['With `transports: ["websocket"]` in a browser', 'extraHeaders', 'websocket-has-no-headers'],
    ['With `transports: ["websocket"]` in a browser', 'withCredentials', 'websocket-always-sends-cookies'],
    ['In a browser', 'rejectUnauthorized', 'browser-decides-tls'],
    ['With `transports: ["polling"]`', 'upgrade', 'no-websocket'],
    ['With `transports: ["websocket"]`', 'upgrade', 'nothing-to-upgrade'],
    ['If the delay exceeds its maximum', 'reconnectionDelay', 'above-the-maximum'],
    ['With 0', 'reconnectionAttempts', 'zero-is-the-default'],
    ['With 0', 'reconnectionDelay', 'zero-is-the-default'],
    ['If the URL sets it, too', 'query', 'url-decides'],
    ['If the URL sets it, too', 'secure', 'url-decides'],
    ['If the client is too old for it', 'auth', 'client-too-old'],
  ].map(([when = '', name, reason]) => ({ when, details: { options: [{ name, reason }] } })),
  'packet-invalid': [
    { when: 'If it was a Socket.IO packet', details: { level: 'socket.io', maybeListener: true } },
    { when: 'If it was an Engine.IO packet', details: { level: 'engine.io' } },
  ],
  'parser-mismatch': [
    { when: 'If it is unknown which side has a custom parser', details: { customParser: 'unknown' } },
    { when: 'If the client has', details: { customParser: 'client' } },
    { when: 'If the server has', details: { customParser: 'server' } },
  ],
  'path-mismatch': [
    {
      when: 'If the server was found',
      details: { requestedPath: '/‹requestedPath›', workingPath: '/‹workingPath›' },
    },
    { when: 'If it was not', details: { requestedPath: '/‹requestedPath›' } },
    {
      when: 'If only the trailing slash differs',
      details: { requestedPath: '/‹workingPath›/', workingPath: '/‹workingPath›' },
    },
    { when: 'If the option has no slash at its start', details: { requestedPath: '‹requestedPath›' } },
    { when: 'If the option contains a ? or #', details: { requestedPath: '/‹requestedPath›', holds: '?' } },
  ],
  'payload-too-large': [
    { when: 'If the server rejected it, or if that is unknown', details: { by: 'server' } },
    { when: 'If a proxy rejected it', details: { by: 'proxy' } },
    { when: 'If a Node client rejected it', details: { by: 'client' } },
    { when: 'If it was the first message', details: { by: 'unknown', isConnect: true } },
  ],
  'payload-upload-too-slow': [{ details: { pingTimeoutMs: '‹pingTimeoutMs›' } }],
  'reconnection-exhausted': [{ details: { attempts: '‹attempts›', cause: '‹cause›' } }],
  'recovery-failed': [
    { when: 'If the server had sent an event before', details: { reason: 'unknown' } },
    { when: 'If it had not', details: { reason: 'no-event-before' } },
  ],
  'request-blocked-by-client': [
    { details: { transports: 'unknown' } },
    { when: 'If WebSocket is not blocked', details: { transports: 'polling' } },
  ],
  'request-forbidden': [
    { when: 'With 403, and in general', details: {} },
    { when: 'If only POST requests are rejected', details: { method: 'POST' } },
    { when: 'With 413, 414 or 431', details: { tooLarge: true } },
  ],
  'request-unauthorized': [
    { when: 'With 401', details: { status: 401 } },
    { when: 'With 407', details: { status: 407 } },
    { when: 'With 511', details: { status: 511 } },
  ],
  'response-altered': [
    { when: 'If the handshake is altered or cannot be decoded', details: { what: 'handshake' } },
    { when: 'If the head of a response is not valid', details: { what: 'headers' } },
    { when: 'If the status is altered', details: { what: 'status' } },
    { when: 'If WebSocket frames are not valid', details: { what: 'frames' } },
    { when: 'If POST requests are altered', details: { what: 'request' } },
    { when: 'If the query is altered', details: { what: 'query' } },
  ],
  'server-disconnected-socket': [
    { when: 'If it happens later', details: { onConnect: false } },
    { when: 'If it happens right after the connection', details: { onConnect: true } },
  ],
  'server-error-response': [{ details: {} }, { when: 'With 520 and above', details: { status: 520 } }],
  'server-not-answering': [
    { when: 'If there is no response at all', details: { timeoutMs: 20_000 } },
    { when: 'If the SDK got a quick response later', details: { timeoutMs: 20_000, answeredAfterMs: 1 } },
    {
      when: 'If the response is slow',
      details: { timeoutMs: '‹timeoutMs›', answeredAfterMs: '‹answeredAfterMs›' },
    },
    { when: 'If only POST requests are not answered', details: { method: 'POST' } },
  ],
  'server-not-socketio': [
    { when: 'With 404', details: { status: 404 } },
    { when: 'Otherwise', details: {} },
  ],
  'server-on-serverless': [{ details: { platform: 'vercel' } }],
  'server-refused-request': [
    { when: 'If the server gave no reason', details: { reason: 'forbidden' } },
    { when: 'If the server does not accept the origin', details: { reason: 'origin' } },
  ],
  'server-unreachable': [
    { when: 'In a page, where the reason is hidden', details: {} },
    { when: 'If the host name is unknown (`ENOTFOUND`)', details: { stage: 'dns' } },
    { when: 'If the connection is refused (`ECONNREFUSED`)', details: { stage: 'refused' } },
    { when: 'If the client’s system forbids it (`EACCES`, `EPERM`)', details: { stage: 'no-route', code: 'EACCES' } },
    { when: 'If the TLS handshake fails', details: { stage: 'tls' } },
    { when: 'If it is not HTTP', details: { stage: 'not-http' } },
    { when: 'If it is only HTTP/2', details: { stage: 'http2-only' } },
  ],
  'server-went-down': [
    { when: 'While the server is down', details: {} },
    { when: 'Once it is back', details: { backAfterMs: 10_000 } },
  ],
  'session-not-sticky': [
    {
      when: 'In general (here for a client that sends no cookies)',
      details: { scope: 'all', cookie: 'not-sent' },
    },
    { when: 'If only the upgrade fails', details: { scope: 'upgrade' } },
  ],
  'tls-certificate-rejected': [
    { when: 'In a page, where the reason is hidden', details: { reason: 'unknown' } },
    { when: 'If the certificate is self-signed', details: { reason: 'self-signed' } },
    { when: 'If its authority is unknown', details: { reason: 'unknown-ca' } },
    { when: 'If its chain is incomplete', details: { reason: 'chain-incomplete' } },
    { when: 'If it has expired', details: { reason: 'expired' } },
    { when: 'If it is not valid yet', details: { reason: 'not-yet-valid' } },
    { when: 'If it was issued for another host', details: { reason: 'wrong-host' } },
    { when: 'If the server requires one from the client', details: { reason: 'client-certificate' } },
  ],
  'tls-scheme-mismatch': [
    { when: 'If the URL uses http', details: { scheme: 'http' } },
    { when: 'If the URL uses https', details: { scheme: 'https' } },
  ],
  'transport-not-available': [
    { when: 'If no transport exists', details: {} },
    { when: 'If one cannot be used', details: { transport: '‹transport›', missing: '‹missing›' } },
    { when: 'If Node rejects a header', details: { transport: 'polling', refused: 'header' } },
    { when: 'If Node rejects an option', details: { transport: 'polling', refused: 'option' } },
  ],
  'transport-not-enabled': [
    { details: { transport: '‹transport›' } },
    { when: 'If the server seems to have none', details: { transport: '‹transport›', none: true } },
  ],
  'url-malformed': [
    { when: 'If the scheme is missing or doubled', details: { part: 'scheme' } },
    { when: 'If the host is not valid', details: { part: 'host' } },
    { when: 'If the port is not valid', details: { part: 'port' } },
    { when: 'If the end of the URL is not valid', details: { part: 'namespace' } },
    { when: 'If the query contains `sid`', details: { part: 'query' } },
  ],
  'websocket-blocked': [
    { when: 'If the WebSocket is rejected or cut', details: { how: 'rejected' } },
    { when: 'If it opens but frames do not get through', details: { how: 'swallowed' } },
  ],
};
