import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Emits right after connect that nobody acknowledged. */
  readonly unanswered: number;
  /** Age of the connection at the last of them, in milliseconds. */
  readonly unansweredUntilMs: number;
  /** Age of the connection at the first emit that was acknowledged, in milliseconds. */
  readonly answeredFromMs: number;
}

/** A server that was only slow answers within this time, although the app does not wait for it any more. */
const LATE_ANSWER_MS = 5_000;

export const rule: Rule<'server-handler-registered-late', Details> = {
  code: 'server-handler-registered-late',
  title: 'The server registers its handlers too late for the first messages',
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
      // A handler that answers only after a login, or not to every argument, looks the same: only where the very same event is left
      // unanswered more than once, and is answered later although the client did nothing else in between, it is time alone.
      certainty:
        sameEvent && !othersBetween && unanswered > 1 && waitedMs >= LATE_ANSWER_MS ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { unanswered, unansweredUntilMs, answeredFromMs },
      evidence: [
        evidence(
          `Nobody acknowledged what was emitted in the first ${unansweredUntilMs} ms of the connection (${unanswered}).`,
          compared,
        ),
        evidence(
          `What was emitted from ${answeredFromMs} ms on was acknowledged (${answered})${sameEvent ? ', the same event among it' : ''}.`,
          compared,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Acknowledgements are missing only for what is emitted right after connecting. The server’s `connection` handler waits for something, such as a database, before it registers its listeners with `socket.on(…)`: what arrives before that is dropped without a trace.',
  remedy: () =>
    'Register all listeners on the server first, synchronously at the beginning of the `connection` handler, and wait inside of them. A handler that answers only after a login looks the same from here: then emit after it.',
  snippet: () =>
    "io.on('connection', (socket) => {\n  const loading = loadUser(socket);\n  socket.on('hello', async (value, callback) => {\n    const user = await loading;\n    callback(user.name);\n  });\n});",
  see: [
    {
      title: 'Delayed event handler registration',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#delayed-event-handler-registration',
    },
  ],
};
