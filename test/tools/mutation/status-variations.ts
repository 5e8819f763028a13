import {
  asked,
  both,
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

const gaveUp = each('connect-error', { source: 'timeout' });
const served = http(
  'http-handshake',
  { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 4 } },
  { answer: 'yes' },
);
const askedWell = asked('http-handshake', {
  http: { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 4 } },
});
const handshakeIn = (attempt: number, transport = 'polling') =>
  later({ kind: 'handshake', transport, upgrades: [], attempt });
const closed = (facts: Facts) => each('engine-closed', facts);
const forbidden = both(
  errors({ status: 403 }),
  http('http-handshake', { result: 'answered', status: 403, body: { is: 'html' } }),
);

/** Look-alikes among what answers with a status, a redirect or a broken WebSocket. */
export const statusVariations: readonly Variation[] = [
  ...vary(
    'connection-flapping.websocket.webkit',
    'silent',
    [['a WebSocket that was cut had lived for long, and nothing was to be sent', closed({ ageMs: 60_000 })]],
    'payload-upload-too-slow',
  ),
  ...vary(
    'session-lost.server-4.webkit',
    'silent',
    [
      [
        'Engine.IO gave another reason than that the session is unknown',
        errors({ body: { is: 'engineio-error', code: 3 } }),
      ],
    ],
    'connection-cut',
  ),
  ...vary('request-redirected.moved-301-followed.chromium', 'class', [
    ['Engine.IO up to 5 says 500', errors({ status: 500 })],
  ]),
  ...vary('request-redirected.moved-301-followed.chromium', 'unsure', [
    ['a gateway behind it failed', errors({ status: 502 })],
    ['Engine.IO said why', errors({ body: { is: 'engineio-error', code: 1 } })],
  ]),
  ...vary('request-redirected.moved-301-followed.chromium', 'told', [
    ['nobody asked, and Engine.IO up to 5 says 500', both(without('session'), errors({ status: 500 }))],
    [
      'nobody asked, and this client shows no body of the 500',
      both(without('session'), errors({ status: 500, body: undefined })),
    ],
  ]),
  ...vary('request-redirected.moved-301-followed.chromium', 'silent', [
    ['a page says 500', both(without('session'), errors({ status: 500, body: { is: 'html' } }))],
    ['it said 500, and the handshake is not redirected', both(without('session'), errors({ status: 500 }), askedWell)],
    [
      'Engine.IO said why, and nobody asked',
      both(without('session'), errors({ body: { is: 'engineio-error', code: 1 } })),
    ],
  ]),
  ...vary('request-redirected.moved-302-followed.node', 'unsure', [
    ['the POST was answered', each('connect-overdue', { delivered: true })],
    ['the client does not follow this redirect', http('http-handshake', { result: 'redirected', status: 301 })],
  ]),
  ...vary('request-redirected.moved-302-followed.node', 'silent', [
    ['the handshake is not redirected', served],
    ['nobody asked, and the POST was answered', both(without('probe'), each('connect-overdue', { delivered: true }))],
  ]),
  ...vary('request-redirected.websocket-only.node', 'unsure', [
    ['a WebSocket was redirected, and nobody asked over HTTP', without('http-handshake')],
  ]),
  ...vary('request-redirected.login-302-page.node', 'unsure', [
    [
      'the client had been served at this address, before its login ran out',
      both(without('probe'), first({ kind: 'connected', namespace: '/', transport: 'polling' })),
    ],
  ]),
  ...vary('request-redirected.login-302-with-401.node', 'silent', [
    [
      'the client had been served at this address, and a gateway fails',
      both(
        both(without('probe'), errors({ status: 502 })),
        first({ kind: 'connected', namespace: '/', transport: 'polling' }),
      ),
    ],
  ]),
  ...vary('request-redirected.login-302-with-401.chromium-same', 'unsure', [
    ['a service worker answers for others', runtime({ serviceWorker: true })],
    [
      'it had worked through the redirect, and the server fails now',
      both(errors({ status: 502 }), first({ kind: 'connected', namespace: '/', transport: 'polling' })),
    ],
  ]),
  ...vary('request-redirected.login-302-after-a-while.chromium', 'unsure', [
    ['a service worker answers for others', runtime({ serviceWorker: true })],
  ]),

  ...vary('request-forbidden.post-reset.node', 'silent', [
    ['it was a poll that was cut', errors({ message: 'xhr poll error' })],
    ['the client gave up waiting', gaveUp],
    ['a gateway answered the POST', errors({ status: 502, code: undefined })],
  ]),
  ...vary('request-forbidden.post-406.node', 'silent', [
    ["the answer is Engine.IO's own", errors({ body: { is: 'engineio-error', code: 0 } })],
    ['it asks who the client is', errors({ status: 401 })],
  ]),
  ...vary('request-forbidden.header-value-400.node', 'told', [['the firewall says 406', errors({ status: 406 })]]),
  ...vary('request-forbidden.header-value-400.node', 'silent', [
    ['a handshake had come before it failed', handshakeIn(2)],
    ["the answer is Engine.IO's own", errors({ body: { is: 'engineio-error', code: 3 } })],
    ['a WebSocket was refused', over('websocket')],
    ['the app sends no headers', options({ hasExtraHeaders: false })],
    ['the path is not known', errors({ status: 404 })],
    [
      'it is answered so without the headers, too',
      http('http-handshake', { result: 'answered', status: 400, body: { is: 'html' } }, { answer: 'no' }),
    ],
  ]),

  ...vary('server-error-response.error-page.node', 'sure', [
    [
      'what failed at a GET says 501',
      both(errors({ status: 501 }), http('http-handshake', { result: 'answered', status: 501, body: { is: 'html' } })),
    ],
  ]),
  ...vary(
    'request-forbidden.post-406.node',
    'told',
    [['the server failed at the POST', errors({ status: 500 })]],
    'server-error-response',
  ),
  ...vary('server-error-response.delivery-network-520.node', 'unsure', [
    [
      'the delivery network finds no server at all',
      both(errors({ status: 530 }), http('http-handshake', { result: 'answered', status: 530, body: { is: 'html' } })),
    ],
  ]),
  ...vary(
    'request-redirected.moved-301-followed.chromium',
    'unsure',
    [
      [
        'an empty 500 may be what a followed redirect leaves of a POST',
        both(without('session'), errors({ status: 500 })),
      ],
      [
        'the same, from a client that shows no body',
        both(without('session'), errors({ status: 500, body: undefined })),
      ],
      [
        'an empty 500, and the handshake is redirected',
        both(
          without('session'),
          errors({ status: 500 }),
          asked('http-handshake', { answer: 'no', http: { result: 'redirected' } }),
        ),
      ],
    ],
    'server-error-response',
  ),
  ...vary(
    'request-redirected.moved-301-followed.chromium',
    'sure',
    [
      ['a page says 500', both(without('session'), errors({ status: 500, body: { is: 'html' } }))],
      [
        'an empty 500, and the handshake is not redirected',
        both(without('session'), errors({ status: 500 }), askedWell),
      ],
      ['an empty 505, which Engine.IO does not say', both(without('session'), errors({ status: 505 }))],
    ],
    'server-error-response',
  ),

  ...vary('server-not-socketio.upgrade-unanswered.chromium', 'told', [
    [
      'what answers over HTTP is hidden from the page',
      both(
        asked('http-handshake', { answer: 'no', http: { result: 'failed' } }),
        asked('http-reachable', { http: { result: 'opaque' } }),
      ),
    ],
  ]),
  ...vary('server-not-socketio.upgrade-unanswered.chromium', 'silent', [
    [
      'nothing is hidden from a page of the same origin',
      both(
        target({ sameOrigin: true }),
        asked('http-handshake', { answer: 'no', http: { result: 'failed' } }),
        asked('http-reachable', { http: { result: 'opaque' } }),
      ),
    ],
    [
      'nothing is hidden in Node',
      both(
        runtime({ kind: 'node' }),
        asked('http-handshake', { answer: 'no', http: { result: 'failed' } }),
        asked('http-reachable', { http: { result: 'opaque' } }),
      ),
    ],
  ]),
  ...vary('server-not-socketio.method-not-allowed.node', 'told', [
    ['WebSocket alone is forwarded to Socket.IO', websocket({ result: 'engineio', protocol: 4 }, { answer: 'yes' })],
  ]),
  ...vary('server-not-socketio.not-found.node', 'told', [
    ['a static host or another program says 403 of a path that it does not have', forbidden],
  ]),
  ...vary('path-mismatch.server-path.node', 'unsure', [
    ['the requested path is forbidden, which a guard may have said', forbidden],
  ]),
  ...vary('request-forbidden.firewall.node', 'class', [
    [
      'another server has been asked for a WebSocket',
      asked('websocket-handshake', { answer: 'no', websocket: { result: 'rejected', status: 403 } }),
    ],
  ]),
  ...vary('request-forbidden.firewall.node', 'itself', [
    [
      'Socket.IO answers a WebSocket at this path',
      asked('websocket-handshake', { websocket: { result: 'engineio', protocol: 4 } }),
    ],
    ['a session had been opened before', first({ kind: 'handshake', transport: 'polling', upgrades: [], attempt: 0 })],
  ]),
  ...vary('connection-cut.reset-websocket.chromium', 'silent', [
    [
      'Chromium ended the WebSocket itself',
      closed({ reason: 'transport error', error: { message: 'websocket error' } }),
    ],
  ]),
  ...vary('server-not-socketio.not-found.node', 'silent', [
    [
      'a Socket.IO server cut a WebSocket to an unused path after its second',
      both(without('unused-path'), asked('unused-path', { durationMs: 1_010, websocket: { result: 'rejected' } })),
    ],
  ]),

  ...vary('server-went-down.engine-closed.node', 'told', [
    [
      'nobody asked, and the server had said goodbye over polling',
      both(
        without('probe'),
        without('websocket-closed'),
        closed({ byServer: true, wasClean: undefined, closeCode: undefined }),
      ),
    ],
  ]),
  ...vary('server-went-down.engine-closed.node', 'silent', [
    [
      'a WebSocket of the SDK works',
      both(without('websocket-again'), websocket({ result: 'engineio', protocol: 4 }, { answer: 'yes' })),
    ],
    ['the upgrade hangs, and is not refused', each('upgrade-failed', { kind: 'upgrade-overdue', afterMs: 10_000 })],
    ['WebSocket is forbidden', websocket({ result: 'rejected', status: 403 }, { answer: 'no' })],
    ['WebSocket is cut without a status', websocket({ result: 'rejected' }, { answer: 'no' })],
    [
      'nobody asked, and the connection before was cut',
      both(without('probe'), closed({ byServer: undefined, closeCode: 1006, wasClean: false })),
    ],
  ]),

  ...vary('websocket-handled-twice.websocket-only.node', 'unsure', [
    ['nobody heard over HTTP that the protocol is spoken', without('http-handshake')],
    [
      'a client of Engine.IO 3, whose server may answer the upgrade in an HTTP error',
      both(
        client({ protocol: 3 }),
        asked('http-handshake', {
          http: { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 3 } },
        }),
      ),
    ],
  ]),
  ...vary('websocket-handled-twice.websocket-only.node', 'told', [
    [
      'a client of Engine.IO 3, and its server answers over HTTP',
      both(
        client({ protocol: 3 }),
        asked('http-handshake', {
          http: { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 3 } },
        }),
      ),
    ],
    ['it was refused with 400, and nobody asked', both(without('probe'), errors({ code: undefined, status: 400 }))],
  ]),
  ...vary('websocket-handled-twice.websocket-only.node', 'silent', [
    [
      'a proxy drops the query, and with it the protocol',
      asked('http-handshake', {
        http: { result: 'answered', status: 400, body: { is: 'engineio-error', code: 5 } },
      }),
    ],
    ['a handshake had come before it failed', handshakeIn(1, 'websocket')],
    ['the client gave up waiting', gaveUp],
    ['no connection came about', errors({ code: 'ECONNREFUSED' })],
    [
      'a frame was too long for the client',
      both(without('probe'), errors({ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' })),
    ],
    ['it was forbidden, and nobody asked', both(without('probe'), errors({ code: undefined, status: 403 }))],
  ]),
  ...vary('websocket-handled-twice.older-package.node', 'silent', [
    ['the server that answers is of this major', errors({ body: { is: 'engineio-open', protocol: 4 } })],
  ]),
];
