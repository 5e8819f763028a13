import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { hiddenPosts } from '../diagnosis/hidden-posts.js';
import { isOwnFailure } from '../diagnosis/is-own-failure.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { websocketEnd } from '../diagnosis/websocket-end.js';

export interface Details {
  /** Milliseconds from the cut to the reconnection; absent while the server is down. */
  readonly backAfterMs?: number;
}

export const rule: Rule<'server-went-down', Details> = {
  code: 'server-went-down',
  title: 'The server went down',
  phase: 'session',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline', 'payload-too-large', 'page-suspended'],
  match(facts) {
    const { closing, connecting, upgrading } = facts;
    if (upgrading) return matchUpgrade(facts, upgrading);
    if (!closing?.hadConnected || closing.reason === 'ping timeout' || closing.reason === 'parse error')
      return undefined;
    if (closing.byOffline) return undefined;
    if ((closing.error?.status ?? 0) > 0 || hiddenPosts(facts)) return undefined;
    // A close frame is a decision of a running server; only what follows can make it the last one.
    const isOrderly = closing.signal.byServer || (closing.wasClean === true && closing.closeCode !== 1006);
    if (isOrderly && !connecting && closing.reconnected) return undefined;
    const back = closing.reconnected ? { backAfterMs: closing.reconnected.at - closing.signal.at } : {};
    const cut = evidence('A working connection ended.', closing.signal);
    const probed = facts.probe('http-handshake');
    const code = connecting?.error.code ?? (probed?.http?.result === 'failed' ? probed.http.code : undefined);
    if (connecting && code !== undefined) {
      if (code !== 'ECONNREFUSED') return undefined;
      // Polling follows redirects: the address that refuses may be where one leads.
      if (connecting.error.dialled === 'elsewhere') return undefined;
      return {
        certainty: isOwnFailure(connecting, code, probed) ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        asClass: true,
        details: back,
        evidence: [
          cut,
          evidence(
            'After that, the address refused connections.',
            connecting.error.code ? connecting.signal : (probed ?? connecting.signal),
          ),
        ],
      };
    }
    const reachable = facts.probe('http-reachable');
    const websocket = facts.probe('websocket-handshake');
    if (connecting?.blind && reachable?.http?.result === 'failed' && websocket?.websocket?.result === 'rejected') {
      return {
        certainty: 'confirmed',
        asClass: true,
        details: back,
        evidence: [cut, evidence('After that, nothing responded at the address anymore.', reachable)],
      };
    }
    if (connecting && !connecting.blind) return undefined;
    if (reachable?.answer === 'yes') return undefined;
    return {
      certainty: 'suspected',
      likelihood: connecting ? 'likely' : 'possible',
      details: back,
      evidence: [cut, ...(connecting ? [evidence('The reconnection failed.', connecting.signal)] : [])],
    };
  },
};

/**
 * A server that is closing rejects WebSockets while it may still respond over HTTP: `io.engine.close()` without the HTTP server, or a
 * process that drains its clients. ws then responds with 503 (lib/websocket-server.js, handleUpgrade), which a page does not get to see.
 */
function matchUpgrade(facts: Facts, upgrading: NonNullable<Facts['upgrading']>): Verdict<Details> | undefined {
  const refused = facts.probe('websocket-handshake');
  const { status, result } = refused?.websocket ?? {};
  if (upgrading.kind !== 'upgrade-failed' || (refused && result !== 'rejected')) return undefined;
  const closed = facts
    .all('engine-closed')
    .find((one) => one.byServer || websocketEnd(facts.all('websocket-closed'), one).wasClean);
  if (status !== 503 && (status !== undefined || (refused && facts.runtime.kind === 'node') || !closed))
    return undefined;
  return {
    certainty: 'suspected',
    likelihood: closed ? 'likely' : 'possible',
    details: {},
    evidence: [
      ...(closed ? [evidence('The server had closed an earlier connection.', closed)] : []),
      evidence('An upgrade to WebSocket was rejected, as happens while a server is closing.', upgrading),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    'A working connection ended, and then the address stopped responding: the server process crashed, was stopped or is being redeployed. Clients reconnect by themselves once it is back.',
  remedy: ({ backAfterMs }) =>
    backAfterMs === undefined
      ? 'Check the process manager and the server logs from the moment of the cut: an uncaught exception in an event handler ends the process.'
      : `The server was away for about ${Math.round(backAfterMs / 1000)} s. If that was a deployment, consider a rolling one; connection state recovery restores the events that clients miss during short gaps.`,
  see: [
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
  ],
};
