import { evidence } from '../diagnosis/evidence.js';
import { areConnectionsHeld } from '../diagnosis/http-waits.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import { isImpatient } from '../diagnosis/is-tight-beat.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';
import { wasServed } from '../diagnosis/was-served.js';

export interface Details {
  /** Age of the session when the server no longer recognized it, in milliseconds. */
  readonly ageMs: number;
}

export const rule: Rule<'session-lost', Details> = {
  code: 'session-lost',
  title: 'The server lost a working session',
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
    // Clients before 4.5 do not show the body: their 400 during a session says the same, less certainly. Servers in other languages have
    // their own messages for it.
    const isForeign = body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3);
    const isHidden = (body === undefined || isForeign) && status === 400;
    if (!isHidden && !isUnknownSession(body)) return undefined;
    const isBack = closing.reconnected !== undefined && !connecting;
    const { attempt, at } = closing.signal;
    // A cut connection ends the session on the server as well, and Chromium retries a cut request by itself: a regular pattern is one of
    // cuts.
    const mayBeCut = timedEnd(facts)?.regular !== undefined || isImpatient(closing.handshake);
    // Before Engine.IO 4 a session may hang in one poll until the client beats: that POST is the first that may reach another server.
    const isFirstPost = facts.client.protocol === 3 && isSendError(closing.error?.message);
    const servedUntilMs = at - (isFirstPost ? (closing.handshake?.pingIntervalMs ?? 0) : 0);
    return {
      certainty:
        isBack &&
        !isHidden &&
        !mayBeCut &&
        !areConnectionsHeld(facts) &&
        !standstillAt(facts, at) &&
        wasServed(facts, attempt, servedUntilMs)
          ? 'confirmed'
          : 'suspected',
      asClass: true,
      likelihood: mayBeCut ? 'possible' : 'likely',
      details: { ageMs: closing.signal.ageMs },
      evidence: [
        evidence(
          isHidden
            ? 'The server responded with 400 to a session that had been connected.'
            : 'The server responded "Session ID unknown" to a session that had been connected.',
          closing.signal,
        ),
        ...(isBack && closing.reconnected ? [evidence('A new session worked at once.', closing.reconnected)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A working session became unknown to the server: the process was restarted or replaced, the load balancer moved the client to another server, or a cut connection had ended the session. The client starts a new session by itself.',
  remedy: () =>
    "Once during a deployment, this is normal. If it keeps happening, look for processes that restart, and check that the load balancer's stickiness lasts as long as a session.",
  see: [
    { title: 'Using multiple nodes', url: 'https://socket.io/docs/v4/using-multiple-nodes/#sticky-sessions' },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
