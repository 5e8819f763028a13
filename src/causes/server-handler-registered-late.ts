import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Emits right after connect that were not acknowledged. */
  readonly unanswered: number;
  /** Age of the connection at the last of them, in milliseconds. */
  readonly unansweredUntilMs: number;
  /** Age of the connection at the first emit that was acknowledged, in milliseconds. */
  readonly answeredFromMs: number;
}

/** A server that was just slow answers within this time, although the app no longer waits for it. */
const LATE_ANSWER_MS = 5_000;

export const rule: Rule<'server-handler-registered-late', Details> = {
  code: 'server-handler-registered-late',
  title: 'The server registers its event handlers too late',
  phase: 'usage',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#delayed-event-handler-registration',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const compared = facts.usage('acks-compared');
    if (!compared) return undefined;
    const { unanswered, unansweredUntilMs, waitedMs, answered, answeredFromMs, sameEvent, othersBetween } = compared;
    return {
      // A handler that acknowledges only after a login, or not for every argument, looks the same: only if the very same event is left
      // unacknowledged more than once, and is acknowledged later although the client did nothing else in between, is it a matter of time
      // alone.
      certainty:
        sameEvent && !othersBetween && unanswered > 1 && waitedMs >= LATE_ANSWER_MS ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { unanswered, unansweredUntilMs, answeredFromMs },
      evidence: [
        evidence(
          `Events emitted in the first ${unansweredUntilMs} ms of the connection were not acknowledged (${unanswered}).`,
          compared,
        ),
        evidence(
          `Events emitted from ${answeredFromMs} ms on were acknowledged (${answered})${sameEvent ? ', including the same event' : ''}.`,
          compared,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Only the events emitted right after connecting are not acknowledged. The server’s `connection` handler waits for something, such as a database, before it registers its listeners with `socket.on(…)`: everything that arrives before then is silently dropped.',
  remedy: () =>
    'On the server, register all listeners synchronously at the start of the `connection` handler, and wait inside them. A handler that acknowledges only after a login looks the same from here: in that case, emit after the login.',
  snippet: () =>
    "io.on('connection', (socket) => {\n  const loading = loadUser(socket);\n  socket.on('hello', async (value, callback) => {\n    const user = await loading;\n    callback(user.name);\n  });\n});",
  see: [
    {
      title: 'Delayed event handler registration',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#delayed-event-handler-registration',
    },
  ],
};
