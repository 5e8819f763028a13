import { asked, both, each, errors, http, options, websocket, without } from './changes.js';
import { type Variation, vary } from './variation.js';

/** Look-alikes among what servers and gateways answer, to the client and to the SDK. */
export const answerVariations: readonly Variation[] = [
  ...vary('request-rate-limited.with-retry-after.chromium', 'silent', [
    [
      'Apache signs a 503',
      http('http-handshake', { result: 'answered', status: 503, body: { is: 'html' }, proxy: 'apache' }),
    ],
  ]),
  ...vary('request-rate-limited.with-retry-after.chromium', 'told', [
    [
      'nginx signs a 503',
      http('http-handshake', { result: 'answered', status: 503, body: { is: 'html' }, proxy: 'nginx' }),
    ],
  ]),
  ...vary('server-refused-request.origins-on-2-websocket.node', 'silent', [
    ['a proxy is in trouble', both(errors({ status: 502 }), without('http-handshake'))],
  ]),
  ...vary('server-refused-request.origins-on-2-websocket.node', 'told', [
    ['the upgrade was refused with 403', both(errors({ status: 403 }), without('http-handshake'))],
    [
      'the upgrade was refused, and HTTP did not answer',
      asked('http-handshake', { answer: 'no', http: { result: 'failed' } }),
    ],
  ]),
  ...vary('request-forbidden.bot-check-503.chromium-same', 'silent', [
    [
      'it is the page of a proxy that reaches nobody',
      http('http-handshake', {
        result: 'answered',
        status: 503,
        body: { is: 'html' },
        proxy: 'apache',
        isProxyPage: true,
      }),
    ],
  ]),
  ...vary('request-forbidden.post-400-client-2.node', 'silent', [
    ['the first POST was too big', errors({ status: 413, body: { is: 'empty' } })],
    ['the session was refused by nobody: the first POST found no server', errors({ status: 0, code: 'ECONNREFUSED' })],
  ]),
  ...vary('request-forbidden.access-list-cors.chromium-same', 'unsure', [
    ['a request without a body is called too big (413)', errors({ status: 413, body: { is: 'html' } })],
  ]),
  ...vary('tls-scheme-mismatch.https-on-http-websocket.node', 'silent', [
    ['the other scheme is not served either', asked('swapped-scheme', { answer: 'no', http: { result: 'failed' } })],
  ]),
  ...vary('websocket-blocked.hanging.chromium', 'silent', [
    [
      'a WebSocket of the SDK is let in, and nobody asked for a session',
      websocket({ result: 'engineio' }, { answer: 'yes' }),
    ],
  ]),
  ...vary('websocket-blocked.falls-back-to-polling.node', 'told', [
    [
      'what was in the way of the first transport has passed since',
      both(
        websocket({ result: 'engineio' }, { answer: 'yes' }),
        each('transport-failed', { error: { message: 'websocket error' } }),
      ),
    ],
  ]),
  ...vary('websocket-blocked.address-too-long.chromium', 'told', [
    [
      'it is the headers of the app that are too long',
      options({ hasQuery: false, withCredentials: false, hasExtraHeaders: true }),
    ],
  ]),
  ...vary('tls-certificate-rejected.client-certificate.node', 'sure', [
    [
      'the client saw a gateway fail, and the question a certificate wanted',
      errors({ status: 502, body: { is: 'empty' } }),
    ],
  ]),
];
