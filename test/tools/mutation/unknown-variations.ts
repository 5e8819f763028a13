import { type Change, each, errors, without } from './changes.js';
import { type Variation, vary } from './variation.js';

/** The conditions under which the answer is true did not hold. */
const unknown = (name: string): Change =>
  each(name, { answer: 'unknown', why: 'no answer', http: undefined, websocket: undefined });

/** Questions that found no answer, and what a client does not show: nothing follows from either. */
export const unknownVariations: readonly Variation[] = [
  ...vary(
    'connection-limit-reached.event-sources.chromium',
    'unsure',
    [['whether a WebSocket gets through is unknown', unknown('websocket-handshake')]],
    'server-not-answering',
  ),
  ...vary(
    'websocket-blocked.hanging-websocket.chromium',
    'unsure',
    [['whether HTTP is answered is unknown', unknown('http-reachable')]],
    'server-not-answering',
  ),
  ...vary(
    'server-not-socketio.upgrade-unanswered.node',
    'unsure',
    [['whether HTTP is answered is unknown', unknown('http-handshake')]],
    'server-not-answering',
  ),
  ...vary(
    'response-altered.post-made-get.node',
    'unsure',
    [['the transport shows no body', errors({ message: 'fetch read error', body: undefined })]],
    'server-not-answering',
  ),
  ...vary(
    'response-altered.text-made-binary.node',
    'unsure',
    [['whose server it is over HTTP is unknown', unknown('http-handshake')]],
    'server-plain-websocket',
  ),
  ...vary(
    'request-redirected.moved-301-followed-server-3.chromium',
    'unsure',
    [['whether the handshake is redirected is unknown', unknown('http-handshake')]],
    'server-error-response',
  ),
  ...vary(
    'request-blocked-by-client.path-without-slash.chromium',
    'unsure',
    [
      ['whether the path answers at all is unknown', unknown('http-reachable')],
      ['nobody asked whether the path answers at all', without('http-reachable')],
    ],
    'path-mismatch',
  ),
  ...vary(
    'heartbeat-too-tight.websocket.chromium',
    'unsure',
    [
      [
        'the SDK came after the handshakes of a minified client',
        each('handshake', { late: true, pingIntervalMs: undefined, pingTimeoutMs: undefined }),
      ],
    ],
    'heartbeat-lost',
  ),
];
