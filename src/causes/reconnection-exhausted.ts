import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The client's `reconnectionAttempts`; absent if it cannot be determined. */
  readonly attempts?: number;
  /** Code of the diagnosis of the outage itself, which has an incident of its own. */
  readonly cause?: string;
}

export const rule: Rule<'reconnection-exhausted', Details> = {
  code: 'reconnection-exhausted',
  title: 'The client gave up reconnecting',
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
      evidence: [evidence('The client reported that its last reconnection attempt had failed.', gaveUp)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The `reconnectionAttempts` option limits how often the client tries to reconnect, and all attempts have failed. The client does nothing more by itself: the socket stays disconnected, even when the server is back, until the app calls `connect()` or the page is reloaded.',
  remedy: ({ attempts, cause }) =>
    `${cause === undefined ? 'Fix whatever' : `The outage itself is reported as \`${cause}\`: fix what`} made the attempts fail. ${attempts === undefined ? 'Leave `reconnectionAttempts` at its default, which is no limit' : `Raise \`reconnectionAttempts\` (currently ${attempts}) or leave it at its default, which is no limit`}; or listen for \`reconnect_failed\`, tell the user, and call \`socket.connect()\` when they ask for it or the browser is online again.`,
  snippet: () => "socket.io.on('reconnect_failed', () => showRetryButton(() => socket.connect()));",
  see: [
    {
      title: 'Client option reconnectionAttempts',
      url: 'https://socket.io/docs/v4/client-options/#reconnectionattempts',
    },
    { title: 'reconnect_failed', url: 'https://socket.io/docs/v4/client-api/#event-reconnect_failed' },
  ],
};
