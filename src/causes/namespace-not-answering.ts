import { CLOSED_AT_ONCE_MS } from '../diagnosis/end-before-connect.js';
import { evidence } from '../diagnosis/evidence.js';
import { isSilentForGood } from '../diagnosis/is-silent-for-good.js';
import { isUndelivered } from '../diagnosis/is-undelivered.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** How long the socket had waited when it was noticed, in milliseconds; absent where the server closed the session before. */
  readonly waitedMs?: number;
  /** The server ended the session meanwhile: `connectTimeout`, 45 s by default. */
  readonly closedByServer: boolean;
}

/** A server that takes longer for its handshake is busy: then its silence says nothing about one namespace. */
const BUSY_MS = 2_000;

export const rule: Rule<'namespace-not-answering', Details> = {
  code: 'namespace-not-answering',
  title: 'The server does not answer the connection to a namespace',
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
    // It closes, or answers in the words of another parser. Where the client's session lasted longer, it may have been closed by its age.
    const isClosed = own === 'closed' && (ended !== 'orderly' || waitedMs < CLOSED_AT_ONCE_MS);
    if (unused === 'closed' || unused === 'foreign' || isClosed || own === 'foreign') return undefined;
    // Where the client writes other words than the server reads, there is nothing to answer.
    const isRead = unused === 'refused' || unused === 'connected';
    if (sent === 'foreign' && isRead) return undefined;
    const other = [...facts.all('connected'), ...facts.all('connect-error')].find(
      (answer) => answer.attempt === signal.attempt && answer.namespace !== namespace,
    );
    const isQuick = probe !== undefined && isRead && probe.durationMs < BUSY_MS;
    // Closed while it waited: by a short `connectTimeout`, or by a middleware that looked something up first.
    const isLeftWaiting = own === 'silent' && probe?.websocket?.closeCode === undefined;
    // A session that the server ended before its time may have ended for another reason, unless it keeps the SDK waiting, too.
    // Until then a middleware may only be slow.
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
      // What leaves even an unknown namespace without an answer reads nothing at all.
      likelihood: (overdue || own === 'silent') && unused !== 'silent' && !isLost ? 'likely' : 'possible',
      details: { namespace, ...(overdue && { waitedMs: overdue.afterMs }), closedByServer: ended === 'orderly' },
      evidence: [
        evidence(
          ended === undefined
            ? `The session was open, and for ${waitedMs} ms the server neither connected nor refused the namespace.`
            : 'The session ended before the server had connected or refused the namespace.',
          signal,
        ),
        ...(isRead && probe ? [evidence('It refused an unknown namespace at once.', probe)] : []),
        ...(own === 'silent' && probe ? [evidence('It left the SDK without an answer, too.', probe)] : []),
        ...(other ? [evidence('It answered another namespace on the same connection.', other)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection is open and the client asked for its namespace, but the server neither accepts nor refuses. Usually a middleware registered with `io.use()` or `namespace.use()` never calls `next()`: an awaited promise that never settles, a database that hangs, or a branch without `next()`. The client gets no event at all; after `connectTimeout` (45 s) the server closes the connection, and it begins again.',
  remedy: ({ namespace }) =>
    `Look at the middlewares of the namespace "${namespace}" on the server: every path through them must call \`next()\` or \`next(error)\`, also when a promise rejects. Give what they wait for a time limit. An adapter that waits for its database or broker delays the answer as well. In python-socketio and Flask-SocketIO a \`connect\` handler that throws, or takes another number of arguments, leaves no answer either: the log of the server shows it.`,
  snippet: ({ namespace }) =>
    `io.of('${namespace}').use((socket, next) => {\n  verify(socket.handshake.auth.token).then(() => next(), next);\n});`,
  see: [
    { title: 'Middlewares', url: 'https://socket.io/docs/v4/middlewares/#registering-a-middleware' },
    { title: 'Server option connectTimeout', url: 'https://socket.io/docs/v4/server-options/#connecttimeout' },
    { title: 'Admin UI', url: 'https://socket.io/docs/v4/admin-ui/' },
  ],
};
