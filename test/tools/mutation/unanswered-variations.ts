import type { Timeline } from '../../../src/signals/timeline.js';
import { both, type Change, each, type Facts, first, later, options, without } from './changes.js';
import { type Variation, vary } from './variation.js';

const connects = (facts: Facts): Change =>
  each('namespace-connect', (signal: Facts) => ({ connects: { ...signal.connects, ...facts } }));
const sent = (how: string): Change => both(each('connect-overdue', { sent: how }), each('disconnected', { sent: how }));
/** Longer than any middleware takes. */
const patient = each('connect-overdue', { afterMs: 120_000 });
/** The session ended instead of being waited for. */
const ended =
  (reason: string, closed?: Facts): Change =>
  (timeline: Timeline) => ({
    ...timeline,
    signals: timeline.signals.flatMap((signal) => {
      if (signal.kind !== 'connect-overdue') return [signal];
      const { namespace, sent: how, at, attempt } = signal;
      const gone = { kind: 'disconnected', namespace, reason, hadConnected: false, sent: how, at, attempt };
      const engine = { kind: 'engine-closed', transport: 'polling', reason, opened: true, ageMs: at, at, attempt };
      return [gone, ...(closed ? [{ ...engine, ...closed }] : [])] as Timeline['signals'][number][];
    }),
  });
/** Something else that is noted in the attempt that waits. */
const beside =
  (facts: Facts): Change =>
  (timeline: Timeline) => {
    const overdue = timeline.signals.find(({ kind }) => kind === 'connect-overdue');
    return first({ attempt: overdue?.attempt, ...facts })(timeline);
  };
/** The server ends each session this long after it opened. */
const endsAfter =
  (ms: number): Change =>
  (timeline: Timeline) => ({
    ...timeline,
    signals: timeline.signals.map((signal) => {
      if (signal.kind !== 'engine-opened') return signal;
      const gone = timeline.signals.find(({ kind, attempt }) => kind === 'disconnected' && attempt === signal.attempt);
      return gone ? { ...signal, at: gone.at - ms } : signal;
    }),
  });

/** Look-alikes among sessions that open, and in which a namespace neither connects nor is refused. */
export const unansweredVariations: readonly Variation[] = [
  ...vary('auth-callback-hanging.called-late.node', 'told', [
    [
      'over polling the server ends the session with a packet',
      both(
        without('websocket-closed'),
        each('engine-closed', { transport: 'polling', closeCode: undefined, wasClean: undefined, byServer: true }),
      ),
    ],
  ]),
  ...vary('auth-callback-hanging.called-late.node', 'silent', [
    [
      'the next one was cut, and not closed',
      both(
        each('engine-closed', { closeCode: 1006, wasClean: false }),
        each('websocket-closed', { closeCode: 1006, wasClean: false }),
      ),
    ],
    ['the next one had not connected, and so asked but once', without('connected')],
  ]),
  ...vary('auth-callback-hanging.short-connect-timeout.node', 'silent', [
    ['the server sent what the client cannot read', each('disconnected', { reason: 'parse error' })],
  ]),
  ...vary('auth-callback-hanging.never-called.node', 'told', [
    [
      'nobody watched whether CONNECT left, and there is an auth function',
      both(options({ hasAuth: true }), sent('unknown')),
    ],
  ]),
  ...vary('auth-callback-hanging.short-connect-timeout.node', 'unsure', [
    ['the connections were lost, and not closed', each('disconnected', { reason: 'transport error' })],
    ['the server closes its sessions sooner than a token is there', endsAfter(200)],
    [
      'the time before, CONNECT had left',
      each('disconnected', (signal: Facts) => (signal.attempt === 1 ? { sent: 'default' } : {})),
    ],
  ]),
  ...vary('auth-callback-hanging.for-long.node', 'unsure', [
    ['nobody watched whether CONNECT left', both(options({ hasAuth: true }), sent('unknown'))],
  ]),

  ...vary('namespace-not-answering.defaults.node', 'silent', [
    ['the session ended with what the client cannot read', ended('parse error')],
    ['the connection was lost before anything was overdue', ended('transport error')],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'told', [
    [
      'it was overdue, and the connection was lost afterwards',
      later({ kind: 'disconnected', namespace: '/', reason: 'transport error', hadConnected: false, sent: 'default' }),
    ],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'sure', [
    ['it was waited for long enough', patient],
    [
      'it was waited for long enough, and nobody asked for the namespace itself',
      both(patient, connects({ own: undefined })),
    ],
  ]),
  ...vary('namespace-not-answering.defaults.node', 'unsure', [
    ['for long, but the server answers nobody', both(patient, connects({ unused: 'silent' }))],
    [
      'for long, but the server is busy with everything',
      both(patient, each('namespace-connect', { durationMs: 5_000 })),
    ],
    ['for long, but the SDK got in at once', both(patient, connects({ own: 'connected' }))],
    [
      'for long, but the request with the CONNECT packet is still under way',
      both(patient, each('connect-overdue', { transport: 'polling', delivered: undefined })),
    ],
    ['for long, but whether the client asked was not seen', both(patient, sent('unknown'))],
    [
      'for long, and it had connected on the same connection before',
      both(patient, without('namespace-connect'), beside({ kind: 'connected', namespace: '/', transport: 'polling' })),
    ],
    [
      'the server ended the session, and nothing tells that it keeps others waiting',
      both(ended('transport close', { byServer: true }), connects({ own: undefined })),
    ],
  ]),

  ...vary(
    'namespace-not-answering.defaults.node',
    'unsure',
    [
      [
        'the server closes a session of the SDK and leaves that of the client open',
        connects({ unused: 'closed', own: 'closed', quietMs: 45_000 }),
      ],
    ],
    'parser-mismatch',
  ),
  ...vary('parser-mismatch.msgpack-server.node', 'sure', [
    ['it answered in other words, and closes what says nothing as soon', connects({ unused: 'foreign', quietMs: 0 })],
  ]),
  ...vary('parser-mismatch.msgpack-server.node', 'told', [
    [
      'which words the client writes was not seen, and the server reads those of the default parser',
      both(sent('unknown'), connects({ unused: 'refused' })),
    ],
    [
      'the server reads what the client writes, and the client does not read the answer',
      both(each('disconnected', { reason: 'parse error' }), sent('default'), connects({ unused: 'refused' })),
    ],
  ]),
  ...vary('server-closed-connection.before-connect-websocket.node', 'unsure', [
    [
      'the session had lasted so long that its age may be why it was closed',
      each('engine-closed', { transportAgeMs: 1_500 }),
    ],
  ]),
];
