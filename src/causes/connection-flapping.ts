import { evidence } from '../diagnosis/evidence.js';
import { flapping } from '../diagnosis/flapping.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Connections that ended within the last minute. */
  readonly ends: number;
  /** How long the longest of them lasted, in milliseconds. */
  readonly longestMs: number;
}

export const rule: Rule<'connection-flapping', Details> = {
  code: 'connection-flapping',
  title: 'The connection keeps dropping and reconnecting',
  phase: 'session',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
  needs: [],
  yieldsTo: [
    'network-offline',
    'page-suspended',
    'payload-too-large',
    'session-not-sticky',
    'session-lost',
    'gateway-failing',
    'server-closed-connection',
    'server-disconnected-socket',
    'server-went-down',
    'server-unreachable',
    'heartbeat-lost',
    'packet-invalid',
    'parser-mismatch',
    'proxy-idle-timeout',
    'connection-max-duration',
  ],
  match(facts) {
    const found = flapping(facts);
    if (!found) return undefined;
    const { ends, longestMs, mayBeRegular, signal } = found;
    return {
      certainty: facts.closing?.reconnected && !facts.connecting && !mayBeRegular ? 'confirmed' : 'suspected',
      likelihood: mayBeRegular ? 'possible' : 'likely',
      // What ends them is unknown, and that is what this cause says.
      asClass: true,
      details: { ends, longestMs },
      evidence: [
        evidence(
          `${ends} connections ended within a minute, after ${longestMs} ms at most, and each time the next attempt worked.`,
          signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Connections are established and cut again within a short time, over and over, at no regular age and without any notice from the server. Possible reasons are an unstable network, a proxy or load balancer that drops them, a server process that crashes and is restarted at once, or another client with the same identity that takes over.',
  remedy: () =>
    'Try another network first. Then check the proxy and server logs at the times of the cuts for restarts, out-of-memory kills, failing health checks and connection limits.',
  see: [
    {
      title: 'Something between the server and the client closes the connection',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
    },
    { title: 'Logging and debugging', url: 'https://socket.io/docs/v4/logging-and-debugging/' },
  ],
};
