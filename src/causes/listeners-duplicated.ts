import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Identical listeners on one event after each of the latest connects, oldest first. */
  readonly counts: readonly number[];
  /** Events on which listeners pile up. */
  readonly events: number;
  /** The event, if it is one of the client's own. */
  readonly event?: string;
}

export const rule: Rule<'listeners-duplicated', Details> = {
  code: 'listeners-duplicated',
  title: 'Listeners pile up with every reconnection',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#duplicate-event-registration',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const counted = facts.usage('listeners-counted');
    if (!counted) return undefined;
    const { counts, events, event, added } = counted;
    const isInHandler = added === 'in-handler';
    return {
      // Listeners added at some point between two connects may just as well belong to parts of the app that were created in the meantime.
      certainty: isInHandler ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { counts, events, ...(event !== undefined && { event }) },
      evidence: [
        evidence(
          isInHandler
            ? `While the \`connect\` listeners ran, a listener was added next to identical ones; number after each connect: ${counts.join(', ')}.`
            : `One event had more identical listeners after each connect: ${counts.join(', ')}.`,
          counted,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A listener is registered again on every reconnection, because `socket.on(…)` is called inside the `connect` handler or in code that runs after it. The earlier listeners stay, so every message is handled twice, then three times, and so on.',
  remedy: () =>
    "Register listeners once, outside the `connect` handler; they survive reconnections. In React, remove them in the effect's cleanup function with `socket.off(event, listener)`.",
  snippet: () =>
    "socket.on('connect', () => {\n  // do not register listeners here\n});\nsocket.on('message', onMessage);",
  see: [
    {
      title: 'Duplicate event registration',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#duplicate-event-registration',
    },
    { title: 'How to use with React: cleanup', url: 'https://socket.io/how-to/use-with-react#cleanup' },
  ],
};
