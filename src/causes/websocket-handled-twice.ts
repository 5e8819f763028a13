import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import { HTTP_AS_CLOSE_CODE } from '../diagnosis/http-as-close-code.js';
import { isBadFrame } from '../diagnosis/is-bad-frame.js';
import { isBareRefused } from '../diagnosis/is-bare-refused.js';
import { isBrokenAtOnce } from '../diagnosis/is-broken-at-once.js';
import { isRefusedByEngine } from '../diagnosis/is-refused-by-engine.js';
import type { Evidence, Rule } from '../diagnosis/rule.js';
import { isOthersRefusal, isTakenByOther } from '../diagnosis/taken-by-other.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** A WebSocket of the SDK broke right after its first message. */
  readonly isReproduced: boolean;
}

export const rule: Rule<'websocket-handled-twice', Details> = {
  code: 'websocket-handled-twice',
  title: 'Two upgrade handlers answer the same WebSocket',
  phase: 'upgrade',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#express-status-monitor-runs-its-own-socketio-instance',
  needs: ['websocket-handshake', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failed = failedWebSocket(facts);
    if (!failed) return undefined;
    const plain = facts.probe('websocket-handshake');
    const { closeCode } = plain?.websocket ?? {};
    if (plain && closeCode === HTTP_AS_CLOSE_CODE) {
      // A server that does not receive the protocol in the query from a proxy rejects it in the same way: it must be seen to speak it.
      const answered = httpAnswer(facts)?.body;
      if (answered?.is === 'engineio-error' && answered.code === 5) return undefined;
      const isHeard = facts.upgrading !== undefined || answered?.is === 'engineio-open';
      return {
        certainty: facts.client.protocol === 4 && isHeard ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { isReproduced: true },
        evidence: [evidence('A WebSocket opened, and then a second HTTP response came through it.', plain)],
      };
    }
    const isBroken = isBrokenAtOnce(plain);
    // What two handlers write may also arrive before the handshake counts (always in Firefox 153): to a page, it looks like any rejection.
    const isRefusal = closeCode === 1006;
    const isOpen =
      plain === undefined ||
      plain.answer === 'unknown' ||
      isRefusal ||
      isOthersRefusal(plain) ||
      isTakenByOther(plain) ||
      isBareRefused(facts);
    const isOnlyUpgrade = facts.upgrading !== undefined && plain?.answer === 'yes';
    if (!isOpen && !isOnlyUpgrade && !isBroken) return undefined;
    return {
      certainty: 'suspected',
      // Nothing that merely blocks accepts a WebSocket and then closes it cleanly: that is a handler. So is one that does not know a
      // session that is still alive over HTTP.
      likelihood: isBroken || closeCode === 1005 || isRefusedByEngine(facts) ? 'likely' : 'possible',
      details: { isReproduced: isBroken },
      evidence: [
        failed,
        ...(plain?.answer === 'yes' ? [evidence('A WebSocket that starts its own session works.', plain)] : []),
        ...(plain && isBroken ? [evidence("The SDK's WebSocket opened and broke at once.", plain)] : []),
      ],
    };
  },
};

/**
 * What two handlers would explain: an upgrade that failed, a WebSocket-only client that never got through, the responses of an older
 * server.
 */
function failedWebSocket(facts: Facts): Evidence | undefined {
  const { upgrading, connecting } = facts;
  if (upgrading) {
    return upgrading.kind === 'upgrade-failed' && upgrading.how !== 'threw'
      ? evidence('The upgrade to WebSocket failed while polling works.', upgrading)
      : undefined;
  }
  if (!connecting || connecting.handshake) return undefined;
  const answered = httpAnswer(facts);
  const isServed = answered?.body?.is === 'engineio-open';
  // A server that does not accept this protocol answers its upgrade with an HTTP error after the 101, which looks just like a second
  // response.
  if (facts.client.protocol === 3 && (!isServed || answered.body.protocol === 4)) return undefined;
  if (connecting.transport === 'polling') {
    // The package that brings the second server often includes Socket.IO 2.x (express-status-monitor 1.3.4 does), and the one attached last
    // answers all requests.
    return isServed && answered.body.protocol < 4
      ? evidence('A server of an older major version responds over HTTP.', answered.signal)
      : undefined;
  }
  if (connecting.timedOut || connecting.systemError) return undefined;
  const { code } = connecting.error;
  const isRefused = answered?.isOfUpgrade === true && (answered.status === 400 || answered.status === 404);
  return isServed || isRefused || (!answered && (isBadFrame(code) || connecting.blind))
    ? evidence('The WebSocket failed.', connecting.signal)
    : undefined;
}

export const text: Text<Details> = {
  summary:
    'Two handlers on the same HTTP server answer a WebSocket upgrade: two Socket.IO servers, or a package that brings a server of its own, such as express-status-monitor. What they both write to the connection is not a valid frame ("Invalid frame header").',
  remedy: () =>
    'Let only one server handle the path: give the second Socket.IO instance another `path`, pass the existing instance to express-status-monitor with its `websocket` option, and make other WebSocket servers (express-ws, PeerJS, a development server behind its own proxy) ignore `/socket.io/` or listen on a separate port. Behind IIS with Application Request Routing, compressed WebSockets fail in the same way: set `perMessageDeflate: false` on the server.',
  snippet: () => 'app.use(statusMonitor({ websocket: io }));',
  see: [
    {
      title: 'express-status-monitor runs its own Socket.IO instance',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#express-status-monitor-runs-its-own-socketio-instance',
    },
  ],
};
