import {
  about,
  again,
  asked,
  both,
  type Change,
  client,
  each,
  errors,
  type Facts,
  first,
  http,
  later,
  options,
  over,
  runtime,
  target,
  websocket,
  without,
} from './changes.js';
import { type Variation, vary } from './variation.js';

/** In the attempt that failed last. */
const handshake: Change = (timeline) => {
  const failed = timeline.signals.findLast(({ kind }) => kind === 'connect-error' || kind === 'engine-closed');
  return later({ kind: 'handshake', transport: 'polling', upgrades: ['websocket'], attempt: failed?.attempt })(
    timeline,
  );
};
const gaveUp = each('connect-error', { source: 'timeout' });
const readable = (status: number, is: string) => http('http-handshake', { result: 'answered', status, body: { is } });

/** Look-alikes among what cannot connect at all. */
const websocketError = (error: Facts) => ({
  kind: 'connect-error',
  namespace: '/',
  source: 'transport',
  transport: 'websocket',
  error: { message: 'websocket error', ...error },
});

export const connectVariations: readonly Variation[] = [
  // A handshake came: whatever failed later, the address, its name, its certificate and its policies are fine.
  ...[
    'server-unreachable.refused.node',
    'server-not-answering.black-hole.node',
    'browser-port-blocked.x11.chromium',
    'mixed-content-blocked.defaults.chromium',
    'cors-origin-not-allowed.no-cors.chromium',
    'cors-credentials-not-allowed.any-origin.chromium',
    'cors-header-not-allowed.with-credentials.chromium',
    'csp-blocked.connect-src.chromium',
    'cleartext-blocked.android.react-native',
    'local-network-access-blocked.private-address.chromium',
    'localhost-from-elsewhere.localhost-in-production.chromium',
    'tls-certificate-rejected.self-signed.node',
    'transport-not-enabled.websocket-on-polling-server.node',
    'websocket-blocked.forbidden-403-websocket.node',
  ].flatMap((from) => vary(from, 'silent', [['a handshake had come before it failed', handshake]])),

  // This WebKit lets it pass, and something else is wrong.
  ...vary('mixed-content-blocked.own-machine.webkit', 'silent', [
    ['the server answered over HTTP', asked('http-reachable', { answer: 'yes', http: { result: 'opaque' } })],
    ['another path of it answered', asked('http-root', { answer: 'yes', http: { result: 'opaque' } })],
  ]),
  ...vary('server-unreachable.closed-at-once.node', 'silent', [
    ['what listens there speaks TLS', asked('swapped-scheme', {})],
    ['a header was too long for this client', errors({ code: 'HPE_HEADER_OVERFLOW' })],
    ['its certificate had expired', errors({ code: 'CERT_HAS_EXPIRED' })],
    ['it was answered when asked again', readable(200, 'html')],
  ]),
  ...vary('server-unreachable.closed-at-once.node', 'silent', [
    ['it hangs up on what is no WebSocket', asked('websocket-handshake', { websocket: { result: 'engineio' } })],
  ]),
  ...vary('server-unreachable.closed-at-once.node', 'unsure', [
    ['nobody asked over HTTP: proxies cut WebSocket alone', without('http-handshake')],
    ['whether it speaks TLS is not known', each('swapped-scheme', { answer: 'unknown' })],
  ]),
  ...vary('server-unreachable.refused.node', 'unsure', [
    [
      'a redirect may have led to what refused, and asking without following it failed otherwise',
      both(errors({ dialled: undefined }), http('http-handshake', { result: 'failed', code: 'ECONNRESET' })),
    ],
    [
      'what does not speak HTTP may speak TLS',
      both(errors({ code: 'HPE_INVALID_CONSTANT' }), without('swapped-scheme')),
    ],
  ]),
  ...vary('server-unreachable.refused.node', 'sure', [
    [
      'an address by name says nothing, but without following redirects it was refused as well',
      both(
        errors({ dialled: undefined }),
        asked('http-handshake', { answer: 'no', http: { result: 'failed', code: 'ECONNREFUSED' } }),
      ),
    ],
    [
      'the client told no code, and asking again did',
      both(
        errors({ code: undefined }),
        asked('http-handshake', { answer: 'no', http: { result: 'failed', code: 'ECONNREFUSED' } }),
      ),
    ],
  ]),
  ...vary('server-unreachable.refused-websocket.node', 'sure', [
    ['it was an address by name: a WebSocket follows no redirect', errors({ dialled: undefined })],
  ]),
  ...vary('server-unreachable.refused-client-4.0.node', 'told', [
    [
      'nobody has asked again, and the client made a 503 of it',
      both(errors({ code: undefined, status: 503 }), without('probe')),
    ],
    ['nobody has asked again', both(errors({ code: undefined, status: 0 }), without('probe'))],
    [
      'asking again failed without a code',
      both(errors({ code: undefined }), asked('http-handshake', { answer: 'no', http: { result: 'failed' } })),
    ],
  ]),
  ...vary('server-unreachable.not-http.firefox', 'silent', [
    ['TLS never shows what is not TLS as an answer', target({ secure: true })],
    ['it was a redirect', http('http-handshake', { result: 'redirected' })],
  ]),
  ...vary('server-unreachable.not-http.webkit', 'silent', [
    ['it failed at once', each('connect-error', { source: 'transport' })],
    ['something answers over HTTP', asked('http-reachable', { answer: 'yes', http: { result: 'opaque' } })],
    ['a WebSocket opened', asked('websocket-handshake', { answer: 'no', websocket: { result: 'silent' } })],
  ]),
  ...vary('server-unreachable.name-unknown.react-native', 'unsure', [
    ['the platform told of a reset, as servers that speak TLS do', errors({ platform: 'reset' })],
    ['the platform told of something that is not HTTP, which may be TLS', errors({ platform: 'not-http' })],
  ]),
  ...vary('server-unreachable.refused.chromium', 'silent', [
    ['a request hung', http('http-reachable', { result: 'timeout' }, { answer: 'no' })],
    ['the other scheme answers', asked('swapped-scheme', {})],
    ['a WebSocket opened', websocket({ result: 'closed' }, { answer: 'no' })],
    ['its WebSocket was cut after the second of Engine.IO', each('websocket-handshake', { durationMs: 1_100 })],
  ]),
  ...vary('server-unreachable.refused.chromium', 'told', [
    [
      'HTTP failed as slowly as WebSocket, as behind a firewall that drops',
      both(each('websocket-handshake', { durationMs: 1_100 }), each('http-reachable', { durationMs: 1_000 })),
    ],
  ]),
  ...vary('server-unreachable.refused.chromium', 'unsure', [
    ['a page over https may not ask without TLS', runtime({ pageScheme: 'https:' })],
  ]),

  ...vary('cors-header-not-allowed.client-4.0.chromium', 'silent', [
    ['Node knows no CORS', runtime({ kind: 'node' })],
    ['the page is of the same origin', target({ sameOrigin: true })],
    ['the client gave up waiting', gaveUp],
    ['a WebSocket in a browser sends no such headers', over('websocket')],
    ['without them it answers something else', readable(404, 'html')],
    ['the answer to these headers could be read', http('http-headers', { result: 'answered', status: 401 })],
    ['nothing was reachable', http('http-reachable', { result: 'failed' }, { answer: 'no' })],
  ]),
  ...vary('cors-header-not-allowed.client-4.0.chromium', 'unsure', [
    ['nobody asked without the headers', without('http-handshake')],
    ['credentials alone may be what is not allowed', options({ withCredentials: true })],
    ['nobody asked with the headers', without('http-headers')],
  ]),
  ...vary('cors-credentials-not-allowed.any-origin.chromium', 'unsure', [
    ['nobody asked without credentials', without('http-handshake')],
  ]),
  ...vary('cors-credentials-not-allowed.any-origin.chromium', 'silent', [
    ['the answer without them is a redirect', http('http-handshake', { result: 'redirected' })],
  ]),

  ...vary('csp-blocked.connect-src.chromium', 'silent', [
    ['it blocked another port of the same host', each('csp-violation', { blocked: 'http://127.0.0.1:1/socket.io/' })],
  ]),
  ...[
    { port: '80', secure: false },
    { port: '443', secure: true },
  ].flatMap(({ port, secure }) =>
    vary('csp-blocked.connect-src.chromium', 'sure', [
      [
        `the port is ${port}, which the address of a violation leaves out`,
        both(
          target({ host: 'api.example.com', port, secure }),
          each('csp-violation', { blocked: `http${secure ? 's' : ''}://api.example.com/socket.io/` }),
        ),
      ],
    ]),
  ),

  ...vary('server-not-answering.black-hole.node', 'unsure', [
    ['nobody asked for a WebSocket, which a living server cuts', without('websocket-handshake')],
  ]),
  ...vary('server-not-answering.black-hole.node', 'sure', [
    [
      'the client was busy in an attempt before',
      first({
        kind: 'engine-closed',
        transport: 'polling',
        reason: 'forced close',
        opened: false,
        ageMs: 90_000,
        at: 1e9,
        attempt: 99,
      }),
    ],
  ]),

  ...vary('path-mismatch.server-path.node', 'silent', [
    ['no connection came about', errors({ code: 'ENOTFOUND', status: undefined, body: undefined })],
  ]),
  ...[400, 410, 426].flatMap((status) =>
    vary('path-mismatch.server-path.node', 'told', [
      [
        `what does not know the path says ${status}`,
        both(
          errors({ status, body: { is: 'text' } }),
          http('http-handshake', { result: 'answered', status, body: { is: 'text' } }),
        ),
      ],
    ]),
  ),

  ...vary('session-not-sticky.two-round-robin.chromium', 'silent', [
    ['a cache gave the same session out twice', each('handshake', { repeatedSid: true })],
    ['it was a namespace that was refused', about({ phase: 'namespace' })],
  ]),
  ...vary('session-not-sticky.two-round-robin-fetch.chromium', 'silent', [
    [
      'a session of the SDK lived, and whose 400 it is is hidden',
      both(errors({ body: undefined, status: 400 }), asked('session', { answer: 'yes' })),
    ],
    ['the refused request was answered by a page', errors({ status: 400, body: { is: 'html' } })],
    ['the status was none of a server that misses a session', errors({ status: 502, body: { is: 'text' } })],
    ['the packet could not be read', both(errors({ body: undefined, message: 'parser error' }), without('session'))],
  ]),
  ...vary('session-not-sticky.two-round-robin.node', 'silent', [
    [
      'this client shows bodies, and there was none',
      both(errors({ body: undefined, status: 400 }), without('session')),
    ],
    ['the session went over WebSocket, which is one request', each('handshake', { transport: 'websocket' })],
  ]),
  ...vary('session-not-sticky.upgrade-elsewhere.node', 'silent', [
    [
      'a WebSocket broke right after its first message, as with two handlers on one server',
      websocket({ result: 'engineio', closeCode: 1006 }, { answer: 'yes' }),
    ],
  ]),

  ...vary('websocket-blocked.forbidden-403.node', 'unsure', [
    ['nobody asked a second time', without('websocket-again')],
  ]),
  ...vary('websocket-blocked.forbidden-403-websocket.node', 'silent', [
    ['no connection came about', errors({ code: 'ENOTFOUND', status: undefined })],
    ['a WebSocket got through when asked', websocket({ result: 'engineio' }, { answer: 'yes' })],
    ['a WebSocket got through at the second time', each('websocket-again', { answer: 'yes' })],
    [
      'the server offers polling only',
      http('http-handshake', {
        result: 'answered',
        status: 200,
        body: { is: 'engineio-open', protocol: 4, pollingOnly: true },
      }),
    ],
    [
      'the server speaks an older protocol',
      http('http-handshake', { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 3 } }),
    ],
  ]),
  ...vary('websocket-blocked.forbidden-403-websocket.node', 'unsure', [
    ['nobody asked a second time', without('websocket-again')],
    ['HTTP was not answered in time', http('http-handshake', { result: 'timeout' }, { answer: 'no' })],
    [
      '503 is said of too many as well, and by a server that goes down',
      both(errors({ status: 503 }), websocket({ result: 'rejected', status: 503 }, { answer: 'no' })),
    ],
    [
      'the attempts before it had failed in another way, and nobody has asked since',
      both(again(websocketError({ code: 'ECONNREFUSED' })), again(websocketError({ status: 403 }))),
    ],
  ]),
  ...vary('websocket-blocked.forbidden-403-websocket.firefox', 'unsure', [
    [
      'an upgrade to an unused path was cut by an Engine.IO server',
      both(without('unused-path'), asked('unused-path', { durationMs: 1_100, websocket: { result: 'rejected' } })),
    ],
  ]),

  ...vary('auth-callback-hanging.never-called.node', 'silent', [
    [
      'the server sent what the client cannot read',
      both(without('connect-overdue'), each('disconnected', { reason: 'parse error' })),
    ],
  ]),
  ...vary('auth-callback-hanging.never-called.node', 'unsure', [
    [
      'nobody watched whether CONNECT left',
      both(
        options({ hasAuth: true }),
        each('connect-overdue', { sent: 'unknown' }),
        each('disconnected', { sent: 'unknown' }),
      ),
    ],
    [
      'it is over before anything was overdue, once',
      (timeline) => {
        const kept = both(without('connect-overdue'))(timeline);
        let seen = 0;
        return { ...kept, signals: kept.signals.filter(({ kind }) => kind !== 'disconnected' || ++seen === 1) };
      },
    ],
  ]),
  ...vary('auth-callback-hanging.never-called.node', 'silent', [
    [
      'nobody watched, and there is no auth to wait for',
      both(
        options({ hasAuth: false }),
        each('connect-overdue', { sent: 'unknown' }),
        each('disconnected', { sent: 'unknown' }),
      ),
    ],
  ]),

  ...vary('local-network-access-blocked.private-address.chromium', 'silent', [
    ['the client gave up waiting', gaveUp],
    ['something answered', errors({ status: 404 })],
    [
      'something was reachable',
      both(without('http-reachable'), asked('http-reachable', { http: { result: 'opaque' } })),
    ],
    ['the origin was reachable', asked('http-root', { http: { result: 'opaque' } })],
  ]),

  ...vary('localhost-from-elsewhere.localhost-in-production.chromium', 'silent', [
    ['an answer came', errors({ status: 404 })],
    ['an answer could be read', errors({ body: { is: 'html' } })],
    [
      'a server answers on the own machine',
      both(without('websocket-handshake'), asked('websocket-handshake', { websocket: { result: 'engineio' } })),
    ],
  ]),
  ...vary('cleartext-blocked.android-websocket.react-native', 'silent', [
    ['TLS is no cleartext', target({ secure: true })],
    ['the client gave up waiting', gaveUp],
    [
      'a WebSocket got through',
      both(without('websocket-handshake'), asked('websocket-handshake', { websocket: { result: 'engineio' } })),
    ],
    [
      'something was reachable',
      both(without('http-reachable'), asked('http-reachable', { http: { result: 'opaque' } })),
    ],
  ]),

  // What the questions meet that come without a query and cookies, the client may never have met.
  ...vary('request-redirected.login-302-page.node', 'unsure', [
    [
      'who has logged in was told of another failure',
      both(options({ hasQuery: true }), errors({ status: 404, body: { is: 'html' } })),
    ],
    [
      'a WebSocket with its cookies failed',
      both(runtime({ kind: 'browser' }), over('websocket'), errors({ status: undefined, body: undefined })),
    ],
  ]),
  ...vary('request-redirected.login-302-page.node', 'sure', [
    ['the client with its query was redirected, too', both(options({ hasQuery: true }), errors({ status: 302 }))],
  ]),
  ...vary('server-error-response.error-page.node', 'unsure', [
    [
      'a WebSocket with a token failed in another way',
      both(
        options({ hasQuery: true }),
        over('websocket'),
        errors({ status: 403, body: undefined }),
        asked('http-handshake', { answer: 'no', http: { result: 'answered', status: 500, body: { is: 'html' } } }),
      ),
    ],
  ]),
  ...vary('request-unauthorized.bearer.node', 'told', [
    [
      'it is a proxy that asks who it is (407)',
      both(errors({ status: 407 }), http('http-handshake', { result: 'answered', status: 407, body: { is: 'html' } })),
    ],
  ]),
  ...vary('server-unreachable.refused.chromium', 'unsure', [
    [
      'a reconnection hung',
      again({
        kind: 'connect-error',
        namespace: '/',
        source: 'timeout',
        transport: 'polling',
        error: { message: 'timeout' },
      }),
    ],
  ]),

  ...vary('session-not-sticky.four-round-robin.node', 'silent', [
    ['what failed was another attempt', each('handshake', (signal: Facts) => ({ attempt: signal.attempt + 100 }))],
    ['this client shows bodies, and there was none', errors({ body: undefined })],
    ['what answers forbids it', errors({ status: 403, body: { is: 'text' } })],
    ['a page answers', errors({ status: 400, body: { is: 'html' } })],
  ]),
  ...vary('session-not-sticky.caddy-round-robin-client-2.firefox', 'silent', [
    ['what came could not be read', errors({ message: 'server error', status: 400, body: undefined })],
  ]),
  ...vary('session-not-sticky.four-scattered-client-4.5.webkit', 'silent', [
    [
      'another answered, and a session of the SDK lived',
      both(errors({ body: { is: 'text' } }), each('session', { answer: 'yes' })),
    ],
  ]),
  ...vary('path-mismatch.apache-keeps-prefix-websocket.chromium', 'unsure', [
    ['HTTP was as slow as the cut', each('http-reachable', { durationMs: 3_000 })],
    ['nobody asked for a WebSocket at the requested path', without('websocket-handshake')],
  ]),
  ...vary('path-mismatch.client-path-fetch.chromium', 'unsure', [
    ['its WebSocket was refused at once', each('websocket-handshake', { durationMs: 400 })],
    [
      'the other path was as slow as the cut',
      both(target({ path: '/chat/' }), each('other-path', { path: '/ws/', durationMs: 900 }), without('unused-path')),
    ],
  ]),
  ...vary('path-mismatch.caddy-needs-prefix.node', 'sure', [
    ['that nobody serves the requested path can be read', target({ path: '/chat/' })],
  ]),
  ...vary('path-mismatch.trailing-slash.chromium', 'sure', [
    [
      'only the slash is another, under a path of its own',
      both(target({ path: '/chat/' }), each('other-path', { path: '/chat' })),
    ],
  ]),

  ...vary('websocket-blocked.apache-proxypass-only.chromium', 'unsure', [
    ['nobody asked a second time', without('websocket-again')],
  ]),
  ...vary('websocket-blocked.forbidden-403-websocket.chromium', 'silent', [
    ['a WebSocket got through when asked', each('websocket-handshake', { answer: 'yes' })],
    ['a WebSocket got through at the second time', each('websocket-again', { answer: 'yes' })],
  ]),
  ...vary('websocket-blocked.forbidden-403-websocket.chromium', 'unsure', [
    ['what answers over HTTP could not be read', http('http-handshake', { result: 'opaque' })],
    ['Firefox shows two handlers on one server as a refusal', runtime({ engine: 'firefox' })],
    ['nobody asked a second time', without('websocket-again')],
  ]),

  ...vary('server-not-socketio.app-page-cors.chromium-same', 'silent', [
    ['the client gave up waiting', gaveUp],
    ['no connection came about', errors({ code: 'ECONNREFUSED' })],
    [
      'its WebSocket was redirected, and nobody asked over HTTP without following',
      both(websocket({ result: 'rejected', status: 301 }, { answer: 'no' }), without('http-handshake')),
    ],
    ["the client hides the body of a 400, which may be Engine.IO's", errors({ status: 400, body: undefined })],
  ]),
  ...vary('server-not-socketio.app-page-cors.chromium-same', 'told', [
    ['its WebSocket was redirected', websocket({ result: 'rejected', status: 301 }, { answer: 'no' })],
    ['a page says 400', errors({ status: 400, body: { is: 'html' } })],
  ]),

  ...vary('server-plain-websocket.echo-websocket.node', 'unsure', [
    ['an old client on a newer server meets silence as well', client({ protocol: 3 })],
  ]),
  ...vary('server-plain-websocket.silent-websocket.node', 'unsure', [
    ['an old client on a newer server meets silence as well', client({ protocol: 3 })],
  ]),
  ...vary('server-plain-websocket.silent-websocket.node', 'sure', [
    [
      'an old client met silence, and so did the newer protocol',
      both(
        client({ protocol: 3 }),
        asked('websocket-other-protocol', { answer: 'no', websocket: { result: 'silent' } }),
      ),
    ],
  ]),
  ...vary('server-plain-websocket.echo.chromium', 'told', [['nobody asked', without('probe')]]),
  ...vary('server-plain-websocket.silent.chromium', 'unsure', [
    ['nothing says that HTTP answers', without('http-reachable')],
    ['HTTP was slow to begin', each('http-handshake', { durationMs: 3_000 })],
    ['an old client on a newer server meets silence as well', client({ protocol: 3 })],
    ['nobody asked over HTTP', without('http-handshake')],
  ]),

  ...vary('tls-certificate-rejected.self-signed.node', 'silent', [['the client gave up waiting', gaveUp]]),
  ...vary('tls-certificate-rejected.self-signed.node', 'unsure', [
    ['nobody asked without following redirects', without('http-handshake')],
    ['a redirect leads to what is not trusted', http('http-handshake', { result: 'redirected', status: 302 })],
  ]),
  ...vary('tls-certificate-rejected.self-signed-websocket.node', 'sure', [
    ['a WebSocket follows no redirect, and nobody asked', without('http-handshake')],
  ]),
  ...vary('tls-certificate-rejected.self-signed-android.react-native', 'unsure', [
    ['the platform told only that TLS failed', errors({ platform: 'tls-failed' })],
  ]),
  ...vary('tls-certificate-rejected.self-signed.node', 'sure', [
    [
      'a signature in the chain does not hold',
      both(
        errors({ code: 'CERT_SIGNATURE_FAILURE' }),
        http('http-handshake', { result: 'failed', code: 'CERT_SIGNATURE_FAILURE' }),
      ),
    ],
  ]),
  ...vary('tls-certificate-rejected.self-signed-websocket.chromium', 'silent', [
    ['the origin answers', asked('http-root', { http: { result: 'opaque' } })],
    ['something answers', http('http-reachable', { result: 'opaque' }, { answer: 'yes' })],
    ['an answer could be read', errors({ status: 404 })],
    ['it speaks no TLS', asked('swapped-scheme', {})],
    ['a WebSocket opened', websocket({ result: 'closed' }, { answer: 'no' })],
  ]),
  ...vary('tls-certificate-rejected.self-signed-websocket.firefox', 'silent', [
    ['a request hung', http('http-reachable', { result: 'timeout' }, { answer: 'no' })],
  ]),
  ...vary('tls-certificate-rejected.self-signed-websocket.firefox', 'unsure', [
    ['nobody asked whether anything answers', without('http-reachable')],
  ]),

  ...vary('tls-scheme-mismatch.https-on-http-websocket.node', 'silent', [
    ['the client asks without TLS', both(target({ secure: false }), without('swapped-scheme'))],
  ]),
  ...vary('tls-scheme-mismatch.https-on-http-websocket.chromium', 'silent', [
    ['TLS came about, and something answers', http('http-handshake', { result: 'answered', status: 400 })],
  ]),
  ...vary('tls-scheme-mismatch.http-on-https.node', 'silent', [
    ['a gateway answers', http('http-handshake', { result: 'answered', status: 502 })],
    ['a WebSocket got through', websocket({ result: 'engineio' }, { answer: 'yes' })],
  ]),
  ...vary('tls-scheme-mismatch.http-on-https.node', 'sure', [
    ['nginx says 400 to plain HTTP on its TLS port', http('http-handshake', { result: 'answered', status: 400 })],
  ]),

  ...vary('response-cached.default-transports.chromium', 'silent', [
    ['it was a namespace that was refused', about({ phase: 'namespace' })],
    ['a page answered', errors({ status: 400, body: { is: 'html' } })],
    ['it was another error of Engine.IO', errors({ status: 400, body: { is: 'engineio-error', code: 0 } })],
    ['what failed was another attempt', each('handshake', (signal: Facts) => ({ attempt: signal.attempt + 100 }))],
    ['what failed was forbidden', errors({ status: 403, body: undefined })],
  ]),
  ...vary('response-altered.banner-in-front-client-3.node', 'silent', [
    ['a handshake had come before it failed', handshake],
  ]),
  ...vary('server-on-serverless.websocket-only.node', 'silent', [
    ['no connection came about', errors({ code: 'ECONNREFUSED' })],
    ['a WebSocket got through', websocket({ result: 'engineio' }, { answer: 'yes' })],
  ]),
  ...vary('server-refused-request.allow-request-on-3.node', 'told', [
    ['it says why in words of its own', errors({ status: 400, body: { is: 'text' } })],
  ]),
];
