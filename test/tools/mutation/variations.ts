import type { Timeline } from '../../../src/signals/timeline.js';
import { answerVariations } from './answer-variations.js';
import { cacheVariations } from './cache-variations.js';
import {
  asked,
  atClose,
  each,
  errors,
  type Facts,
  http,
  later,
  runtime,
  target,
  websocket,
  without,
} from './changes.js';
import { connectVariations } from './connect-variations.js';
import { endingVariations } from './ending-variations.js';
import { otherVariations } from './other-variations.js';
import { rhythmVariations } from './rhythm-variations.js';
import { serviceWorkerVariations } from './service-worker-variations.js';
import { sessionVariations } from './session-variations.js';
import { statusVariations } from './status-variations.js';
import { unansweredVariations } from './unanswered-variations.js';
import { unknownVariations } from './unknown-variations.js';
import type { Variation } from './variation.js';
import { versionVariations } from './version-variations.js';

export const variations: readonly Variation[] = [
  {
    from: 'mixed-content-blocked.defaults.chromium',
    but: 'the socket is secure too',
    is: 'silent',
    change: target({ secure: true }),
  },
  {
    from: 'mixed-content-blocked.defaults.chromium',
    but: 'the own machine is no mixed content',
    is: 'silent',
    change: target({ host: 'localhost' }),
  },
  {
    from: 'mixed-content-blocked.defaults.chromium',
    but: 'an answer could be read',
    is: 'silent',
    change: errors({ status: 404 }),
  },
  {
    from: 'browser-port-blocked.x11.chromium',
    but: 'Node dials every port',
    is: 'silent',
    change: runtime({ kind: 'node' }),
  },
  {
    from: 'browser-port-blocked.x11.chromium',
    but: 'an answer could be read',
    is: 'silent',
    change: errors({ status: 404 }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'the page is of the same origin',
    is: 'silent',
    change: target({ sameOrigin: true }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'Node knows no CORS',
    is: 'silent',
    change: runtime({ kind: 'node' }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'the answer could be read when asked',
    is: 'silent',
    change: http('http-handshake', { result: 'answered', status: 404 }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'the answer was a redirect',
    is: 'silent',
    change: http('http-handshake', { result: 'redirected' }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'nothing was reachable',
    is: 'unsure',
    change: http('http-reachable', { result: 'failed' }, { answer: 'no' }),
  },
  {
    from: 'cors-origin-not-allowed.no-cors.chromium',
    but: 'a plain WebSocket server answers',
    is: 'silent',
    change: websocket({ result: 'other' }, { answer: 'no' }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'the page is of the same origin',
    is: 'silent',
    change: target({ sameOrigin: true }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'Node knows no CORS',
    is: 'silent',
    change: runtime({ kind: 'node' }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'the answer with credentials could be read',
    is: 'silent',
    change: http('http-credentials', { result: 'answered', status: 403 }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'WebSocket with the same cookies failed as well',
    is: 'unsure',
    change: websocket({ result: 'rejected' }, { answer: 'no' }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'what answers without them is no Socket.IO',
    is: 'silent',
    change: http('http-handshake', { result: 'answered', status: 200, body: { is: 'html' } }),
  },
  {
    from: 'cors-credentials-not-allowed.any-origin.chromium',
    but: 'the answer without them is hidden, too',
    is: 'silent',
    change: http('http-handshake', { result: 'failed' }),
  },
  {
    from: 'csp-blocked.connect-src.chromium',
    but: 'the policy only reports',
    is: 'silent',
    change: each('csp-violation', { disposition: 'report' }),
  },
  {
    from: 'csp-blocked.connect-src.chromium',
    but: 'it blocked another host',
    is: 'silent',
    change: each('csp-violation', { blocked: 'http://tracker.example:80/pixel' }),
  },
  {
    from: 'csp-blocked.connect-src.chromium',
    but: 'it blocked another path of the same server',
    is: 'silent',
    change: each('csp-violation', { blocked: 'http://127.0.0.1:3000/analytics' }),
  },
  {
    from: 'csp-blocked.connect-src.chromium',
    but: 'it blocked only a WebSocket, which the client did not ask for',
    is: 'silent',
    change: each('csp-violation', { blocked: 'ws://127.0.0.1:3000/socket.io/' }),
  },
  {
    from: 'csp-blocked.connect-src.chromium',
    but: 'nobody has asked whether it is a redirect that the policy blocked',
    is: 'unsure',
    change: without('http-handshake'),
  },
  {
    from: 'heartbeat-lost.server-stalled.node',
    but: 'the process stood still',
    is: 'silent',
    change: atClose({ kind: 'timer-gap', gapMs: 60_000 }),
  },
  {
    from: 'heartbeat-lost.server-stalled.node',
    but: 'it stood still long before',
    is: 'sure',
    change: (timeline) => atClose({ kind: 'timer-gap', gapMs: 60_000 }, -3_600_000)(timeline),
  },
  {
    from: 'heartbeat-lost.server-stalled.node',
    but: 'it stood still long after',
    is: 'sure',
    change: atClose({ kind: 'timer-gap', gapMs: 60_000 }, 3_600_000),
  },
  {
    from: 'heartbeat-lost.server-stalled.node',
    but: 'the client noticed late',
    is: 'silent',
    change: each('engine-closed', { lateMs: 30_000 }),
  },
  {
    from: 'heartbeat-lost.server-stalled.node',
    but: 'it had never connected',
    is: 'silent',
    change: without('connected'),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'the process stood still',
    is: 'silent',
    change: atClose({ kind: 'timer-gap', gapMs: 60_000 }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'it stood still an hour before',
    is: 'sure',
    change: atClose({ kind: 'timer-gap', gapMs: 60_000 }, -3_600_000),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'the server said goodbye',
    is: 'silent',
    change: each('engine-closed', { byServer: true }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'there was a closing handshake',
    is: 'silent',
    change: each('engine-closed', { wasClean: true }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'there was a close code',
    is: 'silent',
    change: each('engine-closed', { closeCode: 1001 }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'a large message was on its way',
    is: 'unsure',
    change: each('engine-closed', { unsentBytes: 500_000 }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'a request that sent data failed',
    is: 'unsure',
    change: each('engine-closed', { error: { message: 'xhr post error', status: 0 } }),
  },
  {
    from: 'connection-cut.reset.node',
    but: 'the server is too old to close properly under a big message',
    is: 'unsure',
    change: each('handshake', { maxPayloadBytes: undefined }),
  },
  {
    from: 'payload-too-large.polling.node',
    but: 'the heartbeat stopped',
    is: 'silent',
    change: each('engine-closed', { reason: 'ping timeout', error: undefined }),
  },
  { from: 'payload-too-large.polling.node', but: 'it was forbidden', is: 'silent', change: errors({ status: 403 }) },
  {
    from: 'server-not-answering.black-hole.node',
    but: 'the request failed at once when asked',
    is: 'silent',
    change: http('http-handshake', { result: 'failed', code: 'ECONNREFUSED' }, { answer: 'no', durationMs: 5 }),
  },
  {
    from: 'server-not-answering.black-hole.node',
    but: 'nobody can say',
    is: 'unsure',
    change: each('http-handshake', { answer: 'unknown' }),
  },
  {
    from: 'server-not-answering.black-hole.node',
    but: 'WebSocket was cut',
    is: 'unsure',
    change: websocket({ result: 'rejected' }),
  },
  {
    from: 'server-not-answering.black-hole.node',
    but: 'the client was busy',
    is: 'unsure',
    change: each('engine-closed', { ageMs: 90_000 }),
  },
  {
    from: 'server-not-answering.black-hole-websocket.node',
    but: 'the WebSocket opened and stayed silent',
    is: 'silent',
    change: websocket({ result: 'silent' }),
  },
  {
    from: 'server-not-answering.black-hole-websocket.node',
    but: 'the WebSocket speaks something else',
    is: 'silent',
    change: websocket({ result: 'other' }),
  },
  {
    from: 'server-not-answering.black-hole-websocket.node',
    but: 'the WebSocket was refused at once',
    is: 'silent',
    change: websocket({ result: 'rejected' }, { durationMs: 5 }),
  },
  {
    from: 'server-not-answering.black-hole-websocket.node',
    but: 'HTTP answers',
    is: 'silent',
    change: http('http-handshake', { result: 'answered', status: 200 }),
  },
  {
    from: 'server-not-answering.slow-handshake.node',
    but: 'the client was busy',
    is: 'unsure',
    change: each('engine-closed', { ageMs: 90_000 }),
  },
  {
    from: 'server-not-answering.slow-handshake.node',
    but: 'the answer came in time when asked again',
    is: 'unsure',
    change: each('http-handshake', { durationMs: 30 }),
  },
  {
    from: 'server-plain-websocket.echo.node',
    but: 'a Socket.IO server of the other protocol is there',
    is: 'silent',
    change: asked('websocket-other-protocol', {}),
  },
  {
    from: 'server-plain-websocket.silent-websocket.node',
    but: 'a Socket.IO server is under another path',
    is: 'silent',
    change: asked('other-path', { path: '/chat/' }),
  },
  {
    from: 'server-plain-websocket.silent-websocket.node',
    but: 'HTTP is slow',
    is: 'unsure',
    change: each('http-handshake', { durationMs: 3_000 }),
  },
  {
    from: 'server-plain-websocket.silent-websocket.node',
    but: 'HTTP does not say 426',
    is: 'unsure',
    change: http('http-handshake', { result: 'answered', status: 404 }),
  },
  {
    from: 'path-mismatch.nginx-needs-prefix.node',
    but: 'the request was redirected',
    is: 'silent',
    change: http('http-handshake', { result: 'redirected' }),
  },
  {
    from: 'path-mismatch.nginx-needs-prefix.node',
    but: 'the other scheme answers',
    is: 'silent',
    change: asked('swapped-scheme', {}),
  },
  {
    from: 'path-mismatch.server-path.node',
    but: 'the upgrade was cut by another timer',
    is: 'unsure',
    change: websocket({ result: 'rejected', code: 'ECONNRESET' }, { durationMs: 5_000 }),
  },
  {
    from: 'path-mismatch.server-path.node',
    but: 'HTTP was slow',
    is: 'unsure',
    change: each('http-handshake', { durationMs: 2_000 }),
  },
  ...[401, 407, 413, 429, 302, 500].map((status) => ({
    from: 'server-not-socketio.not-found.node',
    but: `the status was ${status}`,
    is: 'silent' as const,
    change: (timeline: Timeline) =>
      http('http-handshake', { result: 'answered', status, body: { is: 'html' } })(errors({ status })(timeline)),
  })),
  ...['other', 'silent', 'threw'].map((result) => ({
    from: 'server-not-socketio.not-found.node',
    but: `a WebSocket was ${result}`,
    is: 'silent' as const,
    change: websocket({ result }, { answer: 'no' }),
  })),
  {
    from: 'server-not-socketio.not-found.node',
    but: 'Socket.IO is under another path',
    is: 'silent',
    change: asked('other-path', { path: '/chat/' }),
  },
  {
    from: 'server-not-socketio.not-found.node',
    but: 'the request was redirected when asked',
    is: 'silent',
    change: http('http-handshake', { result: 'redirected' }),
  },
  {
    from: 'server-not-socketio.not-found.node',
    but: 'the other scheme answers',
    is: 'silent',
    change: asked('swapped-scheme', {}),
  },
  {
    from: 'server-unreachable.refused.node',
    but: 'it was another address, which a question that follows no redirect met as well',
    is: 'unsure',
    change: errors({ dialled: 'elsewhere' }),
  },
  {
    from: 'gateway-failing.unavailable-503.node',
    but: 'nginx says 503 for its limits',
    is: 'unsure',
    change: each('http-handshake', (signal: Facts) => ({ http: { ...signal.http, proxy: 'nginx' } })),
  },
  {
    from: 'gateway-failing.unavailable-503.node',
    but: 'nobody asked who says it',
    is: 'unsure',
    change: without('http-handshake'),
  },
  {
    from: 'server-error-response.error-page.node',
    but: "the answer is Engine.IO's own",
    is: 'silent',
    change: (timeline) =>
      http('http-handshake', { result: 'answered', status: 500, body: { is: 'engineio-error', code: 3 } })(
        errors({ body: { is: 'engineio-error', code: 3 } })(timeline),
      ),
  },
  ...(
    [
      'server-error-response.error-page.node',
      'request-unauthorized.bearer.node',
      'request-forbidden.firewall.node',
      'request-rate-limited.with-retry-after.node',
      'gateway-failing.nginx-502.node',
    ] as const
  ).flatMap((from) => [
    {
      from,
      but: 'it refused an upgrade and nobody asked over HTTP',
      is: 'unsure' as const,
      change: (timeline: Timeline) =>
        each('connect-error', { transport: 'websocket' })(without('http-handshake')(timeline)),
    },
    {
      from,
      but: 'another answer came before',
      is: 'unsure' as const,
      change: (timeline: Timeline) => ({
        ...timeline,
        signals: [
          {
            ...(timeline.signals.find(({ kind }) => kind === 'connect-error') as Facts),
            error: { message: 'xhr poll error', status: 418 },
          },
          ...timeline.signals,
        ],
      }),
    },
  ]),
  {
    from: 'network-offline.before-connect.chromium',
    but: 'something came through after the event',
    is: 'silent',
    change: (timeline) => ({
      ...timeline,
      signals: [
        ...timeline.signals.filter(({ kind }) => kind === 'page'),
        { kind: 'engine-opened', transport: 'polling', at: 0, attempt: 1 },
        { kind: 'handshake', transport: 'polling', upgrades: [], at: 60, attempt: 1 },
        ...timeline.signals
          .filter(({ kind }) => kind !== 'page')
          .map((signal) => ({ ...signal, at: signal.at + 500, attempt: 2 })),
      ] as Timeline['signals'][number][],
    }),
  },
  {
    from: 'websocket-blocked.forbidden-403.node',
    but: 'the second question was answered',
    is: 'silent',
    change: each('websocket-again', { answer: 'yes' }),
  },
  {
    from: 'websocket-blocked.forbidden-403.node',
    but: 'the upgrade came through after all',
    is: 'silent',
    change: later({ kind: 'upgraded', transport: 'websocket', afterMs: 30_000 }),
  },
  {
    from: 'websocket-blocked.forbidden-403.node',
    but: 'HTTP answers no more',
    is: 'unsure',
    change: http('http-handshake', { result: 'answered', status: 502 }, { answer: 'no' }),
  },
  {
    from: 'session-lost.server-4.node',
    but: 'the body could not be read',
    is: 'unsure',
    change: errors({ body: undefined }),
  },
  {
    from: 'transport-not-enabled.websocket-on-polling-server.node',
    but: 'a WebSocket got through when asked',
    is: 'unsure',
    change: websocket({ result: 'engineio' }, { answer: 'yes' }),
  },
  ...connectVariations,
  ...serviceWorkerVariations,
  ...sessionVariations,
  ...otherVariations,
  ...versionVariations,
  ...cacheVariations,
  ...rhythmVariations,
  ...unansweredVariations,
  ...statusVariations,
  ...endingVariations,
  ...answerVariations,
  ...unknownVariations,
];
