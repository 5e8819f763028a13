import type { Timeline } from '../../../src/signals/timeline.js';
import {
  atClose,
  both,
  type Change,
  each,
  ends,
  type Facts,
  http,
  later,
  over,
  runtime,
  websocket,
  without,
} from './changes.js';
import { type Variation, vary } from './variation.js';

/** No attempt has connected since the connection ended, and none has failed yet. */
const notYetBack: Change = (timeline) => {
  const closed = timeline.signals.find(
    (signal) => signal.kind === 'engine-closed' && signal.opened && signal.at >= (timeline.about?.since ?? 0),
  );
  return {
    ...timeline,
    signals: timeline.signals.filter(({ kind, attempt }) => kind !== 'connected' || attempt <= (closed?.attempt ?? 0)),
  };
};

/** The browser was online again at 9 s; an attempt failed after that, and maybe one worked. */
const returned = ({ failedAt, connectedAt }: { failedAt: number; connectedAt?: number }): Change => {
  const error = { message: 'xhr poll error', status: 0 };
  const failed = {
    kind: 'connect-error',
    namespace: '/',
    source: 'transport',
    transport: 'polling',
    error,
    attempt: 2,
  };
  return both(
    later({ kind: 'page', event: 'online', at: 9_000 }),
    later({ ...failed, at: failedAt }),
    ...(connectedAt === undefined
      ? []
      : [later({ kind: 'connected', namespace: '/', transport: 'polling', attempt: 3, at: connectedAt })]),
  );
};

/** Connections had lived for other times: `ageMs` is given their number, counted back from the present one, which is 0. */
const aged =
  (ageMs: (back: number) => number | undefined): Change =>
  ({ ended, ...timeline }) => {
    if (!ended) return timeline;
    const latest = ended.latest.map((end, index) => {
      const transportAgeMs = ageMs(ended.latest.length - 1 - index);
      return transportAgeMs === undefined ? end : { ...end, transportAgeMs, quietMs: transportAgeMs };
    });
    return { ...timeline, ended: { ...ended, latest } };
  };

/** The connection before the present one had lived just as long, and long enough for a limit. */
const oneAlike = aged((back) => (back < 2 ? 900 : undefined));
/** All connections but the present one had been cut after the same time. */
const othersAlike = aged((back) => (back > 0 ? 2_000 + back : undefined));

const clockJumped = atClose({ kind: 'timer-gap', gapMs: 60_000, byClock: true });
const gaveUp = (status: number, facts: Facts = {}): Change =>
  each('engine-closed', {
    closeCode: undefined,
    transport: 'polling',
    error: { message: 'xhr poll error', status, body: { is: 'html' } },
    ...facts,
  });
const proxyPage = later({
  kind: 'probe',
  name: 'http-handshake',
  answer: 'no',
  durationMs: 20,
  http: { result: 'answered', status: 503, body: { is: 'html' }, isProxyPage: true },
});
const worker = runtime({ serviceWorker: true });
const signed = later({
  kind: 'probe',
  name: 'http-handshake',
  answer: 'no',
  durationMs: 20,
  http: { result: 'answered', status: 504, body: { is: 'json' }, proxy: 'nginx' },
});
const fine: Change = both(
  without('http-handshake'),
  later({
    kind: 'probe',
    name: 'http-handshake',
    answer: 'yes',
    durationMs: 20,
    http: { result: 'answered', status: 200, body: { is: 'engineio-open', protocol: 4 } },
  }),
);
const again = (answer: string): Change => later({ kind: 'probe', name: 'websocket-again', answer, durationMs: 20 });
const switched =
  (event: string, at: number): Change =>
  (timeline: Timeline) => {
    const made = later({ kind: 'page', event, at })(timeline);
    return { ...made, signals: [...made.signals].sort((a, b) => a.at - b.at) };
  };

/** Look-alikes among ends with a rhythm, gateways, and what happens to the network of the client. */
export const rhythmVariations: readonly Variation[] = [
  ...[
    'connection-flapping.websocket.node',
    'connection-max-duration.busy-websocket.node',
    'proxy-idle-timeout.nginx-websocket.node',
  ].flatMap((from) => [
    ...vary(from, 'unsure', [['it has not come back: the server may have gone with the last one', notYetBack]]),
    ...vary(from, 'told', [['it has not come back', notYetBack]]),
  ]),
  ...vary('connection-flapping.websocket.node', 'unsure', [
    ['two of them lived as long as each other, which may become a rhythm', oneAlike],
    ['the others follow a limit, which this one may only show badly', othersAlike],
  ]),
  ...vary('connection-flapping.websocket.node', 'told', [['two of them lived as long as each other', oneAlike]]),

  ...vary('heartbeat-too-tight.websocket.node', 'silent', [
    ['only the clock tells that the process stood still', clockJumped],
  ]),
  ...vary('session-lost.server-4.webkit', 'told', [['only the clock tells that the process stood still', clockJumped]]),

  // A session that is answered with a gateway's status.
  ...vary(
    'connection-cut.reset.node',
    'sure',
    [["a poll was answered with the proxy's own page for a server that is gone", both(gaveUp(503), proxyPage)]],
    'gateway-failing',
  ),
  ...vary(
    'connection-cut.reset.node',
    'unsure',
    [
      [
        'a large message was on its way, and the server may have died of it',
        both(gaveUp(503, { unsentBytes: 500_000 }), proxyPage),
      ],
    ],
    'gateway-failing',
  ),
  ...vary('gateway-failing.timeout-504.chromium-same', 'sure', [
    ['a service worker is there, and a proxy has signed the answer', both(worker, signed)],
  ]),
  ...vary('gateway-failing.haproxy-503-websocket.node', 'told', [
    ['the server is back: HTTP and a second WebSocket work', both(fine, again('yes'))],
  ]),
  ...vary('gateway-failing.haproxy-503-websocket.node', 'unsure', [
    ['HTTP works, and WebSocket is refused again', both(fine, again('no'))],
    [
      'a WebSocket was forbidden, and the second one was not',
      both(
        fine,
        again('yes'),
        each('connect-error', (signal: Facts) => ({ error: { ...signal.error, status: 403 } })),
        each('engine-failed', (signal: Facts) => ({ error: { ...signal.error, status: 403 } })),
        each('engine-closed', (signal: Facts) => ({ error: { ...signal.error, status: 403 } })),
      ),
    ],
  ]),

  ...vary('network-offline.before-connect.chromium', 'silent', [
    ['the network had come back before it failed', switched('online', 2)],
  ]),
  ...vary('network-offline.after-connect.chromium', 'silent', [
    ['the network went long after the connection', each('page', (signal: Facts) => ({ at: signal.at + 5_000 }))],
  ]),
  ...vary('network-offline.after-connect.chromium', 'sure', [
    [
      'a session began once the network was back',
      both(
        later({ kind: 'page', event: 'online', at: 9_000 }),
        later({ kind: 'handshake', transport: 'polling', upgrades: [], at: 10_000, attempt: 2 }),
      ),
    ],
    [
      'the network was back, carried nothing for a moment, and then did',
      returned({ failedAt: 10_000, connectedAt: 11_000 }),
    ],
  ]),
  ...vary('network-offline.after-connect.chromium', 'unsure', [
    ['the network was back, and nothing has worked yet', returned({ failedAt: 10_000 })],
    ['the network was back for long when attempts still failed', returned({ failedAt: 30_000, connectedAt: 31_000 })],
  ]),
  ...['server-closed-connection', 'server-went-down', 'connection-cut'].flatMap((code) =>
    vary(
      'network-offline.after-connect.chromium',
      'silent',
      [['the network was back, and attempts still failed', returned({ failedAt: 30_000, connectedAt: 31_000 })]],
      code,
    ),
  ),

  ...vary('path-mismatch.trailing-slash.chromium', 'sure', [
    [
      'only the slash is another, under a path of its own, and it is refused at once',
      both(
        (timeline) => ({ ...timeline, target: { ...timeline.target, path: '/chat' } }),
        each('other-path', { path: '/chat/' }),
        without('unused-path'),
        websocket({ result: 'rejected', closeCode: 1006 }, { durationMs: 10 }),
      ),
    ],
  ]),
  ...vary('path-mismatch.trailing-slash.chromium', 'unsure', [
    [
      'it is another path than the usual one, and it is refused at once',
      both(
        (timeline) => ({ ...timeline, target: { ...timeline.target, path: '/chat' } }),
        without('unused-path'),
        websocket({ result: 'rejected', closeCode: 1006 }, { durationMs: 10 }),
      ),
    ],
  ]),
  ...vary('path-mismatch.apache-keeps-prefix-websocket.chromium', 'unsure', [
    [
      'whoever does not know a path says so, and nothing was answered',
      both(without('other-path'), http('http-reachable', { result: 'failed' }, { answer: 'no' })),
    ],
  ]),
  ...vary('path-mismatch.trailing-slash.chromium', 'silent', [
    [
      'the request could not be made at all',
      both(
        without('probe'),
        each('connect-error', (signal: Facts) => ({ error: { ...signal.error, notSent: true } })),
      ),
    ],
  ]),
  ...vary('path-mismatch.client-path-polling-server-hanging.chromium-same', 'class', [
    ['the path that hangs may be that of another app, which is stuck', (timeline) => timeline],
  ]),
  ...vary('path-mismatch.trailing-slash.chromium', 'itself', [
    [
      'the path that hangs differs by a slash alone',
      each('connect-error', { source: 'timeout', error: { message: 'timeout' } }),
    ],
  ]),
  ...vary('parser-mismatch.msgpack-server.node', 'class', [
    ['an Engine.IO server without Socket.IO may close what it does not know as well', (timeline) => timeline],
  ]),
  ...vary('parser-mismatch.msgpack-server.node', 'itself', [
    [
      'it answered in words of Socket.IO, of another parser',
      each('namespace-connect', (signal: Facts) => ({ connects: { ...signal.connects, unused: 'foreign' } })),
    ],
  ]),
  ...vary('proxy-idle-timeout.nginx-after-traffic.chromium', 'class', [
    [
      'a service worker may have set the limit to long polls',
      both(worker, over('polling'), ends({ transport: 'polling' })),
    ],
  ]),
  ...vary('proxy-idle-timeout.nginx-after-traffic.chromium', 'itself', [
    [
      'a service worker is there, which sees no WebSocket',
      both(worker, over('websocket'), ends({ transport: 'websocket' })),
    ],
  ]),
];
