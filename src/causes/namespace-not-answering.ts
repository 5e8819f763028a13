import { CLOSED_AT_ONCE_MS } from '../diagnosis/end-before-connect.js';
import { evidence } from '../diagnosis/evidence.js';
import { isSilentForGood } from '../diagnosis/is-silent-for-good.js';
import { isUndelivered } from '../diagnosis/is-undelivered.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** How long the socket had waited when this was noticed, in milliseconds; absent if the server closed the session first. */
  readonly waitedMs?: number;
  /** The server ended the session in the meantime: `connectTimeout`, 45 s by default. */
  readonly closedByServer: boolean;
}

/** A server that takes longer for its handshake is busy: then its silence says nothing about one namespace. */
const BUSY_MS = 2_000;

export const rule: Rule<'namespace-not-answering', Details> = {
  code: 'namespace-not-answering',
  title: 'The server does not respond to the namespace connection',
  phase: 'namespace',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/middlewares/#registering-a-middleware',
  needs: ['namespace-connect'],
  yieldsTo: ['network-offline', 'response-cached'],
  match(facts) {
    const { unanswered } = facts;
    if (!unanswered || unanswered.sent === 'no' || unanswered.ended === 'parse error') return undefined;
    const { signal, namespace, sent, ended, waitedMs, alike } = unanswered;
    const [overdue] = alike.filter((one) => one.kind === 'connect-overdue').slice(-1);
    if (ended === 'other' && !overdue) return undefined;
    const probe = facts.probe('namespace-connect');
    const { unused, own } = probe?.connects ?? {};
    // It closes the session, or answers in another parser's format. If the client's session lasted longer, it may have been closed because
    // of its age.
    const isClosed = own === 'closed' && (ended !== 'orderly' || waitedMs < CLOSED_AT_ONCE_MS);
    if (unused === 'closed' || unused === 'foreign' || isClosed || own === 'foreign') return undefined;
    // If the client writes a format that the server does not read, there is nothing to answer.
    const isRead = unused === 'refused' || unused === 'connected';
    if (sent === 'foreign' && isRead) return undefined;
    const other = [...facts.all('connected'), ...facts.all('connect-error')].find(
      (answer) => answer.attempt === signal.attempt && answer.namespace !== namespace,
    );
    const isQuick = probe !== undefined && isRead && probe.durationMs < BUSY_MS;
    // Closed while waiting: by a short `connectTimeout`, or by a middleware that looked something up first.
    const isLeftWaiting = own === 'silent' && probe?.websocket?.closeCode === undefined;
    // A session that the server ended early may have ended for another reason, unless it keeps the SDK waiting, too. Until then a
    // middleware may just be slow.
    const isOver = isSilentForGood(unanswered) || ended === 'orderly';
    const isLost = isUndelivered(unanswered);
    const isProven =
      isOver &&
      !isLost &&
      own !== 'connected' &&
      own !== 'closed' &&
      (own === 'silent' ? isQuick && isLeftWaiting : overdue !== undefined && (isQuick || other !== undefined));
    return {
      certainty: isProven && sent === 'default' ? 'confirmed' : 'suspected',
      // A server that leaves even an unknown namespace unanswered reads nothing at all.
      likelihood: (overdue || own === 'silent') && unused !== 'silent' && !isLost ? 'likely' : 'possible',
      details: { namespace, ...(overdue && { waitedMs: overdue.afterMs }), closedByServer: ended === 'orderly' },
      evidence: [
        evidence(
          ended === undefined
            ? `The session was open, and for ${waitedMs} ms the server neither accepted nor rejected the namespace.`
            : 'The session ended before the server had accepted or rejected the namespace.',
          signal,
        ),
        ...(isRead && probe ? [evidence('It rejected an unknown namespace at once.', probe)] : []),
        ...(own === 'silent' && probe ? [evidence('It did not answer the SDK either.', probe)] : []),
        ...(other ? [evidence('It answered for another namespace on the same connection.', other)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection is open and the client asked to join its namespace, but the server neither accepts nor rejects it. Usually a middleware registered with `io.use()` or `namespace.use()` never calls `next()`: it awaits a promise that never settles, waits for a database that hangs, or has a branch without `next()`. The client gets no event at all; after `connectTimeout` (45 s), the server closes the connection, and the cycle starts over.',
  remedy: ({ namespace }) =>
    `Check the middlewares of the namespace "${namespace}" on the server: every code path must call \`next()\` or \`next(error)\`, even when a promise rejects. Add a timeout to everything they wait for. An adapter that waits for its database or broker delays the response as well. In python-socketio and Flask-SocketIO, a \`connect\` handler that throws or takes a different number of arguments also leaves the client without a response; the server log shows it.`,
  snippet: ({ namespace }) =>
    `io.of('${namespace}').use((socket, next) => {\n  verify(socket.handshake.auth.token).then(() => next(), next);\n});`,
  see: [
    { title: 'Middlewares', url: 'https://socket.io/docs/v4/middlewares/#registering-a-middleware' },
    { title: 'Server option connectTimeout', url: 'https://socket.io/docs/v4/server-options/#connecttimeout' },
    { title: 'Admin UI', url: 'https://socket.io/docs/v4/admin-ui/' },
  ],
};
