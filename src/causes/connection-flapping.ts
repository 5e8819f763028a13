import { evidence } from '../diagnosis/evidence.js';
import { flapping } from '../diagnosis/flapping.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Connections that ended within the last minute. */
  readonly ends: number;
  /** The longest that one of them had lasted, in milliseconds. */
  readonly longestMs: number;
}

export const rule: Rule<'connection-flapping', Details> = {
  code: 'connection-flapping',
  title: 'The connection comes and goes in a loop',
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
      // What ends them is not known: that is what this says.
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
    'Connections come about and are cut again within a short time, over and over, at no regular age and without a word from the server: an unstable network, a proxy or a load balancer that drops them, a server process that dies and is replaced at once, or another client with the same identity that pushes this one out.',
  remedy: () =>
    'Compare with another network first. Then read the logs of the proxy and of the server at the times of the cuts: restarts, out-of-memory kills, health checks that fail, limits of connections.',
  see: [
    {
      title: 'Something between the server and the client closes the connection',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
    },
    { title: 'Logging and debugging', url: 'https://socket.io/docs/v4/logging-and-debugging/' },
  ],
};
