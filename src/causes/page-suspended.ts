import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Milliseconds for which page or process is known to have stood still; absent while it has not come back. */
  readonly stoodStillMs?: number;
}

export const rule: Rule<'page-suspended', Details> = {
  code: 'page-suspended',
  title: 'The page or the process did not run for a while',
  phase: 'session',
  fixedBy: 'user',
  severity: 'info',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-browser-tab-was-minimized-and-heartbeat-has-failed',
  needs: [],
  yieldsTo: ['network-offline', 'payload-too-large'],
  match(facts) {
    const { closing, connecting, runtime } = facts;
    if (!closing?.hadConnected || closing.reason === 'parse error') return undefined;
    const stood = standstillAt(facts, closing.signal.at);
    if (!stood) return undefined;
    const { pingIntervalMs = 25_000, pingTimeoutMs = 20_000 } = closing.handshake ?? {};
    const stoodStillMs = stood.until - stood.from;
    // The side that beats (the server since Engine.IO 4, the client before) is given up by the other after that time without an answer.
    const patienceMs = facts.client.protocol === 3 ? pingIntervalMs + pingTimeoutMs : pingTimeoutMs;
    const isLongEnough = Number.isFinite(stoodStillMs) && stoodStillMs >= patienceMs;
    const isBack = closing.reconnected !== undefined && !connecting;
    const who = runtime.kind === 'node' ? 'process' : 'page';
    return {
      certainty: isLongEnough && isBack && !stood.maybeThrottled ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: Number.isFinite(stoodStillMs) ? { stoodStillMs } : {},
      evidence: [
        evidence(
          Number.isFinite(stoodStillMs)
            ? `The ${who} stood still for ${stoodStillMs} ms around the end of the connection.`
            : `The ${who} was frozen when the connection ended.`,
          stood.signal,
        ),
        ...(isLongEnough
          ? [evidence(`The other side waits ${patienceMs} ms for an answer to its heartbeat.`, closing.signal)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The page or process did not run for longer than the heartbeat allows: a frozen or throttled tab, a sleeping laptop, an app in the background, a stopped process or an event loop that was blocked. The connection was given up meanwhile; the client reconnects as soon as it runs again.',
  remedy: () =>
    'Nothing is broken on the server. In a page: use socket.io-client 4.1.3 or later, whose heartbeat does not depend on throttled timers, and fetch what was missed after `connect`, or use connection state recovery. In a Node process: look for synchronous work that blocks the event loop.',
  snippet: () => "socket.on('connect', () => {\n  if (!socket.recovered) fetchWhatWasMissed();\n});",
  see: [
    {
      title: 'The browser tab was minimized and heartbeat has failed',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-browser-tab-was-minimized-and-heartbeat-has-failed',
    },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
