import {
  about,
  again,
  asked,
  askedWithoutSession,
  atClose,
  both,
  type Change,
  client,
  each,
  ends,
  errors,
  fewerEnds,
  first,
  http,
  without,
} from './changes.js';
import { type Variation, vary } from './variation.js';

const failsAgain = again({
  kind: 'connect-error',
  namespace: '/',
  source: 'transport',
  transport: 'polling',
  error: { message: 'xhr poll error', status: 0 },
});
const slept = atClose({ kind: 'timer-gap', gapMs: 60_000 });
const notBack = each('connected', { attempt: 1, at: 0 });
const large = each('engine-closed', { unsentBytes: 500_000 });
const unreadable = each('engine-closed', { reason: 'parse error', error: undefined });
const tooBig = each('engine-closed', { closeCode: 1009, wasClean: true });

const impatient = each('handshake', { pingIntervalMs: 1_000, pingTimeoutMs: 900 });
const lasting = each('engine-closed', { ageMs: 5_000 });
const hurried = each('handshake', { pingIntervalMs: 1, pingTimeoutMs: 1 });

/** So much later came the end, and what followed. */
const heldFor =
  (ms: number): Change =>
  ({ signals, ...timeline }) => {
    const from = signals.find(({ kind }) => kind === 'engine-closed' || kind === 'engine-failed')?.at ?? 0;
    const moved = signals.map((one) => (one.at < from ? one : { ...one, at: one.at + ms }));
    return { ...timeline, signals: moved };
  };

/** Look-alikes among what ends a connection that had been fine. */
export const sessionVariations: readonly Variation[] = [
  ...vary('session-not-sticky.two-round-robin-polling.node', 'unsure', [
    [
      'what the server sends as handshake is none',
      askedWithoutSession({ result: 'answered', status: 200, body: { is: 'text' } }),
    ],
  ]),
  ...vary('session-not-sticky.two-round-robin-polling.node', 'unsure', [
    [
      'the server had given up the session of the SDK, too, before the POST came',
      both(each('handshake', { pingIntervalMs: 100, pingTimeoutMs: 1 }), each('session', { durationMs: 300 })),
    ],
  ]),
  ...vary('response-altered.id-masked.node', 'told', [
    [
      'the next attempt is waiting for an answer',
      again({ kind: 'handshake', transport: 'polling', upgrades: ['websocket'], strangeSid: true }),
    ],
  ]),
  ...vary('server-closed-connection.after-upgrade.node', 'unsure', [
    ['the server has less patience than a page that is busy unnoticed', impatient],
  ]),
  ...vary(
    'server-closed-connection.after-upgrade.node',
    'told',
    [['the server has less patience than a page that is busy unnoticed', both(impatient, lasting)]],
    'heartbeat-too-tight',
  ),
  ...vary(
    'server-closed-connection.after-upgrade.node',
    'silent',
    [['the session ended before its first heartbeat', both(impatient, each('engine-closed', { ageMs: 500 }))]],
    'heartbeat-too-tight',
  ),
  ...vary('session-lost.server-4.node', 'silent', [
    ['it was a WebSocket, which has no session to ask for', each('engine-closed', { transport: 'websocket' })],
    ['it was another error of Engine.IO', errors({ body: { is: 'engineio-error', code: 4 } })],
    ['a page answered', errors({ body: { is: 'html' } })],
  ]),
  ...vary('session-lost.server-4.node', 'unsure', [
    ['it has not come back', notBack],
    ['the reconnection failed', failsAgain],
    ['the process stood still, and the server had given it up', slept],
    ['the server has less patience than a page that is busy unnoticed', impatient],
    ['an Engine.IO 3 server may not have known it from the start', client({ protocol: 3 })],
    [
      'the first POST of an Engine.IO 3 session came with its first heartbeat, and may have reached another server',
      both(
        client({ protocol: 3 }),
        each('handshake', { pingIntervalMs: 25_000 }),
        errors({ message: 'xhr post error' }),
        heldFor(25_000),
      ),
    ],
    ['the server has words of its own', errors({ body: { is: 'text' } })],
  ]),
  ...vary('session-lost.server-4.node', 'sure', [
    ['an Engine.IO 3 session had beaten before', both(client({ protocol: 3 }), heldFor(60_000))],
  ]),
  ...vary('session-lost.server-4.node', 'told', [
    ['the server has words of its own', errors({ body: { is: 'text' } })],
    [
      'the server says "bad request", as others than the JavaScript one do',
      errors({ body: { is: 'engineio-error', code: 3 } }),
    ],
    ['the client does not show the body', errors({ body: undefined })],
  ]),
  ...vary(
    'proxy-idle-timeout.nginx-polling.node',
    'unsure',
    [
      [
        'each cut poll was repeated by itself, and the session forgotten with the first',
        both(errors({ status: 400, body: { is: 'engineio-error', code: 1 } }), ends({ status: 400 })),
      ],
    ],
    'session-lost',
  ),

  ...vary('server-went-down.killed.node', 'silent', [
    ['a packet could not be read', unreadable],
    ['a message was too big', tooBig],
    ['the next attempt met a name that is unknown', errors({ code: 'ENOTFOUND' })],
  ]),
  ...vary(
    'connection-cut.reset.node',
    'silent',
    [
      ['the server said goodbye and took the next connection', each('engine-closed', { byServer: true })],
      ['something answers at the address', asked('http-reachable', { http: { result: 'opaque' } })],
    ],
    'server-went-down',
  ),
  ...vary('server-went-down.killed-polling-client-4.0.node', 'sure', [
    [
      'a message was under way, of whose request nothing but the invented status is told',
      both(
        errors({ message: 'xhr poll error', status: 503, code: 'ECONNREFUSED', dialled: 'target' }),
        each('engine-closed', { error: { message: 'xhr post error', status: 503 } }),
        each('engine-failed', { error: { message: 'xhr post error', status: 503 } }),
      ),
    ],
  ]),
  ...vary('server-went-down.killed-polling-client-4.0.node', 'silent', [
    [
      'a proxy told that its server is gone, and goes on telling it',
      both(
        errors({ message: 'xhr poll error', status: 503, code: undefined }),
        each('engine-closed', { error: { message: 'xhr post error', status: 503 } }),
        each('engine-failed', { error: { message: 'xhr post error', status: 503 } }),
      ),
    ],
  ]),
  ...vary('server-went-down.killed.chromium', 'unsure', [
    ['a WebSocket opened', each('websocket-handshake', { websocket: { result: 'silent' }, answer: 'no' })],
  ]),
  ...vary('server-went-down.killed.chromium', 'silent', [
    ['something still answers', http('http-reachable', { result: 'opaque' }, { answer: 'yes' })],
    ['the next attempt was answered', errors({ status: 502 })],
  ]),

  ...vary('connection-cut.reset.node', 'silent', [
    ['a body could not be read', each('engine-closed', { error: { message: 'server error' } })],
    [
      'the next attempt was answered with an error',
      again({
        kind: 'connect-error',
        namespace: '/',
        source: 'transport',
        transport: 'polling',
        error: { message: 'xhr poll error', status: 502 },
      }),
    ],
  ]),
  ...vary('connection-cut.reset.node', 'unsure', [
    ['nobody has come back', notBack],
    ['the next attempt failed', failsAgain],
    [
      'nothing tells how it ended',
      both(each('engine-closed', { closeCode: undefined, error: undefined }), without('websocket-closed')),
    ],
    ['the network had changed', atClose({ kind: 'page', event: 'network-changed' })],
  ]),
  ...vary('connection-cut.reset.chromium', 'unsure', [
    [
      'a polling request to another origin may have been answered in any way',
      each('engine-closed', {
        transport: 'polling',
        closeCode: undefined,
        error: { message: 'xhr poll error', status: 0 },
      }),
    ],
  ]),
  ...vary('connection-cut.reset.chromium-same', 'sure', [
    [
      'a polling request within the origin shows its answers',
      each('engine-closed', {
        transport: 'polling',
        closeCode: undefined,
        error: { message: 'xhr poll error', status: 0 },
      }),
    ],
  ]),
  ...vary('connection-cut.reset.node', 'sure', [
    [
      'Node shows the answer to a polling request',
      each('engine-closed', {
        transport: 'polling',
        closeCode: undefined,
        error: { message: 'xhr poll error', status: 0 },
      }),
    ],
    [
      'over polling a message that is too big is answered with 413, by old servers, too',
      both(
        each('engine-closed', {
          transport: 'polling',
          closeCode: undefined,
          error: { message: 'xhr poll error', status: 0 },
        }),
        each('handshake', { maxPayloadBytes: undefined }),
      ),
    ],
  ]),

  ...vary('connection-flapping.websocket.node', 'unsure', [
    ['it has not come back', notBack],
    ['the last reconnection failed', failsAgain],
  ]),
  ...vary('connection-max-duration.busy-websocket.node', 'unsure', [
    ['it has not come back', notBack],
    ['the last reconnection failed', failsAgain],
    ['it happened twice only', fewerEnds(2)],
  ]),
  ...vary('connection-max-duration.heartbeats-only.node', 'unsure', [
    ['it has not come back', notBack],
    ['the last reconnection failed', failsAgain],
    ['nobody watched the packets', both(ends({ traffic: undefined }), each('engine-closed', { traffic: undefined }))],
  ]),
  ...vary('proxy-idle-timeout.nginx-websocket.node', 'unsure', [
    ['it has not come back', notBack],
    ['the last reconnection failed', failsAgain],
    ['it happened twice only', fewerEnds(2)],
  ]),
  ...vary('proxy-idle-timeout.nginx-websocket.node', 'silent', [
    ['it beats more often than that', each('handshake', { pingIntervalMs: 300, pingTimeoutMs: 200 })],
  ]),
  ...vary(
    'proxy-idle-timeout.nginx-websocket.node',
    'unsure',
    [['the second cut after the same time is no chance any more', fewerEnds(2)]],
    'connection-cut',
  ),

  ...vary('page-suspended.blocked-event-loop.node', 'silent', [['a packet could not be read', unreadable]]),
  ...vary('page-suspended.blocked-event-loop.node', 'unsure', [
    ['the server waits longer than that', each('handshake', { pingTimeoutMs: 600_000 })],
    ['only the clock shows it, and somebody may have set it', each('timer-gap', { byClock: true })],
    ['the page is frozen still', atClose({ kind: 'page', event: 'frozen' }, -60_000)],
    ['it has not come back', notBack],
    ['the reconnection failed', failsAgain],
    [
      'with Engine.IO 3 the server waits for a ping that is due much later',
      both(client({ protocol: 3 }), each('handshake', { pingIntervalMs: 600_000 })),
    ],
  ]),
  ...vary('page-suspended.blocked-event-loop.node', 'sure', [
    ['the server beats rarely, but waits no longer for the answer', each('handshake', { pingIntervalMs: 600_000 })],
  ]),
  ...vary('page-suspended.blocked-page-for-a-moment.chromium', 'unsure', [
    [
      'the connection ended later, and no heartbeat need have been due meanwhile',
      both(
        each('handshake', { pingIntervalMs: 600_000 }),
        both(without('timer-gap'), atClose({ kind: 'timer-gap', gapMs: 1_500 }, -2_000)),
      ),
    ],
  ]),
  ...vary('page-suspended.stopped-page.chromium', 'unsure', [
    ['the server waits longer than that', each('handshake', { pingTimeoutMs: 600_000 })],
    ['it has not come back', notBack],
  ]),

  ...vary('network-changed.cut-by-the-change.chromium', 'silent', [
    ['a packet could not be read', unreadable],
    ['a message was too big', tooBig],
    ['the server said goodbye', each('engine-closed', { byServer: true })],
    ['there was a closing handshake', each('engine-closed', { closeCode: 1001, wasClean: true })],
  ]),
  ...vary('network-changed.cut-by-the-change.chromium', 'told', [
    [
      'a code that the client says itself is not of the server',
      each('engine-closed', { closeCode: 1002, wasClean: false }),
    ],
    ['the browser calls a lost connection clean', each('engine-closed', { closeCode: 1006, wasClean: true })],
  ]),

  ...vary('heartbeat-lost.server-stalled.node', 'unsure', [
    [
      'it had stood still for longer than the server waits',
      both(each('handshake', { pingIntervalMs: 25_000 }), atClose({ kind: 'timer-gap', gapMs: 6_400 }, -5_500)),
    ],
  ]),
  ...vary('heartbeat-lost.server-stalled.node', 'sure', [
    [
      'it had stood still for a moment, long before',
      both(each('handshake', { pingIntervalMs: 25_000 }), atClose({ kind: 'timer-gap', gapMs: 3_000 }, -5_500)),
    ],
    [
      'hardly any time is allowed, but the server does not answer afterwards either',
      both(
        each('handshake', { pingTimeoutMs: 1_000 }),
        without('connected'),
        first({ kind: 'connected', namespace: '/', transport: 'websocket', attempt: 1 }),
        failsAgain,
      ),
    ],
  ]),
  // A limit that somebody has lowered in a server up to 2.x cuts as well, and nothing tells a page what was on its way.
  ...vary(
    'connection-cut.reset-client-2.chromium',
    'told',
    [['a message was above a lowered limit', (timeline) => timeline]],
    'payload-too-large',
  ),
  ...vary('connection-cut.reset-client-2.chromium', 'class', [
    ['a message was above a lowered limit', (timeline) => timeline],
  ]),
  // The server allows less than a round trip, so that its own heartbeat ends sessions in each of these ways.
  ...[
    'server-closed-connection.websocket-only.node',
    'server-closed-connection.polling-only.node',
    'session-lost.server-4.node',
    'connection-flapping.websocket.node',
    'heartbeat-lost.server-stalled.node',
  ].flatMap((from) => [
    ...vary(from, 'unsure', [['no time is allowed for a heartbeat', each('handshake', { pingTimeoutMs: 1 })]]),
  ]),
  ...['server-closed-connection.websocket-only.node', 'session-lost.server-4.node'].flatMap((from) =>
    vary(from, 'told', [['it is the heartbeat that has no time', hurried]], 'heartbeat-too-tight'),
  ),
  ...vary('session-not-sticky.two-round-robin.node', 'silent', [
    ['the server had long given the sessions up', each('handshake', { pingIntervalMs: 0, pingTimeoutMs: 0 })],
  ]),
  ...vary('session-not-sticky.two-round-robin.node', 'sure', [
    ['the heartbeat has no time, and none was due yet', each('handshake', { pingTimeoutMs: 1 })],
  ]),
  ...vary('heartbeat-too-tight.no-time.node', 'silent', [
    ['no heartbeat was due yet', each('handshake', { pingIntervalMs: 25_000 })],
    ['it was cut', each('engine-closed', { reason: 'transport close', closeCode: 1006, wasClean: false })],
  ]),
  ...vary('heartbeat-too-tight.websocket.node', 'silent', [
    ['it had never connected', without('connected')],
    ['the process stood still', slept],
  ]),

  ...vary('payload-upload-too-slow.websocket.node', 'silent', [
    ['a message was too big', tooBig],
    ['it was answered as too big', each('engine-closed', { error: { message: 'xhr post error', status: 413 } })],
    ['a packet could not be read', unreadable],
    ['the process stood still', slept],
  ]),
  ...vary('packet-invalid.unknown-type.node', 'silent', [
    [
      'it is about a connection that does not come about',
      (timeline) => ({ ...timeline, about: { phase: 'connect', namespace: '/', since: 0 } }),
    ],
  ]),
  ...vary('server-closed-connection.websocket-only.node', 'unsure', [
    ['the code is not one of Engine.IO', each('engine-closed', { closeCode: 1011, wasClean: true })],
    ['the other side could not read a frame', each('engine-closed', { closeCode: 1007, wasClean: true })],
  ]),
  ...vary('server-closed-connection.websocket-only.node', 'silent', [
    ['the heartbeat stopped', each('engine-closed', { reason: 'ping timeout' })],
    ['the code has no meaning', each('engine-closed', { closeCode: 1004, wasClean: true })],
    [
      'nothing came from the server in good order',
      both(
        each('engine-closed', { wasClean: false, closeCode: 1006 }),
        each('websocket-closed', { wasClean: false, closeCode: 1006 }),
      ),
    ],
  ]),
  ...vary('server-closed-connection.websocket-only.node', 'told', [
    ['the server goes away (1001)', each('engine-closed', { closeCode: 1001, wasClean: true })],
    ['the server restarts (1012)', each('engine-closed', { closeCode: 1012, wasClean: true })],
  ]),
  ...vary('server-closed-connection.websocket-only.node', 'unsure', [
    ['a large message was on its way', large],
    ['the process stood still, and the server had given it up', slept],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'silent', [
    ['the client had not asked', both(each('connect-overdue', { sent: 'no' }), each('disconnected', { sent: 'no' }))],
    [
      'the server closes on what it cannot read',
      each('namespace-connect', (signal: { connects: object }) => ({
        connects: { ...signal.connects, own: 'closed' },
      })),
    ],
    [
      'it answers the SDK in other words',
      each('namespace-connect', (signal: { connects: object }) => ({
        connects: { ...signal.connects, own: 'foreign' },
      })),
    ],
    [
      'it answers an unknown namespace in other words',
      each('namespace-connect', (signal: { connects: object }) => ({
        connects: { ...signal.connects, unused: 'foreign' },
      })),
    ],
    [
      'it reads the words of the default parser, and the client writes others',
      both(each('connect-overdue', { sent: 'foreign' }), each('disconnected', { sent: 'foreign' })),
    ],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'unsure', [
    ['the server was busy with everything', each('namespace-connect', { durationMs: 5_000 })],
    [
      'whether the client asked was not seen',
      both(each('connect-overdue', { sent: 'unknown' }), each('disconnected', { sent: 'unknown' })),
    ],
    ['nobody asked', without('namespace-connect')],
  ]),

  ...vary('connection-cut.reset.node', 'sure', [
    [
      'another namespace had waited on the same connection and was told as well',
      atClose({
        kind: 'connect-error',
        namespace: '/chat',
        source: 'transport',
        transport: 'websocket',
        error: { message: 'websocket error' },
      }),
    ],
  ]),
  ...vary('connection-cut.reset.firefox-same', 'sure', [
    [
      'the engine tells of an error instead of a code',
      both(without('websocket-closed'), each('engine-closed', { closeCode: undefined })),
    ],
  ]),
  ...vary(
    'connection-max-duration.busy-client-2.chromium',
    'unsure',
    [['it happened twice only', fewerEnds(2)]],
    'connection-cut',
  ),
  ...vary(
    'connection-cut.closed-without-frame.chromium',
    'silent',
    [['the server ended the session with a packet', each('engine-closed', { byServer: true })]],
    'server-went-down',
  ),
  ...vary(
    'connection-cut.closed-without-frame.chromium',
    'told',
    [['the browser calls a lost connection clean', each('engine-closed', { closeCode: 1006, wasClean: true })]],
    'server-went-down',
  ),
  ...vary('server-went-down.back-after-seconds.chromium', 'sure', [
    ['it had said goodbye before', each('engine-closed', { closeCode: 1001, wasClean: true })],
  ]),
  ...vary('server-went-down.back-after-seconds.chromium', 'silent', [
    ['a packet could not be read', unreadable],
    ['the next attempt was answered', errors({ status: 301 })],
    [
      'the connection failed otherwise when asked',
      asked('http-handshake', { answer: 'no', http: { result: 'failed', code: 'CERT_HAS_EXPIRED' } }),
    ],
    ['something answers', http('http-reachable', { result: 'opaque' }, { answer: 'yes' })],
  ]),
  ...vary('server-went-down.back-after-seconds.chromium', 'unsure', [
    ['nobody asked for a WebSocket', without('websocket-handshake')],
  ]),
  ...vary('server-closed-connection.after-upgrade.chromium', 'silent', [
    ['the transport failed', each('engine-closed', { reason: 'transport error' })],
    ['no closing frame came', each('engine-closed', { closeCode: 1006, wasClean: false })],
    ['a message was too big', tooBig],
  ]),
  ...vary('server-closed-connection.after-upgrade.chromium', 'unsure', [
    ['the reconnection failed', failsAgain],
    ['a large message was on its way', large],
    ['the page was frozen', atClose({ kind: 'page', event: 'frozen' })],
  ]),
  ...vary('server-closed-connection.polling-only.chromium', 'sure', [
    ['over polling a message that is too big is answered', each('handshake', { maxPayloadBytes: undefined })],
  ]),
  ...vary('server-disconnected-socket.later-client-2.chromium', 'silent', [
    ['it is about a connection that does not come about', about({ phase: 'connect' })],
  ]),
  ...vary(
    'connection-cut.closed-without-frame.chromium',
    'sure',
    [
      [
        'an error without a message to blame',
        each('engine-closed', { error: { message: 'xhr poll error', status: 500 } }),
      ],
    ],
    'server-error-response',
  ),
  ...vary(
    'payload-too-large.polling-apache-client-2.chromium',
    'unsure',
    [['a server says 500 to what is too big', errors({ status: 500 })]],
    'server-error-response',
  ),
];
