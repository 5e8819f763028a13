import { CLOSED_AT_ONCE_MS, endBeforeConnect } from '../diagnosis/end-before-connect.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { isClosedUnheard } from '../diagnosis/is-closed-unheard.js';
import { isForeignCloseCode } from '../diagnosis/is-foreign-close-code.js';
import { isLargeUnsent, SMALL_LIMIT_BYTES } from '../diagnosis/is-large-unsent.js';
import { isImpatient } from '../diagnosis/is-tight-beat.js';
import { lateAuth } from '../diagnosis/late-auth.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';
import { websocketEnd } from '../diagnosis/websocket-end.js';

export interface Details {
  /** Close code of the WebSocket: 1005 none, 1000 normal, 1001 going away. */
  readonly closeCode?: number;
}

export const rule: Rule<'server-closed-connection', Details> = {
  code: 'server-closed-connection',
  title: 'The server closed the connection cleanly',
  phase: 'session',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: [],
  yieldsTo: [
    'network-offline',
    'server-went-down',
    'server-disconnected-socket',
    'page-suspended',
    'proxy-idle-timeout',
    'connection-max-duration',
  ],
  match(facts) {
    const { client, closing, connecting } = facts;
    if (!closing) return matchBeforeConnect(facts);
    if (!closing.hadConnected || closing.reason !== 'transport close') return undefined;
    const { closeCode, signal } = closing;
    const isOrderly = closeCode === 1000 || closeCode === 1005 || isGoingAway(closeCode);
    // Even if the end was not clean: Firefox gets the codes about frames from the server, or sets them itself.
    const isForeign = isForeignCloseCode(closeCode);
    if (!isOrderly && !signal.byServer && !isForeign) return undefined;
    // What comes next shows whether the server only closed the connection, and what was still to be sent, whether that was the reason.
    const isBack = closing.reconnected !== undefined && connecting === undefined;
    // Servers that announce no limit may close on a message that was too large, and it is gone from the buffer by then.
    const mayBeTooLarge =
      isLargeUnsent(closing) ||
      (client.protocol === 4 &&
        closing.handshake?.maxPayloadBytes === undefined &&
        (closing.transport === 'websocket' || (signal.unsentBytes ?? 0) >= SMALL_LIMIT_BYTES));
    const isOfTwoConnects = lateAuth(facts) !== undefined;
    // A server also closes the connection of a client that no longer answers its heartbeats because it was asleep.
    const mayHaveSlept = standstillAt(facts, signal.at) !== undefined;
    const isUnheard = isClosedUnheard(closing) || isImpatient(closing.handshake);
    // The second one after the same time is more likely caused by a limit.
    const isRegular = timedEnd(facts)?.regular !== undefined;
    return {
      certainty:
        isBack && !isForeign && !mayBeTooLarge && !mayHaveSlept && !isUnheard && !isRegular && !isOfTwoConnects
          ? 'confirmed'
          : 'suspected',
      likelihood:
        isLargeUnsent(closing) || mayHaveSlept || isUnheard || isRegular || isOfTwoConnects ? 'possible' : 'likely',
      details: closeCode === undefined ? {} : { closeCode },
      evidence: [
        evidence(
          closeCode === undefined
            ? 'The server ended the session with a close packet.'
            : `The WebSocket was closed with a closing handshake, code ${closeCode}.`,
          signal,
        ),
      ],
    };
  },
};

/**
 * A session that had begun was deliberately ended before the namespace was connected: by a gateway that lets nobody stay, or a server that
 * closes what it does not want. 1000, 1005 and a close packet are also how a server ends a session that it could not parse, which is
 * another story unless it answers for an unknown namespace and ends the session for this one.
 */
function matchBeforeConnect(facts: Facts): Verdict<Details> | undefined {
  const ended = endBeforeConnect(facts);
  if (ended?.reason !== 'transport close') return undefined;
  const { closeCode = 0, wasClean } = websocketEnd(facts.all('websocket-closed'), ended);
  const asked = facts.probe('namespace-connect');
  const isOrderly = wasClean || ended.byServer;
  if (isOrderly && asked?.connects?.own === 'closed' && asked.connects.unused === 'refused') {
    return {
      certainty: (ended.transportAgeMs ?? ended.ageMs) < CLOSED_AT_ONCE_MS ? 'confirmed' : 'suspected',
      details: closeCode ? { closeCode } : {},
      evidence: [
        evidence('The session began, but was closed before the namespace was connected.', ended),
        evidence('It closed a session of the SDK for this namespace, too, but rejected an unknown one.', asked),
      ],
    };
  }
  const isDecision = isGoingAway(closeCode) || isForeignCloseCode(closeCode);
  // It closed the SDK's session, too, but not at once.
  const isLate = asked?.connects?.own === 'silent' && asked.websocket?.closeCode !== undefined;
  if (!isOrderly || (!isDecision && !isLate && asked && asked.answer !== 'unknown')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: isDecision ? 'likely' : 'possible',
    ...(!isDecision && { ask: ['namespace-connect'] as const }),
    details: closeCode ? { closeCode } : {},
    evidence: [
      evidence(
        `The session began, but was closed ${closeCode ? `with code ${closeCode} ` : ''}before the namespace was connected.`,
        ended,
      ),
    ],
  };
}

/** Going away, service restart (RFC 6455, section 7.4.1, and the IANA registry). */
function isGoingAway(closeCode: number | undefined): boolean {
  return closeCode === 1001 || closeCode === 1012;
}

export const text: Text<Details> = {
  summary:
    'The server closed the connection deliberately and cleanly: `io.close()`, a deployment that drains its clients, or `socket.conn.close()`. A 4.x server also does this if a client leaves and rejoins one of several namespaces without a pause. The client reconnects by itself.',
  remedy: () =>
    'Usually nothing: this is what a deployment looks like. If it happens without one, look for `close()` calls on the server, for its session limits, and for a proxy that ends WebSockets cleanly. If the app calls `disconnect()` and immediately `connect()` on one of several namespaces, add a short pause in between. If it happens before the socket is connected, look for such calls in the middlewares: `next(error)` rejects a client with a reason.',
  see: [
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
