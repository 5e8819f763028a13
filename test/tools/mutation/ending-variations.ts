import {
  again,
  asked,
  askedWithoutSession,
  atClose,
  both,
  client,
  each,
  errors,
  type Facts,
  fewerEnds,
  http,
  later,
  target,
  websocket,
  without,
} from './changes.js';
import { type Variation, vary } from './variation.js';

const slept = atClose({ kind: 'timer-gap', gapMs: 60_000 });
/** Thirty days: longer than timers wait. */
const endless = each('handshake', { pingTimeoutMs: 2_592_000_000 });
const incomplete = each('handshake', { incomplete: true });
const neverConnected = without('connected');

const closedOffTime = [
  ['the page was busy when the connection was closed', each('engine-closed', { quietMs: 3_600 })],
  ['the page was busy when the heartbeat came', each('engine-closed', { quietMs: 2_400 })],
] as const;

/** Look-alikes among sessions that end, soon or late, and what is asked of the server about them. */
export const endingVariations: readonly Variation[] = [
  ...vary('server-closed-connection.after-upgrade.chromium', 'silent', [
    ['the app connected again after the server had disconnected it, and this one never did', neverConnected],
  ]),
  ...vary('server-closed-connection.before-connect-1001.firefox', 'silent', [
    ['it was the client that could not take a frame', each('engine-closed', { closeCode: 1002, wasClean: false })],
  ]),
  ...vary('server-closed-connection.before-connect-1001.chromium', 'told', [
    ['the server restarts (1012)', each('engine-closed', { closeCode: 1012 })],
  ]),
  ...vary('server-closed-connection.polling-only.chromium', 'unsure', [
    [
      'a server before 4.5 drops a POST that is too big, and closes the session in the poll',
      both(each('handshake', { maxPayloadBytes: undefined }), each('engine-closed', { unsentBytes: 20_000 })),
    ],
  ]),
  ...vary(
    'proxy-idle-timeout.says-goodbye-1001.node',
    'unsure',
    [['it is the second one after the same time', fewerEnds(2)]],
    'server-closed-connection',
  ),
  ...vary(
    'auth-callback-hanging.called-late.chromium',
    'unsure',
    [
      [
        'a connection came about after the server had closed the one of two CONNECT packets',
        again({ kind: 'connected', namespace: '/', transport: 'websocket' }),
      ],
    ],
    'server-closed-connection',
  ),

  ...vary('heartbeat-lost.answers-lost.chromium', 'silent', [
    ['before Engine.IO 4 it is the client that begins each heartbeat', client({ protocol: 3 })],
    ['the page stood still, and did not answer', slept],
  ]),
  ...vary('heartbeat-lost.answers-lost.chromium', 'told', closedOffTime),
  ...vary('heartbeat-lost.answers-lost.chromium', 'unsure', closedOffTime, 'server-closed-connection'),
  ...vary('heartbeat-lost.path-dead-client-2.chromium', 'silent', [
    ['the heartbeat is longer than timers wait', endless],
    ['the handshake did not say how the server beats', incomplete],
  ]),
  ...vary('heartbeat-lost.polls-held-back.chromium', 'silent', [
    ['it is how a client leaves an older server over WebSocket', each('engine-closed', { transport: 'websocket' })],
    ['the heartbeat is longer than timers wait', endless],
    ['the handshake did not say how the server beats', incomplete],
  ]),
  ...vary('heartbeat-too-tight.endless.chromium', 'silent', [
    ['the server closed it, as the client waits on', each('engine-closed', { reason: 'transport close' })],
  ]),

  ...vary('session-not-sticky.caddy-round-robin-client-2.chromium', 'sure', [
    [
      'the question about sessions got no answer in time for once',
      asked('session', { answer: 'unknown', why: 'no answer', http: { result: 'failed' } }),
    ],
  ]),
  ...vary('session-not-sticky.caddy-round-robin-client-2.chromium', 'unsure', [
    [
      'POST requests are never answered',
      asked('session', { answer: 'unknown', why: 'no answer', http: { result: 'timeout' } }),
    ],
    [
      'each session of the SDK lived',
      asked('session', { rounds: { asked: 3, lost: 0 }, http: { result: 'answered', status: 200 } }),
    ],
  ]),
  ...vary('session-not-sticky.apache-round-robin.chromium', 'unsure', [
    [
      'a poll of the session was answered by another handshake: something takes its id away',
      later({ kind: 'handshake', transport: 'polling', upgrades: ['websocket'] }),
    ],
    ['something on the way rewrites handshakes', incomplete],
    [
      'what the SDK was sent as handshake is none',
      askedWithoutSession({ result: 'answered', status: 200, body: { is: 'engineio-altered' } }),
    ],
  ]),
  ...vary('session-not-sticky.apache-round-robin.chromium', 'sure', [
    ['the SDK was sent to a page to log in', askedWithoutSession({ result: 'redirected' })],
  ]),

  ...vary('connection-cut.closed-without-frame.chromium', 'silent', [
    ['the client itself found a message too big', each('engine-closed', { closeCode: 1009, wasClean: false })],
    [
      'what answers next forbids it',
      again({
        kind: 'connect-error',
        namespace: '/',
        source: 'transport',
        transport: 'polling',
        error: { message: 'xhr poll error', status: 403 },
      }),
    ],
  ]),
  ...vary('payload-too-large.from-server.node', 'silent', [['the session had never connected', neverConnected]]),
  ...vary('payload-too-large.auth-client-4.5.chromium', 'unsure', [
    ['the failed POST was of an attempt before', each('engine-closed', (one: Facts) => ({ attempt: one.attempt - 1 }))],
  ]),
  ...vary('payload-too-large.auth-websocket.chromium', 'silent', [
    ['the handshake was of an attempt before', each('handshake', (one: Facts) => ({ attempt: one.attempt - 1 }))],
  ]),
  ...vary('payload-too-large.polling-caddy.chromium', 'silent', [
    ['hardly anything was on its way', each('engine-closed', { unsentBytes: 20 })],
  ]),
  ...vary('payload-too-large.polling-apache-client-2.chromium', 'told', [
    ['the size of the POST is not known', each('engine-closed', { unsentBytes: undefined })],
  ]),
  ...vary(
    'heartbeat-lost.path-dead-polling.firefox',
    'silent',
    [
      [
        'a POST in the middle of a session failed',
        each('engine-closed', { error: { message: 'xhr post error', status: 0 } }),
      ],
    ],
    'cors-origin-not-allowed',
  ),
  ...vary('middleware-rejected.after-nine-seconds.node', 'sure', [
    [
      'another packet could not be read before',
      later({ kind: 'disconnected', namespace: '/', reason: 'parse error', hadConnected: true, sessionMs: 6 }),
    ],
  ]),
  ...vary('websocket-handled-twice.framework-closes-websocket-only.chromium', 'silent', [
    ['the server does not take the protocol of this client', client({ protocol: 3 })],
  ]),
  ...vary('tls-certificate-rejected.client-certificate-401.node', 'unsure', [
    ['the address is no secure one', target({ secure: false })],
  ]),
  ...vary('server-not-socketio.app-page.chromium', 'silent', [
    [
      'a certificate of the client is wanted',
      http('http-handshake', { result: 'answered', status: 400, body: { is: 'certificate-wanted' }, proxy: 'nginx' }),
    ],
  ]),
  ...vary('server-not-socketio.app-page-cors.chromium-same', 'told', [
    ['a WebSocket opens and says nothing, where a page comes over HTTP', websocket({ result: 'silent' })],
  ]),
  ...vary('csp-blocked.connect-src.chromium', 'silent', [
    ['an answer came: it was redirected to where the policy does not allow', errors({ status: 502 })],
    [
      'the SDK may ask',
      asked('http-handshake', {
        http: { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 4 } },
      }),
    ],
    [
      'it was a request to another server of the same host',
      each('csp-violation', (one: Facts) => ({ blocked: one.blocked.replace(/:\d+/, '') })),
    ],
    ['the socket dials the default port of the same host', target({ port: '80' })],
  ]),
  ...vary('csp-blocked.connect-src.chromium', 'told', [
    [
      'the port is the default one and is not told',
      both(
        target({ port: '80' }),
        each('csp-violation', (one: Facts) => ({ blocked: one.blocked.replace(/:\d+/, '') })),
      ),
    ],
  ]),

  ...vary('payload-too-large.auth-nginx.chromium', 'silent', [
    ['a poll failed', errors({ message: 'xhr poll error' })],
    ['hardly anything was on its way', both(each('engine-closed', { unsentBytes: 200 }), asked('session', {}))],
    [
      'only a little was on its way, and nobody asked for a session',
      both(each('engine-closed', { unsentBytes: 5_000 }), without('session')),
    ],
  ]),
  ...vary('payload-too-large.auth-nginx.chromium', 'told', [
    [
      'only a little was on its way, and a smaller POST passes',
      both(each('engine-closed', { unsentBytes: 5_000 }), asked('session', {})),
    ],
  ]),
];
