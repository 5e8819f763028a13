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

/** What the SDK was told by the server about CONNECT packets. */
const connects = (facts: Facts): Change =>
  each('namespace-connect', (signal: Facts) => ({ connects: { ...signal.connects, ...facts } }));
/** How the client's own CONNECT packet left. */
const sent = (how: string): Change => both(each('connect-overdue', { sent: how }), each('disconnected', { sent: how }));
/** Longer than any middleware takes. */
const patient = each('connect-overdue', { afterMs: 120_000 });
const gaveUp = each('connect-error', { source: 'timeout' });
/** The session ended once, before anything was overdue. */
const endedOnce: Change = (timeline) => {
  const kept = timeline.signals.filter(({ kind }) => kind !== 'connect-overdue');
  const last = kept.findLast(({ kind }) => kind === 'disconnected');
  return { ...timeline, signals: kept.filter((signal) => signal.kind !== 'disconnected' || signal === last) };
};
const limit = later({
  kind: 'connect-error',
  namespace: '/',
  source: 'timeout',
  transport: 'websocket',
  error: { message: 'timeout' },
});
const failsWith = (status: number) =>
  again({
    kind: 'connect-error',
    namespace: '/',
    source: 'transport',
    transport: 'polling',
    error: { message: 'xhr poll error', status, body: { is: 'html' } },
  });
const large = (status: number) =>
  each('engine-closed', { unsentBytes: 500_000, error: { message: 'xhr poll error', status, body: { is: 'html' } } });

/** Look-alikes among namespaces, usage, and what answers with a status. */
export const otherVariations: readonly Variation[] = [
  ...vary('auth-callback-hanging.short-connect-timeout.node', 'unsure', [
    ['the server ended one session before its CONNECT, for reasons of its own', endedOnce],
    ['nobody watched whether CONNECT left', both(options({ hasAuth: true }), sent('unknown'))],
  ]),
  ...vary('auth-callback-hanging.client-3.node', 'silent', [
    ['the server sent what the client cannot read', both(without('connect-overdue'), then('parse error'))],
  ]),

  ...vary(
    'server-unreachable.refused.chromium',
    'told',
    [
      [
        'it is a WebView, which tells nothing',
        both(runtime({ pageScheme: 'capacitor:' }), target({ host: 'api.example.com' })),
      ],
    ],
    'cleartext-blocked',
  ),
  ...vary(
    'server-unreachable.refused.chromium',
    'silent',
    [['a WebView may talk to its own device', runtime({ pageScheme: 'capacitor:' })]],
    'cleartext-blocked',
  ),
  ...vary('cleartext-blocked.android-websocket.react-native', 'told', [
    ['React Native forbids the own device as well', target({ host: 'localhost' })],
  ]),
  ...['mixed-content-blocked.defaults.chromium', 'browser-port-blocked.x11.chromium'].flatMap((from) =>
    vary(from, 'sure', [['an old client waited for its own limit instead', gaveUp]]),
  ),

  ...vary('localhost-from-elsewhere.localhost-in-production.chromium', 'unsure', [
    ['nobody asked whether anything answers', without('http-reachable')],
    ['a WebSocket opened', websocket({ result: 'silent' }, { answer: 'no' })],
    ['nobody asked the origin', without('http-root')],
  ]),
  ...vary('localhost-from-elsewhere.localhost-in-production.chromium', 'silent', [
    ['an extension is no page of another host', runtime({ pageScheme: 'chrome-extension:' })],
  ]),
  ...vary('localhost-from-elsewhere.android-device.react-native', 'silent', [
    ['the platform forbids cleartext', errors({ platform: 'cleartext' })],
    ['the URL names another host', target({ host: 'api.example.com' })],
  ]),
  ...vary('localhost-from-elsewhere.android-device.react-native', 'told', [
    ['the URL has the address of the emulator', target({ host: '10.0.2.2' })],
    [
      'it is a WebView on a device',
      both(
        errors({ platform: undefined }),
        runtime({ kind: 'browser', pageScheme: 'capacitor:', pageHost: 'localhost' }),
        target({ host: 'localhost' }),
      ),
    ],
    [
      'it is a WebView on an emulator',
      both(
        errors({ platform: undefined }),
        runtime({ kind: 'browser', pageScheme: 'capacitor:', pageHost: 'localhost' }),
        target({ host: '10.0.2.2' }),
      ),
    ],
  ]),
  ...vary('localhost-from-elsewhere.android-device.react-native', 'silent', [
    [
      'it is a WebView, and the URL names another host',
      both(
        errors({ platform: undefined }),
        runtime({ kind: 'browser', pageScheme: 'capacitor:', pageHost: 'localhost' }),
        target({ host: 'api.example.com' }),
      ),
    ],
  ]),
  ...vary('local-network-access-blocked.private-address.chromium', 'told', [
    ['Firefox leaves such a request pending', both(runtime({ engine: 'firefox' }), gaveUp)],
  ]),

  ...(
    [
      ['silent', 'a page over https may not call without TLS', runtime({ kind: 'browser', pageScheme: 'https:' })],
      [
        'silent',
        'a policy forbids it',
        first({ kind: 'csp-violation', directive: 'connect-src', disposition: 'enforce', blocked: 'ws://127.0.0.1/' }),
      ],
      ['silent', 'it failed before the limit', each('connect-error', { source: 'transport' })],
      [
        'silent',
        'another attempt could not begin',
        each('transport-unopened', (signal: Facts) => ({ attempt: signal.attempt + 100 })),
      ],
      [
        'told',
        'a page over https calls with TLS',
        both(runtime({ kind: 'browser', pageScheme: 'https:' }), target({ secure: true })),
      ],
      ['told', 'neither page nor call has TLS', runtime({ kind: 'browser', pageScheme: 'http:' })],
    ] as const
  ).flatMap(([is, but, change]) =>
    vary('transport-not-available.websocket-class-in-node.node', is, [
      [
        `nothing tells what is missing, and ${but}`,
        both(each('transport-unopened', { missing: undefined }), limit, change),
      ],
    ]),
  ),
  ...vary(
    'server-unreachable.refused-fetch.node',
    'told',
    [['the request could not be made at all', errors({ notSent: true })]],
    'transport-not-available',
  ),

  ...vary('version-client-too-old.2-on-4-no-cors.chromium', 'unsure', [
    ['nobody asked a second time', without('websocket-again')],
    ['nobody asked for Engine.IO 3', both(without('websocket-handshake'))],
  ]),
  ...vary('version-client-too-old.2-on-4-no-cors.chromium', 'silent', [
    ['Engine.IO 4 is not answered over HTTP', asked('http-other-protocol', { answer: 'no' })],
    ['Engine.IO 3 got through at the second time', both(without('websocket-again'), asked('websocket-again', {}))],
  ]),
  ...vary('version-client-too-old.2-on-4.node', 'unsure', [
    ['it was another error of Engine.IO', both(errors({ body: { is: 'engineio-error', code: 3 } }), without('probe'))],
  ]),
  ...vary('version-client-too-old.2-on-python-threads.chromium', 'unsure', [
    ['nobody asked for Engine.IO 3 over HTTP', without('http-handshake')],
  ]),

  ...vary('namespace-not-answering.defaults.node', 'silent', [
    ['the client could not read what came', both(without('connect-overdue'), then('parse error'))],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'unsure', [
    ['the server answers nobody', connects({ unused: 'silent' })],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'sure', [
    ['the unknown namespace exists after all, and connected', both(patient, connects({ unused: 'connected' }))],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'told', [
    [
      'the client writes other words, and the server reads none',
      both(sent('foreign'), connects({ unused: 'silent', own: 'silent' })),
    ],
  ]),
  ...vary('namespace-not-answering.beside-another.node', 'sure', [
    [
      'nobody asked, and another namespace was refused on the same connection',
      both(patient, without('namespace-connect'), without('connected'), (timeline) => {
        const overdue = timeline.signals.find(({ kind }) => kind === 'connect-overdue');
        return first({
          kind: 'connect-error',
          namespace: '/other',
          source: 'server',
          error: { message: 'Invalid namespace' },
          attempt: overdue?.attempt,
        })(timeline);
      }),
    ],
    [
      'nobody asked, and another namespace connected on the same connection',
      both(patient, without('namespace-connect'), without('connected'), (timeline) => {
        const overdue = timeline.signals.find(({ kind }) => kind === 'connect-overdue');
        return first({ kind: 'connected', namespace: '/other', transport: 'polling', attempt: overdue?.attempt })(
          timeline,
        );
      }),
    ],
  ]),
  ...vary('namespace-not-answering.beside-another.node', 'unsure', [
    [
      'nobody asked, and another namespace connected long before',
      both(
        patient,
        without('namespace-connect'),
        without('connected'),
        first({ kind: 'connected', namespace: '/other', transport: 'polling' }),
      ),
    ],
    [
      'nobody asked, and another namespace has no answer either',
      both(patient, without('namespace-connect'), without('connected'), (timeline) => {
        const overdue = timeline.signals.find(({ kind }) => kind === 'connect-overdue');
        return first({
          kind: 'connect-error',
          namespace: '/other',
          source: 'transport',
          error: { message: 'xhr poll error' },
          attempt: overdue?.attempt,
        })(timeline);
      }),
    ],
  ]),

  ...vary('parser-mismatch.msgpack-client.node', 'silent', [
    ['the client had not asked', sent('no')],
    ['the client writes what the server reads', both(sent('default'), connects({ unused: 'refused' }))],
  ]),
  ...vary('parser-mismatch.msgpack-client.node', 'sure', [
    ['the unknown namespace exists after all, and connected', connects({ unused: 'connected' })],
  ]),
  ...vary('parser-mismatch.msgpack-client.node', 'unsure', [
    ['the server answers nobody', connects({ unused: 'silent' })],
    ['both sides use the same other words', connects({ unused: 'foreign' })],
    ['both sides use other words, and the server closes on the default ones', connects({ unused: 'closed' })],
  ]),
  ...vary('parser-mismatch.msgpack-server.node', 'sure', [
    ['it answered the unknown namespace in other words', connects({ unused: 'foreign' })],
    ['it answered its own namespace in other words', connects({ unused: 'silent', own: 'foreign' })],
  ]),
  ...vary('parser-mismatch.msgpack-server.node', 'unsure', [
    ['a session that says nothing is closed as soon', connects({ quietMs: 0 })],
    ['the server answers nobody', connects({ unused: 'silent', own: 'silent' })],
  ]),

  ...vary('recovery-failed.other-node.node', 'silent', [
    ['the server offers no recovery', each('connected', { recovered: undefined })],
    ['it recovered', each('connected', { recovered: true })],
    [
      'the server said goodbye, after which nothing is recovered',
      each('disconnected', { reason: 'io server disconnect' }),
    ],
    ['another namespace was lost', each('disconnected', { namespace: '/other' })],
    ['another namespace came back', each('connected', { namespace: '/other' })],
    ['it was lost in a session before', each('disconnected', { at: -1 })],
    ['it was lost again afterwards', each('disconnected', { at: 1e9 })],
    [
      'it was gone for longer than servers remember',
      (timeline) => {
        const back = timeline.signals.findLast(({ kind }) => kind === 'connected');
        const signals = timeline.signals.map((one) => (one === back ? { ...one, at: one.at + 86_400_000 } : one));
        return { ...timeline, signals };
      },
    ],
  ]),

  ...vary('websocket-not-offered.upgrades-off.node', 'silent', [
    ['the client does not want to upgrade', options({ upgrade: false })],
    ['the client wants no WebSocket', options({ transports: ['polling'] })],
    ['what was offered had gone by before anybody looked', each('handshake', { late: true })],
    [
      'the handshake was of another connection',
      each('handshake', (signal: Facts) => ({ attempt: signal.attempt + 100 })),
    ],
  ]),

  ...vary('server-handler-registered-late.asked-again.node', 'unsure', [
    ['it was another event', each('usage', { sameEvent: false })],
    ['the client did something else in between, such as a login', each('usage', { othersBetween: true })],
    ['it happened once', each('usage', { unanswered: 1 })],
    ['the answer may still come', each('usage', { waitedMs: 10 })],
  ]),
  ...vary('socket-never-opened.with-messages.node', 'unsure', [
    ['nothing waits to be sent', each('usage', { buffered: 0 })],
  ]),

  ...vary('option-without-effect.headers-of-a-websocket.chromium', 'silent', [
    ['Node sends headers with a WebSocket', runtime({ kind: 'node' })],
    ['it starts with polling', options({ transports: ['polling', 'websocket'] })],
    ['it may fall back to polling', options({ transports: ['websocket', 'polling'] })],
  ]),
  ...vary('option-without-effect.headers-of-a-websocket.chromium', 'sure', [
    ['a worker sets none either', runtime({ kind: 'worker' })],
  ]),
  ...vary('option-without-effect.credentials-of-a-websocket.chromium', 'silent', [
    ['it is switched off', each('usage', { on: [] })],
    ['Node keeps no cookies without it', runtime({ kind: 'node' })],
  ]),
  ...vary('option-without-effect.headers-client-2.chromium', 'silent', [
    ['Node takes them from old clients', runtime({ kind: 'node' })],
  ]),
  ...vary('option-without-effect.headers-client-2.chromium', 'sure', [
    ['the client is older still', client({ major: 1 })],
  ]),
  ...vary('option-without-effect.upgrade-of-polling-only.node', 'silent', [
    ['there is WebTransport to upgrade to', options({ transports: ['polling', 'webtransport'] })],
  ]),
  ...vary('option-without-effect.auth-client-2.node', 'sure', [
    ['1.x has no parser option', both(client({ major: 1, version: '1.x' }), each('usage', { names: ['parser'] }))],
  ]),
  ...vary('option-without-effect.auth-client-2.node', 'silent', [
    ['2.x takes a parser', each('usage', { names: ['parser'] })],
    [
      'which version it is cannot be told',
      both(client({ major: 0, version: 'unknown' }), each('usage', { names: ['ackTimeout', 'retries'] })),
    ],
  ]),
  ...vary('option-without-effect.retries-client-4.5.node', 'sure', [
    ['3.x has no retries either', client({ major: 3, version: '3.x' })],
  ]),

  ...vary('request-blocked-by-client.polling.chromium', 'silent', [
    ['Node has no extensions', runtime({ kind: 'node' })],
    ['a handshake had come before it failed', later({ kind: 'handshake', transport: 'polling', upgrades: [] })],
    ['the request hung', http('http-reachable', { result: 'timeout' }, { answer: 'no' })],
    ...['timeout', 'silent', 'other'].map(
      (result) => [`a WebSocket was ${result}`, websocket({ result }, { answer: 'no' })] as const,
    ),
  ]),

  ...vary('request-forbidden.post-405.node', 'sure', [
    [
      'the method is not implemented',
      each('engine-closed', { error: { message: 'xhr post error', status: 501, body: { is: 'html' } } }),
    ],
  ]),
  ...vary('request-forbidden.firewall.node', 'unsure', [
    [
      'the body is hidden, and Engine.IO says 403 as well',
      both(errors({ body: undefined }), without('http-handshake')),
    ],
  ]),
  ...vary('request-forbidden.api-code-4.node', 'silent', [
    [
      'what refused knows the transports of Engine.IO',
      both(without('unknown-transport'), asked('unknown-transport', {})),
    ],
    [
      'it was another error of Engine.IO',
      both(
        errors({ body: { is: 'engineio-error', code: 3 } }),
        http('http-handshake', { result: 'answered', status: 403, body: { is: 'engineio-error', code: 3 } }),
      ),
    ],
    [
      'it names the origin, as python-engineio does',
      both(
        errors({ body: { is: 'engineio-error', code: 4, origin: true } }),
        http('http-handshake', {
          result: 'answered',
          status: 403,
          body: { is: 'engineio-error', code: 4, origin: true },
        }),
      ),
    ],
  ]),
  ...vary('request-redirected.websocket-only.node', 'silent', [
    ['a handshake had come before it failed', later({ kind: 'handshake', transport: 'websocket', upgrades: [] })],
  ]),

  // Sessions that end with a status: a proxy's word for a message, or for a server that is gone.
  ...(
    [
      ['gateway-failing', 502],
      ['server-error-response', 500],
    ] as const
  ).flatMap(([code, status]) => [
    ...vary(
      'connection-cut.reset.node',
      'unsure',
      [[`a large message was answered with ${status}`, large(status)]],
      code,
    ),
    ...vary(
      'connection-cut.reset.node',
      'sure',
      [[`it was answered with ${status} again without any message`, both(large(status), failsWith(status))]],
      code,
    ),
  ]),
  ...vary(
    'connection-cut.reset.node',
    'unsure',
    [
      [
        'a poll was given up with 504 by the proxy',
        each('engine-closed', { error: { message: 'xhr poll error', status: 504, body: { is: 'html' } } }),
      ],
    ],
    'gateway-failing',
  ),
  ...vary('gateway-failing.nginx-502.node', 'silent', [
    [
      "the answer is Engine.IO's own",
      both(
        errors({ body: { is: 'engineio-error', code: 3 } }),
        http('http-handshake', { result: 'answered', status: 502, body: { is: 'engineio-error', code: 3 } }),
      ),
    ],
  ]),

  ...vary('payload-too-large.websocket-client-4.0.node', 'silent', [
    [
      'the server went away in good order',
      both(each('engine-closed', { closeCode: 1001 }), each('websocket-closed', { closeCode: 1001 })),
    ],
    ['polling shows the answer', over('polling')],
  ]),
  ...vary('payload-upload-too-slow.websocket.node', 'silent', [
    ['nothing much was on its way', each('engine-closed', { unsentBytes: 10 })],
  ]),

  ...vary('heartbeat-too-tight.websocket.node', 'told', [
    ['the handshake was quick', each('attempt-started', { at: 0 })],
  ]),
  ...vary('websocket-handled-twice.other-library.chromium', 'silent', [
    ['a WebSocket was refused, and not cut', websocket({ result: 'rejected' }, { answer: 'no' })],
    ['a WebSocket was closed in good order', websocket({ result: 'closed', closeCode: 1000 }, { answer: 'no' })],
  ]),
  ...vary('websocket-handled-twice.other-library.chromium', 'told', [
    ['the browser could not be asked', each('websocket-handshake', { answer: 'unknown', websocket: undefined })],
  ]),
  ...vary('packet-invalid.unknown-type.node', 'silent', [['it is about a namespace', about({ phase: 'namespace' })]]),
  // A complaint about the scheme hides from pages of another origin alone, and only where nothing else tells.
  ...vary('tls-scheme-mismatch.http-on-nginx.chromium', 'silent', [
    ['the page is of the same origin', target({ sameOrigin: true })],
    ['the page is secure itself', runtime({ pageScheme: 'https:' })],
    ['the address is secure', target({ secure: true })],
    ['it is no page', runtime({ kind: 'react-native' })],
  ]),
  ...vary('connection-limit-reached.event-sources.chromium-same', 'silent', [
    [
      'the session had begun',
      both(
        each('connect-error', { attempt: 3 }),
        first({ kind: 'handshake', transport: 'polling', upgrades: [], attempt: 3 }),
      ),
    ],
    ['it was a WebSocket that was not answered', over('websocket')],
    ['no WebSocket was answered', websocket({ result: 'timeout' }, { answer: 'no' })],
    ['the client sends no cookies', target({ sameOrigin: false })],
    ['it is no page', runtime({ kind: 'node' })],
  ]),
  ...vary('connection-limit-reached.event-sources.chromium-same', 'unsure', [
    // Neither it nor what else was seen holds any more: whatever it was may have passed meanwhile.
    ['no request without cookies was answered', http('http-reachable', { result: 'failed' }, { answer: 'no' })],
  ]),
  ...vary('connection-limit-reached.event-sources.chromium-same', 'told', [
    ['cookies go to another origin', both(target({ sameOrigin: false }), options({ withCredentials: true }))],
  ]),
  ...vary('connection-limit-reached.seven-sessions.chromium', 'silent', [
    ['the page holds fewer connections', runtime({ pollingElsewhere: 5 })],
    ['it is no page', runtime({ kind: 'node' })],
    ['the session was on WebSocket', over('websocket')],
    ['another answer ended it', errors({ status: 502, body: { is: 'html' } })],
  ]),
  ...vary('connection-limit-reached.seven-sessions.chromium', 'told', [
    ['the heartbeat was missed by the client', each('engine-closed', { reason: 'ping timeout', error: undefined })],
    ['the body could not be read', errors({ body: undefined })],
    ['the status could not be read', errors({ status: 0 })],
  ]),
  ...vary('session-lost.server-4.node', 'unsure', [
    ['sockets of the page hold all connections', runtime({ pollingElsewhere: 6 })],
  ]),
];

function then(reason: string): Change {
  return each('disconnected', { reason });
}
