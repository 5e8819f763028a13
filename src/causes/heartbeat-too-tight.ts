import { evidence } from '../diagnosis/evidence.js';
import { isTightBeat } from '../diagnosis/is-tight-beat.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs: number;
  /** The slowest handshake that was seen, in milliseconds: what this network can take for an answer. */
  readonly slowestHandshakeMs?: number;
}

/** A network that took this share of the time for a mere handshake will take all of it now and then. */
const SLOW_SHARE = 0.2;

export const rule: Rule<'heartbeat-too-tight', Details> = {
  code: 'heartbeat-too-tight',
  title: "The server's heartbeat leaves no room for a slow network",
  phase: 'session',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/server-options/#pingtimeout',
  needs: [],
  yieldsTo: ['network-offline', 'page-suspended', 'heartbeat-lost'],
  match(facts) {
    const { closing } = facts;
    if (closing?.reason !== 'ping timeout' || !closing.hadConnected || !isTightBeat(closing)) return undefined;
    if (standstillAt(facts, closing.signal.at)) return undefined;
    const { pingIntervalMs, pingTimeoutMs = 0 } = closing.handshake ?? {};
    const started = new Map(facts.all('attempt-started').map(({ at, attempt }) => [attempt, at]));
    const times = facts
      .all('handshake')
      .map(({ at, attempt }) => at - (started.get(attempt) ?? Number.NaN))
      .filter((ms) => ms >= 0);
    const slowestHandshakeMs = times.length > 0 ? Math.max(...times) : undefined;
    const isSlow = (slowestHandshakeMs ?? 0) >= pingTimeoutMs * SLOW_SHARE;
    return {
      certainty: 'suspected',
      likelihood: isSlow ? 'likely' : 'possible',
      details: {
        ...(pingIntervalMs !== undefined && { pingIntervalMs }),
        pingTimeoutMs,
        ...(slowestHandshakeMs !== undefined && { slowestHandshakeMs }),
      },
      evidence: [
        evidence(
          `The server's handshake allows ${pingTimeoutMs} ms for a heartbeat.`,
          closing.handshake ?? closing.signal,
        ),
        ...(isSlow ? [evidence(`A mere handshake took ${slowestHandshakeMs} ms here.`, closing.signal)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A heartbeat came too late, on a page that was awake, and the server allows little time for it: 5 s or less, as Socket.IO 2.x and 3.x do unless told otherwise. A mobile network, a large message on its way or a short garbage collection take longer now and then.',
  remedy: ({ pingTimeoutMs }) =>
    `Raise \`pingTimeout\` in the server from ${pingTimeoutMs} ms to 20,000 ms, the default since 4.0.`,
  snippet: () => 'const io = new Server(httpServer, { pingTimeout: 20_000 });',
  see: [
    { title: 'Server option pingTimeout', url: 'https://socket.io/docs/v4/server-options/#pingtimeout' },
    {
      title: 'The default value of pingTimeout was increased',
      url: 'https://socket.io/docs/v4/migrating-from-3-x-to-4-0/#the-default-value-of-pingtimeout-was-increased',
    },
  ],
};
