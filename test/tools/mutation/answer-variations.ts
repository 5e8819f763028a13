import { again, asked, both, each, errors, http, options, target, websocket, without } from './changes.js';
import { type Variation, vary } from './variation.js';

/** Look-alikes among what servers and gateways answer, to the client and to the SDK. */
export const answerVariations: readonly Variation[] = [
  ...vary('request-rate-limited.with-retry-after.chromium', 'silent', [
    [
      'Apache signs a 503',
      http('http-handshake', { result: 'answered', status: 503, body: { is: 'html' }, proxy: 'apache' }),
    ],
  ]),
  ...vary('request-rate-limited.with-retry-after.chromium', 'told', [
    [
      'nginx signs a 503',
      http('http-handshake', { result: 'answered', status: 503, body: { is: 'html' }, proxy: 'nginx' }),
    ],
  ]),
  ...vary('server-refused-request.allow-request-on-1-client-2-websocket.node', 'silent', [
    ['a proxy is in trouble', both(errors({ status: 502 }), without('http-handshake'))],
  ]),
  ...vary('server-refused-request.allow-request-on-1-client-2-websocket.node', 'told', [
    ['the upgrade was refused with 403', both(errors({ status: 403 }), without('http-handshake'))],
    [
      'the upgrade was refused, and HTTP did not answer',
      asked('http-handshake', { answer: 'no', http: { result: 'failed' } }),
    ],
  ]),
  ...vary('request-forbidden.bot-check-503.chromium-same', 'silent', [
    [
      'it is the page of a proxy that reaches nobody',
      http('http-handshake', {
        result: 'answered',
        status: 503,
        body: { is: 'html' },
        proxy: 'apache',
        isProxyPage: true,
      }),
    ],
  ]),
  ...vary('request-forbidden.post-400-client-2.node', 'silent', [
    ['the first POST was too big', errors({ status: 413, body: { is: 'empty' } })],
    ['the session was refused by nobody: the first POST found no server', errors({ status: 0, code: 'ECONNREFUSED' })],
  ]),
  ...vary('request-forbidden.access-list-cors.chromium-same', 'unsure', [
    ['a request without a body is called too big (413)', errors({ status: 413, body: { is: 'html' } })],
  ]),
  ...vary('tls-scheme-mismatch.https-on-http-websocket.node', 'silent', [
    ['the other scheme is not served either', asked('swapped-scheme', { answer: 'no', http: { result: 'failed' } })],
  ]),
  ...vary('websocket-blocked.hanging.chromium', 'silent', [
    [
      'a WebSocket of the SDK is let in, and nobody asked for a session',
      websocket({ result: 'engineio' }, { answer: 'yes' }),
    ],
  ]),
  ...vary('websocket-blocked.falls-back-to-polling.node', 'told', [
    [
      'what was in the way of the first transport has passed since',
      both(
        websocket({ result: 'engineio' }, { answer: 'yes' }),
        each('transport-failed', { error: { message: 'websocket error' } }),
      ),
    ],
  ]),
  ...vary('websocket-blocked.address-too-long.chromium', 'told', [
    [
      'it is the headers of the app that are too long',
      options({ hasQuery: false, withCredentials: false, hasExtraHeaders: true }),
    ],
  ]),
  ...vary('tls-certificate-rejected.client-certificate.node', 'sure', [
    [
      'the client saw a gateway fail, and the question a certificate wanted',
      errors({ status: 502, body: { is: 'empty' } }),
    ],
  ]),

  ...vary('path-mismatch.client-path-with-query.chromium', 'unsure', [
    ['the app has a query of its own, behind which that of the client is read', options({ hasQuery: true })],
  ]),
  ...vary('path-mismatch.client-path-with-fragment.node', 'sure', [
    ['the app has a query of its own, which is lost as well', options({ hasQuery: true })],
  ]),
  ...vary('path-mismatch.client-path-with-fragment.node', 'unsure', [
    ['the connection was cut', errors({ status: undefined, body: undefined, code: 'ECONNRESET' })],
  ]),
  ...vary('path-mismatch.client-path-without-slash.node', 'unsure', [
    ['the path is empty, which is the root', target({ path: '' })],
  ]),
  ...vary('path-mismatch.apache-keeps-prefix-websocket.chromium', 'silent', [
    [
      'a certificate of the client is wanted',
      asked('http-handshake', {
        answer: 'no',
        http: { result: 'answered', status: 400, body: { is: 'certificate-wanted' }, proxy: 'nginx' },
      }),
    ],
  ]),
  ...vary('path-mismatch.apache-keeps-prefix-websocket.chromium', 'unsure', [
    [
      'over HTTP the path is forbidden',
      asked('http-handshake', { answer: 'no', http: { result: 'answered', status: 403, body: { is: 'html' } } }),
    ],
  ]),
  ...vary('path-mismatch.apache-keeps-prefix-websocket.node', 'sure', [
    ['the upgrade is forbidden', both(errors({ status: 403 }), without('http-handshake'))],
  ]),
  ...vary('server-unreachable.http2-only.node', 'told', [
    ['the client shows no body', both(errors({ status: 403, body: undefined }), without('http-handshake'))],
  ]),
  ...vary('server-unreachable.http2-only.node', 'silent', [
    ['a page forbids it', errors({ status: 403, body: { is: 'html' } })],
    [
      'the client shows no body, and nothing speaks HTTP/2 without TLS',
      both(errors({ status: 403, body: undefined }), without('http-handshake'), target({ secure: false })),
    ],
    ['something else is answered', both(errors({ status: 404, body: undefined }), without('http-handshake'))],
  ]),
  ...vary('server-unreachable.tls-version-too-old.node', 'told', [
    ['OpenSSL broke off without a reason', errors({ code: 'EPROTO' })],
  ]),
  ...vary('server-unreachable.tls-version-too-old.node', 'unsure', [
    ['OpenSSL broke off without a reason', errors({ code: 'EPROTO' })],
  ]),
  ...vary('server-unreachable.not-http-over-tls.node', 'sure', [
    ['nobody asked over HTTP: OpenSSL had told that it was no TLS', without('http-handshake')],
  ]),
  ...vary('server-unreachable.refused.node', 'itself', [['nobody asked another address', without('swapped-scheme')]]),
  ...vary('server-unreachable.refused.node', 'sure', [
    [
      'a firewall of the own machine forbids it',
      both(errors({ code: 'EACCES' }), http('http-handshake', { result: 'failed', code: 'EACCES' })),
    ],
  ]),
  ...vary('server-unreachable.refused-websocket.chromium', 'silent', [
    [
      'a WebSocket opened and was closed with a code of an application',
      again({
        kind: 'engine-closed',
        transport: 'websocket',
        reason: 'transport close',
        opened: false,
        ageMs: 200,
        closeCode: 4401,
        wasClean: true,
      }),
    ],
  ]),
  ...vary('server-unreachable.refused-websocket.chromium', 'sure', [
    [
      'the next WebSocket fails as well',
      again({
        kind: 'engine-closed',
        transport: 'websocket',
        reason: 'transport error',
        opened: false,
        ageMs: 10,
        error: { message: 'websocket error' },
      }),
    ],
  ]),
  ...vary('transport-not-enabled.polling-on-websocket-server-4.0.node', 'unsure', [
    [
      'the client began with WebSocket, which failed for another reason',
      each('connect-error', { transport: 'websocket', error: { message: 'websocket error' } }),
    ],
  ]),
  ...vary('transport-not-enabled.polling-on-other-library.chromium', 'silent', [
    [
      'the client began with WebSocket',
      each('connect-error', { transport: 'websocket', error: { message: 'websocket error' } }),
    ],
    [
      'Engine.IO itself refuses the protocol',
      errors({ message: 'xhr poll error', status: 400, body: { is: 'engineio-error', code: 5 } }),
    ],
  ]),
  ...vary(
    'transport-not-enabled.polling-on-other-library.chromium',
    'told',
    [405, 501].map((status) => [
      `polling is answered with ${status}`,
      http('http-handshake', { result: 'answered', status, body: { is: 'empty' } }),
    ]),
  ),
  ...vary('transport-not-enabled.websocket-on-polling-server.chromium', 'silent', [
    [
      'it was polling that failed',
      each('connect-error', { transport: 'polling', error: { message: 'xhr poll error' } }),
    ],
    [
      'a WebSocket gets through when asked, and nobody asked over HTTP',
      both(without('http-handshake'), websocket({ result: 'engineio' }, { answer: 'yes' })),
    ],
  ]),
  ...vary('request-redirected.moved-301-living.node', 'silent', [
    ['Engine.IO itself refuses the protocol', errors({ status: 400, body: { is: 'engineio-error', code: 5 } })],
  ]),
  ...vary('request-redirected.login-302.node', 'told', [
    [
      'the redirect goes in circles until no connection can be opened',
      asked('http-handshake', { answer: 'no', http: { result: 'failed', code: 'EMFILE' } }),
    ],
  ]),
  ...vary('request-redirected.login-302.node', 'silent', [
    ['the address does not answer itself', asked('http-handshake', { answer: 'no', http: { result: 'failed' } })],
  ]),
  ...vary(
    'websocket-blocked.hanging.chromium',
    'silent',
    [['nobody asked over HTTP', without('http-handshake')]],
    'request-redirected',
  ),
  ...vary('server-not-answering.black-hole-websocket-client-3.node', 'sure', [
    ['the client has a path of its own, and WebSocket says nothing of paths', target({ path: '/chat/' })],
  ]),
  ...vary('server-not-answering.black-hole-client-2.chromium', 'sure', [
    ['the client has a path of its own, and the page could not read another', target({ path: '/chat/' })],
  ]),
  ...vary('server-not-answering.black-hole.node', 'sure', [
    [
      'the client has a path of its own, and the default one is as silent',
      both(target({ path: '/chat/' }), asked('other-path', { answer: 'no' })),
    ],
  ]),
  ...vary('server-not-answering.slow-handshake.chromium', 'unsure', [
    ['a WebSocket is answered at once', websocket({ result: 'engineio' }, { answer: 'yes', durationMs: 20 })],
  ]),
  ...vary('response-altered.banner-in-front-client-3.chromium', 'told', [
    [
      'a page stands where WebSocket reaches Socket.IO',
      errors({ message: 'server error', status: 200, body: { is: 'html' } }),
    ],
  ]),
  ...vary('server-plain-websocket.closes-4401-websocket.chromium', 'silent', [
    ['two handlers answer', websocket({ result: 'other', closeCode: 0x5450 })],
    ['the WebSocket broke', websocket({ result: 'closed', closeCode: 1006 })],
  ]),

  ...vary('tls-scheme-mismatch.http-on-nginx.node', 'sure', [
    [
      'HTTP is served, with nothing but the complaint',
      asked('http-reachable', { http: { result: 'answered', status: 400, body: { is: 'html' } } }),
    ],
  ]),
];
