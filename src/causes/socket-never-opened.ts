import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly waitedMs: number;
  /** Messages that wait for the connection. */
  readonly buffered: number;
}

export const rule: Rule<'socket-never-opened', Details> = {
  code: 'socket-never-opened',
  title: 'The socket was never opened',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/client-options/#autoconnect',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const unopened = facts.usage('socket-unopened');
    if (!unopened) return undefined;
    const { waitedMs, buffered } = unopened;
    const seconds = Math.round(waitedMs / 1_000);
    return {
      // Without messages it may be waiting for a user to log in.
      certainty: buffered > 0 ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { waitedMs, buffered },
      evidence: [
        evidence(
          `The socket was created with \`autoConnect: false\`, and \`connect()\` had not been called after ${seconds} s.`,
          unopened,
        ),
        ...(buffered > 0 ? [evidence(`Messages waiting in its buffer: ${buffered}.`, unopened)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The socket was created with `autoConnect: false` and has not been opened since. It does nothing by itself: emitted events wait in its buffer, and no events arrive.',
  remedy: () =>
    'Call `socket.connect()` when the socket is needed, for example after the login, or remove `autoConnect: false`. If the socket is meant to wait, emit only once it is connected.',
  snippet: () => 'socket.auth = { token };\nsocket.connect();',
  see: [
    { title: 'autoConnect', url: 'https://socket.io/docs/v4/client-options/#autoconnect' },
    { title: 'Offline behavior', url: 'https://socket.io/docs/v4/client-offline-behavior/#buffered-events' },
  ],
};
