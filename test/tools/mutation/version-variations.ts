import { asked, both, client, errors, http, websocket, without } from './changes.js';
import { type Variation, vary } from './variation.js';

/** Nothing of the answer was read, by the client or by a question. */
const unread = both(errors({ status: 0, body: undefined }), without('http-handshake'));

/** Look-alikes among clients and servers of other versions. */
export const versionVariations: readonly Variation[] = [
  // Whether the older server is alone, or beside a newer one that it keeps from its requests, is told by a WebSocket.
  ...vary('version-client-too-new.4-on-2.node', 'unsure', [
    ['nobody asked whether another server answers WebSocket', without('websocket-handshake')],
    ['a WebSocket could not be asked for', websocket(undefined, { answer: 'unknown' })],
    ['a WebSocket was closed by what two servers write at once', websocket({ result: 'closed' }, { answer: 'no' })],
    [
      'a WebSocket broke right after the first message of one of two servers',
      websocket({ result: 'engineio', protocol: 3, closeCode: 1006 }),
    ],
  ]),
  ...vary('version-client-too-new.4-on-2.chromium', 'unsure', [
    ['a page sees what two servers write at once as a refusal', websocket({ result: 'rejected' }, { answer: 'no' })],
  ]),
  ...vary('version-client-too-new.4-on-2.node', 'sure', [
    ['Node reads the refusal of a WebSocket', websocket({ result: 'rejected', status: 400 }, { answer: 'no' })],
  ]),
  ...vary('version-client-too-new.4-on-2.chromium', 'sure', [
    ['a WebSocket hung, which two servers at once do not let it', websocket({ result: 'timeout' }, { answer: 'no' })],
  ]),
  ...vary('version-client-too-new.rust-server.node', 'told', [
    ['a server in another language says why in words of its own', errors({ body: { is: 'text' } })],
  ]),
  ...vary('version-client-too-new.4-on-2.node', 'told', [
    ['this client does not show what it could not parse', both(errors({ status: 0, body: undefined }))],
  ]),
  ...vary('version-client-too-new.4-on-2.node', 'silent', [
    ['what it could not parse is a page', errors({ body: { is: 'html' } })],
    [
      'it could not be read by a question either: an older server would have answered that',
      both(unread, asked('http-handshake', { answer: 'no', http: { result: 'failed' } })),
    ],
  ]),

  // A client of Engine.IO 3 where a client of Engine.IO 4 cannot get through over WebSocket either.
  ...vary('version-client-too-old.2-on-4-no-cors.chromium', 'told', [
    [
      'the server has no WebSocket at all',
      both(without('websocket-again'), asked('websocket-other-protocol', { answer: 'no', durationMs: 20 })),
    ],
  ]),
  ...vary('version-client-too-old.2-on-4-no-cors.chromium', 'silent', [
    [
      'the newer protocol was cut after the second that Engine.IO leaves to a foreign path',
      both(without('websocket-again'), asked('websocket-other-protocol', { answer: 'no', durationMs: 1_010 })),
    ],
    [
      'the newer protocol was refused as well, and a page answers',
      both(
        without('websocket-again'),
        errors({ status: 404, body: { is: 'html' } }),
        asked('websocket-other-protocol', { answer: 'no', durationMs: 20 }),
      ),
    ],
    [
      'the newer protocol was refused as well, and nothing is reachable',
      both(
        without('websocket-again'),
        asked('websocket-other-protocol', { answer: 'no', durationMs: 20 }),
        http('http-reachable', { result: 'failed' }, { answer: 'no' }),
      ),
    ],
  ]),

  ...vary(
    'version-client-too-old.2-on-4-websocket.node',
    'silent',
    [['an Engine.IO 3 client reads the HTTP error of a newer server as a bad frame', (timeline) => timeline]],
    'response-altered',
  ),
  ...vary(
    'version-client-too-old.2-on-4-websocket.node',
    'told',
    [['a client of today reads no HTTP error as a frame', client({ protocol: 4, major: 4, version: '4.8+' })]],
    'response-altered',
  ),
];
