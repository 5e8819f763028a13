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
  title: 'Nobody opened the socket',
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
      // Without messages it may wait for somebody to log in.
      certainty: buffered > 0 ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { waitedMs, buffered },
      evidence: [
        evidence(
          `The socket was made with \`autoConnect: false\`, and nobody had called \`connect()\` after ${seconds} s.`,
          unopened,
        ),
        ...(buffered > 0 ? [evidence(`Messages waited in its buffer: ${buffered}.`, unopened)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The socket was made with `autoConnect: false` and was not opened since. It does nothing by itself: what is emitted waits in its buffer, and no event arrives.',
  remedy: () =>
    'Call `socket.connect()` once the socket is needed, such as after the login, or leave out `autoConnect: false`. If the socket waits on purpose, emit only after it is connected.',
  snippet: () => 'socket.auth = { token };\nsocket.connect();',
  see: [
    { title: 'autoConnect', url: 'https://socket.io/docs/v4/client-options/#autoconnect' },
    { title: 'Offline behavior', url: 'https://socket.io/docs/v4/client-offline-behavior/#buffered-events' },
  ],
};
