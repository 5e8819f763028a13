import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Milliseconds from the cut to the reconnection; absent while it is down. */
  readonly backAfterMs?: number;
}

export const rule: Rule<'server-went-down', Details> = {
  code: 'server-went-down',
  title: 'The server process stopped',
  phase: 'session',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline', 'payload-too-large', 'page-suspended'],
  match(facts) {
    const { closing, connecting } = facts;
    if (!closing?.hadConnected || closing.reason === 'ping timeout' || closing.reason === 'parse error')
      return undefined;
    if ((closing.error?.status ?? 0) > 0) return undefined;
    // A close frame is a decision of a living server; only what follows can make it the last one.
    const isOrderly = closing.signal.byServer || (closing.wasClean === true && closing.closeCode !== 1006);
    if (isOrderly && !connecting && closing.reconnected) return undefined;
    const back = closing.reconnected ? { backAfterMs: closing.reconnected.at - closing.signal.at } : {};
    const cut = evidence('A connection that was fine ended.', closing.signal);
    const probed = facts.probe('http-handshake');
    const code = connecting?.error.code ?? (probed?.http?.result === 'failed' ? probed.http.code : undefined);
    if (connecting && code !== undefined) {
      if (code !== 'ECONNREFUSED') return undefined;
      return {
        certainty: 'confirmed',
        asClass: true,
        details: back,
        evidence: [
          cut,
          evidence(
            'After that the address refused connections.',
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
        evidence: [cut, evidence('After that nothing answered at the address any more.', reachable)],
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

export const text: Text<Details> = {
  summary:
    'The connection was fine, then it ended and the address stopped answering: the server process crashed, was stopped or is being redeployed. Clients reconnect by themselves once it is back.',
  remedy: ({ backAfterMs }) =>
    backAfterMs === undefined
      ? 'Look at the process manager and the logs of the server from the moment of the cut: an exception that nobody catches in a handler of an event ends the process.'
      : `The server was away for about ${Math.round(backAfterMs / 1000)} s. If that was a deployment, consider a rolling one; connection state recovery spares clients the missed events of short gaps.`,
  see: [
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
  ],
};
