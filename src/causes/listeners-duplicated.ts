import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Equal listeners on one event after each of the latest connects, oldest first. */
  readonly counts: readonly number[];
  /** Events on which listeners pile up. */
  readonly events: number;
  /** The event, where it is one of the client's own. */
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
      // What grew at some time between two connects may as well belong to parts of the app that came into being meanwhile.
      certainty: isInHandler ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { counts, events, ...(event !== undefined && { event }) },
      evidence: [
        evidence(
          isInHandler
            ? `While the listeners of \`connect\` ran, a listener was added beside equal ones from before; their number after each connect: ${counts.join(', ')}.`
            : `One event had more equal listeners after each connect: ${counts.join(', ')}.`,
          counted,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A listener is registered again with every reconnection, because `socket.on(…)` stands inside the handler of `connect` or in something that runs after it. The earlier ones stay, so that every message is handled twice, three times and so on.',
  remedy: () =>
    'Register listeners once, outside of the `connect` handler; they outlive reconnections. In React, remove them in the clean-up function of the effect with `socket.off(event, listener)`.',
  snippet: () => "socket.on('connect', () => {\n  // nothing is registered here\n});\nsocket.on('message', onMessage);",
  see: [
    {
      title: 'Duplicate event registration',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#duplicate-event-registration',
    },
    { title: 'How to use with React: cleanup', url: 'https://socket.io/how-to/use-with-react#cleanup' },
  ],
};
