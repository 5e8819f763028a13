import { evidence } from '../diagnosis/evidence.js';
import { areConnectionsHeld } from '../diagnosis/http-waits.js';
import { isBreathless } from '../diagnosis/is-tight-beat.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';
import { wasServed } from '../diagnosis/was-served.js';

export interface Details {
  /** Age of the session when the server did not know it any more, in milliseconds. */
  readonly ageMs: number;
}

export const rule: Rule<'session-lost', Details> = {
  code: 'session-lost',
  title: 'The server forgot a session that was fine',
  phase: 'session',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#you-didnt-enable-sticky-sessions-in-a-multi-server-setup',
  needs: [],
  yieldsTo: [
    'network-offline',
    'response-cached',
    'session-not-sticky',
    'proxy-idle-timeout',
    'connection-max-duration',
    'page-suspended',
  ],
  match(facts) {
    const { closing, connecting } = facts;
    const { body, status } = closing?.error ?? {};
    if (!closing?.hadConnected || closing.transport !== 'polling') return undefined;
    // Clients before 4.5 do not show the body: their 400 in mid-session says the same, less surely.
    // Servers in other languages have words of their own for it.
    const isForeign = body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3);
    const isHidden = (body === undefined || isForeign) && status === 400;
    if (!isHidden && !isUnknownSession(body)) return undefined;
    const isBack = closing.reconnected !== undefined && !connecting;
    const { attempt, at } = closing.signal;
    // A cut connection ends the session on the server as well, and Chromium repeats a cut request by itself: a rhythm is one of cuts.
    const isRegular = timedEnd(facts)?.regular !== undefined || isBreathless(closing.handshake);
    return {
      certainty:
        isBack &&
        !isHidden &&
        !isRegular &&
        !areConnectionsHeld(facts) &&
        !standstillAt(facts, at) &&
        wasServed(facts, attempt, at)
          ? 'confirmed'
          : 'suspected',
      asClass: true,
      likelihood: isRegular ? 'possible' : 'likely',
      details: { ageMs: closing.signal.ageMs },
      evidence: [
        evidence(
          isHidden
            ? 'The server answered 400 to a session that had been connected.'
            : 'The server answered "Session ID unknown" to a session that had been connected.',
          closing.signal,
        ),
        ...(isBack && closing.reconnected ? [evidence('A new session worked at once.', closing.reconnected)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A session that worked became unknown to the server: the process was restarted or replaced, the load balancer moved the client to another server, or a cut connection had ended the session. The client makes a new one by itself.',
  remedy: () =>
    'Once during a deployment this is normal. If it goes on, look for processes that restart, and check that the stickiness of the load balancer lasts as long as a session.',
  see: [
    { title: 'Using multiple nodes', url: 'https://socket.io/docs/v4/using-multiple-nodes/#sticky-sessions' },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
