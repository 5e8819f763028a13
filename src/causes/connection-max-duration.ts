import { evidence } from '../diagnosis/evidence.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { timedEnd } from '../diagnosis/timed-end.js';

export interface Details {
  /** Age at which the connections were cut, in milliseconds, on average. */
  readonly periodMs: number;
  /** How many connections ended like that. */
  readonly samples: number;
}

export const rule: Rule<'connection-max-duration', Details> = {
  code: 'connection-max-duration',
  title: 'Connections are cut at a fixed maximum age',
  phase: 'session',
  fixedBy: 'proxy',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/reverse-proxy/#google-cloud-application-load-balancer',
  needs: [],
  yieldsTo: ['network-offline', 'payload-too-large', 'session-not-sticky'],
  match(facts) {
    const end = timedEnd(facts);
    if (!end || end.counts === 'idle') return undefined;
    const { signal, regular, counts, watched, endsWithPacket } = end;
    const { transportAgeMs = 0 } = signal;
    if (!regular || counts === 'either') {
      const cut = evidence(`The connection was cut at an age of ${transportAgeMs} ms.`, signal);
      const details = { periodMs: regular?.periodMs ?? transportAgeMs, samples: regular?.samples ?? 1 };
      return { certainty: 'suspected', details, evidence: [cut] };
    }
    const { periodMs, samples, spreadMs, isSure } = regular;
    const isBack = facts.closing?.reconnected !== undefined && !facts.connecting;
    return {
      certainty: isSure && isBack && watched > 0 && !endsWithPacket ? 'confirmed' : 'suspected',
      likelihood: endsWithPacket ? 'possible' : 'likely',
      ...(mayBeServiceWorker(facts, facts.closing?.transport) && { asClass: true as const }),
      details: { periodMs, samples },
      evidence: [
        evidence(
          `${samples} connections were cut at an age of about ${periodMs} ms, within ${spreadMs} ms of each other.`,
          signal,
        ),
        evidence('There was traffic shortly before: they were not idle.', signal),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Every connection is cut at the same age, whether or not there is traffic on it: a proxy, a load balancer or the platform limits how long a request or WebSocket may last. The client reconnects and is cut off again at the same age.',
  remedy: ({ periodMs }) =>
    `Raise the maximum duration of a request or stream where it is configured: the backend service timeout of a Google Cloud load balancer (30 s by default), \`stream_timeout\` (Caddy), \`max_connection_duration\` (Envoy), or the platform's request timeout (Cloud Run: 5 minutes by default). Look for ${periodMs} ms. If it cannot be raised, connection state recovery makes the reconnections harmless.`,
  snippet: () => 'gcloud compute backend-services update my-service --global --timeout=86400',
  see: [
    {
      title: 'Google Cloud Application Load Balancer',
      url: 'https://socket.io/docs/v4/reverse-proxy/#google-cloud-application-load-balancer',
    },
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
  ],
};
