import { evidence } from '../diagnosis/evidence.js';
import { hiddenPosts } from '../diagnosis/hidden-posts.js';
import { isEndedByFrame } from '../diagnosis/is-bad-frame.js';
import { isForeignCloseCode } from '../diagnosis/is-foreign-close-code.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { isPage } from '../diagnosis/is-page.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import { networkChangeAt } from '../diagnosis/network-change-at.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';

export interface Details {
  /** Age of the connection when it was cut, in milliseconds. */
  readonly ageMs: number;
  readonly transport: string;
}

export const rule: Rule<'connection-cut', Details> = {
  code: 'connection-cut',
  title: 'A healthy connection was cut off',
  phase: 'session',
  fixedBy: 'proxy',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
  needs: [],
  yieldsTo: [
    'network-offline',
    'payload-too-large',
    'session-not-sticky',
    'gateway-failing',
    'proxy-idle-timeout',
    'connection-max-duration',
    'connection-flapping',
  ],
  match(facts) {
    const { closing, connecting } = facts;
    if (!closing?.hadConnected || closing.byOffline || hiddenPosts(facts)) return undefined;
    const { reason, closeCode, wasClean, error, signal } = closing;
    if (reason !== 'transport close' && reason !== 'transport error') return undefined;
    const details = { ageMs: signal.ageMs, transport: closing.transport };
    // Browsers retry a poll whose connection was cut, and by then the server has forgotten the session (Chromium 156, WebKitGTK 2.50).
    if (isPage(facts) && isUnknownSession(error?.body))
      return {
        certainty: 'suspected',
        details,
        evidence: [
          evidence('The session was unknown to the server, as happens when a request is retried after a cut.', signal),
        ],
      };
    if (isForeignCloseCode(closeCode)) {
      return {
        certainty: 'suspected',
        details,
        evidence: [evidence(`The WebSocket was closed with code ${closeCode}, which Engine.IO does not use.`, signal)],
      };
    }
    // A close frame with a code is a deliberate decision, and an HTTP status is a response: neither is a cut.
    if (signal.byServer || (closeCode !== undefined && closeCode !== 1006) || wasClean || (error?.status ?? 0) > 0)
      return undefined;
    // A packet that cannot be read is not a cut.
    if (error?.message === 'server error' || isEndedByFrame(facts)) return undefined;
    if (standstillAt(facts, signal.at)) return undefined;
    const failedBetween = connecting !== undefined && connecting.signal.at > signal.at;
    if (failedBetween && (connecting.error.code === 'ECONNREFUSED' || connecting.error.status)) return undefined;
    const isCut = closeCode === 1006 || error !== undefined;
    const cut = evidence('The connection ended without a closing handshake.', signal);
    // Across origins, a polling request with status 0 may have received any response.
    const isHidden = closing.transport === 'polling' && isPage(facts) && !facts.target.sameOrigin;
    // A large message in flight may be what was rejected, and servers before 4.5 reject one by cutting the connection.
    const isLarge = isLargeUnsent(closing);
    const mayBeTooLarge =
      isLarge ||
      isSendError(error?.message) ||
      (facts.client.protocol === 4 &&
        closing.transport === 'websocket' &&
        closing.handshake?.maxPayloadBytes === undefined);
    // The second cut after the same time: chance is no longer the best explanation, but a pattern is not certain yet.
    const isRegular = timedEnd(facts)?.regular !== undefined;
    const isOther = isRegular || networkChangeAt(facts, signal) !== undefined;
    if (!closing.reconnected || failedBetween || !isCut || mayBeTooLarge || isHidden || isOther) {
      return {
        certainty: 'suspected',
        likelihood: isCut && !failedBetween && !isLarge && !isOther ? 'likely' : 'possible',
        details,
        evidence: [cut],
      };
    }
    return {
      certainty: 'confirmed',
      // A process that is replaced within the reconnection delay leaves the same traces.
      asClass: true,
      details,
      evidence: [cut, evidence('The first reconnection attempt succeeded.', closing.reconnected)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A working connection was cut without any notice from the server. A proxy, a load balancer, a firewall or the network in between dropped it, or the server process itself died; if a new connection works right away, the process can only have been replaced very quickly.',
  remedy: () =>
    "If it happens at regular intervals, raise the proxy's idle timeout above pingInterval + pingTimeout (45 s by default). If it happens only now and then, it is the network: the client reconnects by itself, and connection state recovery restores the events it missed.",
  snippet: () => 'proxy_read_timeout 60s; # nginx: must exceed pingInterval + pingTimeout',
  see: [
    {
      title: 'Something between the server and the client closes the connection',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
    },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
