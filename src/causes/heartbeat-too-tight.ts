import { endBeforeConnect } from '../diagnosis/end-before-connect.js';
import { endlessHandshake } from '../diagnosis/endless-handshake.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { isBreathless, isImpatient, isTightBeat } from '../diagnosis/is-tight-beat.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';
import { websocketEnd } from '../diagnosis/websocket-end.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs: number;
  /** The slowest handshake seen, in milliseconds: how long this network can take for a response. */
  readonly slowestHandshakeMs?: number;
  /** Together they exceed the longest time a timer can wait (24.8 days), so the client gives up at once. */
  readonly isEndless?: true;
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
    const ended = latest(facts.during('engine-closed').filter(({ reason }) => reason === 'ping timeout'));
    const endless = ended && endlessHandshake(facts.all, ended.attempt);
    if (endless) return matchEndless(endless, ended);
    const signal = closing?.hadConnected ? closing.signal : endBeforeConnect(facts);
    const handshake = facts.all('handshake').find(({ attempt }) => attempt === signal?.attempt);
    if (!signal || !handshake || standstillAt(facts, signal.at)) return undefined;
    const isSure = isBreathless(handshake);
    const isOfBeat =
      signal.reason === 'ping timeout'
        ? isSure || (closing !== undefined && isTightBeat({ handshake }))
        : isImpatient(handshake) && isByServer(facts, signal);
    if (!isOfBeat || signal.ageMs < (handshake.pingIntervalMs ?? 0)) return undefined;
    const { pingIntervalMs, pingTimeoutMs = 0 } = handshake;
    const started = facts.all('attempt-started');
    const times = facts
      .all('handshake')
      .map(({ at, attempt }) => at - (started.find((one) => one.attempt === attempt)?.at ?? at));
    const slowestHandshakeMs = Math.max(0, ...times);
    const isSlow = isSure || slowestHandshakeMs >= pingTimeoutMs * SLOW_SHARE;
    return {
      certainty: 'suspected',
      likelihood: isSlow ? 'likely' : 'possible',
      details: {
        ...(pingIntervalMs !== undefined && { pingIntervalMs }),
        pingTimeoutMs,
        slowestHandshakeMs,
      },
      evidence: [
        evidence(`The server's handshake allows ${pingTimeoutMs} ms for a heartbeat.`, handshake),
        ...(isSlow ? [evidence(`A handshake alone took ${slowestHandshakeMs} ms here.`, signal)] : []),
      ],
    };
  },
};

/** What a server does with a session that it has given up: it closes the session cleanly or no longer recognizes it. */
function isByServer(facts: Facts, signal: SignalOf<'engine-closed'>): boolean {
  const isClean = websocketEnd(facts.all('websocket-closed'), signal).wasClean;
  return signal.byServer || isClean || signal.error?.status === 400;
}

function matchEndless(handshake: SignalOf<'handshake'>, ended: SignalOf<'engine-closed'>): Verdict<Details> {
  const { pingIntervalMs = 0, pingTimeoutMs = 0 } = handshake;
  const ms = pingIntervalMs + pingTimeoutMs;
  return {
    certainty: 'confirmed',
    details: { pingIntervalMs, pingTimeoutMs, isEndless: true },
    evidence: [
      evidence(`The server's handshake allows ${ms} ms for a heartbeat, longer than any timer can wait.`, handshake),
      evidence('The client gave up at once, because timers above their limit fire at once.', ended),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    'A heartbeat arrived too late although the page was awake. The server allows little time for it: 5 s or less, the default in Socket.IO 2.x and 3.x. A mobile network, a large message in flight or a short garbage collection takes longer than that now and then.',
  remedy: ({ pingTimeoutMs, isEndless: isTooLong }) =>
    isTooLong
      ? "Here it is the other way around: the server's `pingInterval` and `pingTimeout` add up to more than a timer can wait (2,147,483,647 ms), so it fires immediately. Set them to 25,000 and 20,000 ms, the defaults. To let sessions outlive a lost connection, use connection state recovery, not a heartbeat of several days."
      : `Raise \`pingTimeout\` on the server from ${pingTimeoutMs} ms to 20,000 ms, the default since 4.0.`,
  snippet: () => 'const io = new Server(httpServer, { pingTimeout: 20_000 });',
  see: [
    { title: 'Server option pingTimeout', url: 'https://socket.io/docs/v4/server-options/#pingtimeout' },
    {
      title: 'The default value of pingTimeout was increased',
      url: 'https://socket.io/docs/v4/migrating-from-3-x-to-4-0/#the-default-value-of-pingtimeout-was-increased',
    },
  ],
};
