import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The client's `reconnectionAttempts`; absent where it cannot be told. */
  readonly attempts?: number;
  /** Code of the diagnosis of the outage itself, which has an incident of its own. */
  readonly cause?: string;
}

export const rule: Rule<'reconnection-exhausted', Details> = {
  code: 'reconnection-exhausted',
  title: 'The client has given up reconnecting',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  aspect: 'reconnection',
  since: '0.1.0',
  docs: '/docs/v4/client-options/#reconnectionattempts',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const gaveUp = facts.during('reconnect-failed').slice(-1)[0];
    if (!gaveUp) return undefined;
    const attempts = facts.options.reconnectionAttempts;
    const { cause } = facts.about;
    return {
      certainty: 'confirmed',
      details: { ...(attempts !== null && { attempts }), ...(cause !== undefined && { cause }) },
      evidence: [evidence('The client told that its last attempt to reconnect had failed.', gaveUp)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The option `reconnectionAttempts` limits how often the client tries, and all attempts have failed. It does nothing more by itself: the socket stays disconnected, also when the server is back, until the app calls `connect()` or the page is loaded again.',
  remedy: ({ attempts, cause }) =>
    `${cause === undefined ? 'Mend' : `The outage itself is told as \`${cause}\`: mend`} what made the attempts fail. ${attempts === undefined ? 'Leave `reconnectionAttempts` at its default, which is no limit' : `Raise \`reconnectionAttempts\` (it is ${attempts}) or leave it at its default, which is no limit`}; or listen to \`reconnect_failed\`, tell the user, and call \`socket.connect()\` when they ask for it or the browser is online again.`,
  snippet: () => "socket.io.on('reconnect_failed', () => showRetryButton(() => socket.connect()));",
  see: [
    {
      title: 'Client option reconnectionAttempts',
      url: 'https://socket.io/docs/v4/client-options/#reconnectionattempts',
    },
    { title: 'reconnect_failed', url: 'https://socket.io/docs/v4/client-api/#event-reconnect_failed' },
  ],
};
