import { evidence } from '../diagnosis/evidence.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';

export interface Details {
  /** Milliseconds after which the connection was cut, on average. */
  readonly periodMs: number;
  /** How many connections ended like that. */
  readonly samples: number;
}

export const rule: Rule<'proxy-idle-timeout', Details> = {
  code: 'proxy-idle-timeout',
  title: 'A proxy closes idle connections',
  phase: 'session',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
  needs: [],
  yieldsTo: ['network-offline', 'payload-too-large', 'session-not-sticky'],
  match(facts) {
    const end = timedEnd(facts);
    if (!end || end.counts === 'age') return undefined;
    const { signal, regular } = end;
    const { pingIntervalMs, pingTimeoutMs } = facts.closing?.handshake ?? {};
    const { quietMs = 0, transportAgeMs = 0 } = signal;
    if (!regular) {
      // A single end shows no pattern, but does not rule one out either.
      const cut = evidence(`The connection was cut ${quietMs} ms after the last traffic that was noticed.`, signal);
      return { certainty: 'suspected', details: { periodMs: transportAgeMs, samples: 1 }, evidence: [cut] };
    }
    const { periodMs, samples, spreadMs, isSure } = regular;
    // A connection with more frequent heartbeats is never idle for that long.
    if (periodMs >= (pingIntervalMs ?? 25_000) + (pingTimeoutMs ?? 20_000)) return undefined;
    const isBack = facts.closing?.reconnected !== undefined && !facts.connecting;
    const since = end.counts === 'idle' ? 'after the last packet' : 'after they opened';
    return {
      certainty: isSure && isBack ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      // If there was no traffic at all, a limit on the age of a connection looks the same.
      ...((end.counts === 'either' || mayBeServiceWorker(facts, facts.closing?.transport)) && {
        asClass: true as const,
      }),
      details: { periodMs, samples },
      evidence: [
        evidence(
          `${samples} connections were cut about ${periodMs} ms ${since}, within ${spreadMs} ms of each other.`,
          signal,
        ),
        ...(pingIntervalMs !== undefined && periodMs < pingIntervalMs
          ? [evidence(`The pause between heartbeats is longer (pingInterval ${pingIntervalMs} ms).`, signal)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A proxy or load balancer between the client and the server closes connections that have been idle for a fixed time, and that time is shorter than the pause between two heartbeats. The client reconnects and is cut off again after the same time.',
  remedy: ({ periodMs }) =>
    `Raise the proxy's idle timeout above pingInterval + pingTimeout (45 s by default), or lower \`pingInterval\` on the server well below ${periodMs} ms. ${suspects(periodMs)}`,
  snippet: ({ periodMs }) =>
    [
      'proxy_read_timeout 120s; # nginx, next to proxy_pass',
      'ProxyTimeout 120         # Apache httpd',
      'timeout tunnel 120s      # HAProxy; for HTTP long-polling also: timeout server 120s',
      `const io = new Server(httpServer, { pingInterval: ${periodMs} / 2 }); // or on the server`,
    ].join('\n'),
  see: [
    {
      title: 'Something between the server and the client closes the connection',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#something-between-the-server-and-the-client-closes-the-connection',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
    { title: 'Server option pingInterval', url: 'https://socket.io/docs/v4/server-options/#pinginterval' },
  ],
};

/** Default limits of well-known products, in seconds: they name where to look first and decide nothing. */
const DEFAULTS: readonly (readonly [limitSeconds: number, products: string])[] = [
  [30, 'the Google Cloud load balancer (backend service timeout) and, over HTTP long-polling, the Heroku router'],
  [55, 'the Heroku router (WebSocket)'],
  [60, 'nginx (proxy_read_timeout), Apache httpd (ProxyTimeout) and the AWS Application Load Balancer (idle timeout)'],
  [100, 'Cloudflare'],
  [240, 'the Azure load balancer'],
];

function suspects(periodMs: number): string {
  const found = DEFAULTS.find(([limit]) => Math.abs(periodMs / 1000 - limit) <= limit * 0.04);
  return found
    ? `${periodMs} ms is close to the default of ${found[1]}.`
    : 'Look for that time in the configuration of each proxy between the client and the server.';
}
