import { evidence } from '../diagnosis/evidence.js';
import type { Closing, Facts } from '../diagnosis/facts.js';
import { isClosedUnheard } from '../diagnosis/is-closed-unheard.js';
import { isEndless } from '../diagnosis/is-endless.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { isTightBeat } from '../diagnosis/is-tight-beat.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { standstillAt, standstills } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** How the reconnection went: what tells a short stall from a dead server or path. */
  readonly afterwards: 'reconnected' | 'failed' | 'unknown';
}

export const rule: Rule<'heartbeat-lost', Details> = {
  code: 'heartbeat-lost',
  title: 'The heartbeat of the server stopped',
  phase: 'session',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: [],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { closing } = facts;
    // Without `connect` a ping timeout is how an Engine.IO 4 client leaves an Engine.IO 3 server.
    if (!closing) return matchBeforeConnect(facts);
    if (!closing.hadConnected) return undefined;
    if (facts.client.protocol === 4 && closing.reason === 'transport close' && isClosedUnheard(closing))
      return matchUnheard(facts, closing);
    if (closing.reason !== 'ping timeout' || isEndless(facts.all, closing.signal.attempt)) return undefined;
    // A handshake that does not say how the server beats leaves a client that does not wait.
    if (closing.handshake?.incomplete) return undefined;
    const { pingIntervalMs, pingTimeoutMs } = closing.handshake ?? {};
    const beat = {
      ...(pingIntervalMs !== undefined && { pingIntervalMs }),
      ...(pingTimeoutMs !== undefined && { pingTimeoutMs }),
    };
    const window = (pingIntervalMs ?? 25_000) + (pingTimeoutMs ?? 20_000);
    // The page or process itself slept: then it is the one that missed the heartbeat.
    const endedAt = closing.signal.at;
    const slept = standstills(facts).some(({ from, until }) => until >= endedAt - window && from <= endedAt + 5_000);
    if (slept) return undefined;
    const afterwards = closing.reconnected ? 'reconnected' : facts.connecting ? 'failed' : 'unknown';
    // A late heartbeat is not a lost one: only what follows tells them apart where hardly any time is allowed or much was on its way.
    const isOpen = afterwards !== 'failed' && (isTightBeat(closing) || isLargeUnsent(closing));
    return {
      certainty: isOpen ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      asClass: true,
      details: { ...beat, afterwards },
      evidence: [
        evidence(
          pingIntervalMs === undefined
            ? 'No heartbeat came in time.'
            : `No heartbeat came within pingInterval + pingTimeout (${window} ms).`,
          closing.signal,
        ),
        ...(closing.reconnected ? [evidence('A new connection worked.', closing.reconnected)] : []),
      ],
    };
  },
};

/**
 * Over WebSocket this is how an Engine.IO 4 client leaves an Engine.IO 3 server, whose handshake it could not have read over polling: there a poll
 * stayed without an answer, be it of the server or of what holds answers back.
 */
function matchBeforeConnect({ about, all, client, connecting, during }: Facts): Verdict<Details> | undefined {
  const ended = about.phase === 'connect' ? latest(during('engine-closed')) : undefined;
  if (ended?.reason !== 'ping timeout' || ended.transport !== 'polling' || client.protocol !== 4) return undefined;
  if ((connecting?.signal.attempt ?? 0) > ended.attempt || isEndless(all, ended.attempt)) return undefined;
  if (all('handshake').some(({ attempt, incomplete }) => incomplete && attempt === ended.attempt)) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { afterwards: 'unknown' },
    evidence: [evidence('The session began, and nothing came in it until the time for a heartbeat was over.', ended)],
  };
}

/** The other direction: the server closes where its ping is not answered. That it closed for a reason of its own just then would be chance. */
function matchUnheard(facts: Facts, closing: Closing): Verdict<Details> | undefined {
  if (standstillAt(facts, closing.signal.at)) return undefined;
  const { pingIntervalMs, pingTimeoutMs } = closing.handshake ?? {};
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: {
      ...(pingIntervalMs !== undefined && { pingIntervalMs }),
      ...(pingTimeoutMs !== undefined && { pingTimeoutMs }),
      afterwards: closing.reconnected ? 'reconnected' : facts.connecting ? 'failed' : 'unknown',
    },
    evidence: [
      evidence(
        `The server closed the connection pingTimeout (${pingTimeoutMs} ms) after its last heartbeat, as it does where no answer comes.`,
        closing.signal,
      ),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    'The connection stood, the page was awake, but no heartbeat of the server arrived in time: the server was blocked or stopped, or the path between died without a word. Or it died in the other direction alone: then the server misses the answer of the client and closes the connection.',
  remedy: ({ afterwards }) =>
    afterwards === 'reconnected'
      ? 'The server answers again. Look for work that blocks its event loop at that time (synchronous code, huge JSON, garbage collection; in Python a blocking call, such as `time.sleep`, in an async handler or without `monkey_patch()`), and for a NAT or mobile network that drops silent connections.'
      : 'The server does not answer any more. Look at its process and at the network path.',
  snippet: () => 'const io = new Server(httpServer, { pingInterval: 25_000, pingTimeout: 20_000 });',
  see: [
    {
      title: 'The socket gets disconnected',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
    },
    { title: 'Server option pingTimeout', url: 'https://socket.io/docs/v4/server-options/#pingtimeout' },
  ],
};
