import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Milliseconds for which the page or process is known to have been suspended or blocked; absent while it has not come back. */
  readonly stoodStillMs?: number;
}

/** What was waiting for the page to run again arrives within this time. */
const AT_ONCE_MS = 1_000;

export const rule: Rule<'page-suspended', Details> = {
  code: 'page-suspended',
  title: 'The page or process was suspended or blocked',
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
    // The side that sends the heartbeat (the server since Engine.IO 4, the client before) is given up by the other after this time without
    // a reply.
    const patienceMs = facts.client.protocol === 3 ? pingIntervalMs + pingTimeoutMs : pingTimeoutMs;
    const isLongEnough = Number.isFinite(stoodStillMs) && stoodStillMs >= patienceMs;
    // A standstill between two heartbeats ends nothing: it must be long enough to contain one, or the connection must end right with it.
    const isMet = stoodStillMs >= pingIntervalMs + pingTimeoutMs || closing.signal.at - stood.until <= AT_ONCE_MS;
    const isBack = closing.reconnected !== undefined && !connecting;
    const who = runtime.kind === 'node' ? 'process' : 'page';
    return {
      certainty: isLongEnough && isMet && isBack && !stood.maybeThrottled ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: Number.isFinite(stoodStillMs) ? { stoodStillMs } : {},
      evidence: [
        evidence(
          Number.isFinite(stoodStillMs)
            ? `The ${who} did not run for ${stoodStillMs} ms around the time the connection ended.`
            : `The ${who} was frozen when the connection ended.`,
          stood.signal,
        ),
        ...(isLongEnough
          ? [evidence(`The other side waits ${patienceMs} ms for a reply to its heartbeat.`, closing.signal)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The page or process did not run for longer than the heartbeat allows: a frozen or throttled tab, a sleeping laptop, an app in the background, a stopped process or a blocked event loop. In the meantime, the connection timed out; the client reconnects as soon as it runs again.',
  remedy: () =>
    'Nothing is broken on the server. In a page, use socket.io-client 4.1.3 or later, whose heartbeat does not depend on throttled timers, and fetch missed data after `connect` or use connection state recovery. In a Node process, look for synchronous work that blocks the event loop.',
  snippet: () => "socket.on('connect', () => {\n  if (!socket.recovered) fetchMissedData();\n});",
  see: [
    {
      title: 'The browser tab was minimized and heartbeat has failed',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-browser-tab-was-minimized-and-heartbeat-has-failed',
    },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
