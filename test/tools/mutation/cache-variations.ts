import type { Timeline } from '../../../src/signals/timeline.js';
import {
  about,
  both,
  type Change,
  each,
  errors,
  type Facts,
  first,
  later,
  runtime,
  websocket,
  without,
} from './changes.js';
import { type Variation, vary } from './variation.js';

const repeated = each('handshake', { repeatedSid: true });

/** A namespace is left, once after each time it was connected. */
const left =
  (namespace: string): Change =>
  (timeline) => ({
    ...timeline,
    signals: timeline.signals.flatMap((signal) =>
      signal.kind === 'connected'
        ? [
            signal,
            { kind: 'disconnected', namespace, at: signal.at, attempt: signal.attempt } as Timeline['signals'][number],
          ]
        : [signal],
    ),
  });

/** The socket connects in the attempt that failed, before it failed. */
const connectedBefore: Change = (timeline) => {
  const opened = timeline.signals.findLast(({ kind }) => kind === 'engine-opened');
  return first({ kind: 'connected', namespace: '/', transport: 'polling', at: opened?.at, attempt: opened?.attempt })(
    timeline,
  );
};

/** Look-alikes among what answers from a store, and what changes answers. */
export const cacheVariations: readonly Variation[] = [
  ...vary(
    'connection-cut.reset.node',
    'silent',
    [
      ['a server that makes its own ids gives the same one out to the same user', repeated],
      [
        'it gives the same one out to the next transport of one attempt',
        both(repeated, later({ kind: 'handshake', transport: 'websocket', upgrades: [], repeatedSid: true })),
      ],
      [
        'four namespaces connect over one connection',
        both(...['/a', '/b', '/c'].map((namespace) => later({ kind: 'connected', namespace, transport: 'polling' }))),
      ],
    ],
    'response-cached',
  ),
  ...vary(
    'connection-flapping.websocket.node',
    'silent',
    [['the timeline has no room left for how the connections ended', without('disconnected')]],
    'response-cached',
  ),
  ...vary('response-cached.answers-polls-with-handshake.node', 'silent', [
    ['the SDK came later and looked the handshake up again', each('handshake', { late: true })],
    ['it is the upgrade that fails, over a WebSocket that no store answers', about({ phase: 'upgrade' })],
  ]),
  ...vary('response-cached.service-worker.chromium-same', 'unsure', [
    ['the app leaves the namespace and joins it again', left('/')],
  ]),
  ...vary('response-cached.service-worker.chromium-same', 'sure', [
    ['the app leaves another namespace meanwhile', left('/other')],
    ['the app had left the namespace before', first({ kind: 'disconnected', namespace: '/', at: 0, attempt: 1 })],
    [
      'the session of the next attempt is unknown to the server as well',
      both(
        later({ kind: 'handshake', transport: 'polling', upgrades: [], attempt: 99 }),
        later({
          kind: 'engine-failed',
          transport: 'polling',
          error: { message: 'xhr poll error', status: 400, body: { is: 'engineio-error', code: 1 } },
          attempt: 99,
        }),
      ),
    ],
  ]),
  ...vary('response-cached.nginx-client-2.node', 'sure', [
    [
      'the old handshake of Engine.IO 3 brought the CONNECT of its session along',
      both(about({ phase: 'session' }), connectedBefore),
    ],
  ]),
  ...vary('response-cached.nginx-ignores-query.node', 'silent', [
    [
      'the session connected, which Engine.IO 4 does by a request of its own',
      both(about({ phase: 'session' }), connectedBefore),
    ],
  ]),
  ...vary(
    'gateway-failing.timeout-504.chromium-same',
    'silent',
    [
      [
        'a service worker is there, and a proxy has signed the answer',
        both(
          runtime({ serviceWorker: true }),
          later({
            kind: 'probe',
            name: 'http-handshake',
            answer: 'no',
            durationMs: 20,
            http: { result: 'answered', status: 504, body: { is: 'json' }, proxy: 'nginx' },
          }),
        ),
      ],
    ],
    'response-cached',
  ),

  // What an answer that is empty in mid-session means depends on who decodes it.
  ...vary(
    'packet-invalid.body-replaced.webkit',
    'told',
    [['a browser shows what it could not decode as empty', errors({ body: { is: 'empty' } })]],
    'response-altered',
  ),
  ...vary(
    'packet-invalid.body-replaced.node',
    'silent',
    [['in Node it was sent so: the client decodes nothing', errors({ body: { is: 'empty' } })]],
    'response-altered',
  ),

  ...vary('server-on-serverless.websocket-only.node', 'silent', [
    [
      'it opened, and failed later',
      both(
        later({ kind: 'handshake', transport: 'websocket', upgrades: [], attempt: 1 }),
        errors({ status: undefined }),
        websocket(undefined),
      ),
    ],
  ]),
  ...vary('server-on-serverless.route-missing.node', 'silent', [
    [
      'the path is there: a handshake had come before',
      later({ kind: 'handshake', transport: 'polling', upgrades: [], attempt: 1 }),
    ],
    [
      'nothing tells the platform, and any server may not know a path',
      both(without('probe'), errors({ hosting: undefined })),
    ],
  ]),
  ...vary('server-on-serverless.lambda-polling.node', 'silent', [
    ['what failed after the handshake was a gateway', errors({ status: 502, body: { is: 'html' } })],
  ]),

  ...vary('session-lost.server-4.node', 'unsure', [
    [
      'only the clock tells that the process stood still',
      (timeline: Timeline) => {
        const closed = timeline.signals.find(({ kind }) => kind === 'engine-closed');
        return later({
          kind: 'timer-gap',
          gapMs: 60_000,
          byClock: true,
          at: closed?.at,
          attempt: closed?.attempt,
        } as Facts)(timeline);
      },
    ],
  ]),
  ...vary('session-lost.server-4.webkit', 'unsure', [
    [
      'connections end at about the same age, as those do that are cut and repeated by the browser',
      (timeline: Timeline) => {
        const end = timeline.ended?.latest[0] as Facts;
        const age = (at: number, attempt: number) => ({ ...end, at, attempt, transportAgeMs: 2_000 });
        const { at, attempt } = end;
        return {
          ...timeline,
          ended: { count: 3, latest: [age(at - 6_000, attempt - 2), age(at - 3_000, attempt - 1), age(at, attempt)] },
        };
      },
    ],
  ]),
];
