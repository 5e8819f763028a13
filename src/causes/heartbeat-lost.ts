import { endBeforeConnect } from '../diagnosis/end-before-connect.js';
import { endlessHandshake } from '../diagnosis/endless-handshake.js';
import { evidence } from '../diagnosis/evidence.js';
import { isClosedUnheard } from '../diagnosis/is-closed-unheard.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { isBreathless, isTightBeat } from '../diagnosis/is-tight-beat.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt, standstills } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** How the reconnection went, which distinguishes a short stall from a dead server or network path. */
  readonly afterwards: 'reconnected' | 'failed' | 'unknown';
}

export const rule: Rule<'heartbeat-lost', Details> = {
  code: 'heartbeat-lost',
  title: "The server's heartbeat stopped",
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
    const ended = closing?.hadConnected ? closing.signal : endBeforeConnect(facts);
    if (!ended) return undefined;
    const handshake = facts.all('handshake').find(({ attempt }) => attempt === ended.attempt);
    const { pingIntervalMs, pingTimeoutMs } = closing?.handshake ?? {};
    const isNoTime = isBreathless(handshake);
    const likelihood = isNoTime ? 'possible' : 'likely';
    const details: Details = {
      ...(pingIntervalMs !== undefined && { pingIntervalMs }),
      ...(pingTimeoutMs !== undefined && { pingTimeoutMs }),
      afterwards: closing?.reconnected ? 'reconnected' : closing && facts.connecting ? 'failed' : 'unknown',
    };
    if (closing && facts.client.protocol === 4 && ended.reason === 'transport close' && isClosedUnheard(closing)) {
      // It would be a coincidence if the server had closed the connection for another reason at that very moment.
      if (standstillAt(facts, ended.at)) return undefined;
      return {
        certainty: 'suspected',
        likelihood,
        details,
        evidence: [
          evidence(
            `The server closed the connection pingTimeout (${pingTimeoutMs} ms) after its last heartbeat, as it does when no reply arrives.`,
            ended,
          ),
        ],
      };
    }
    if (ended.reason !== 'ping timeout' || endlessHandshake(facts.all, ended.attempt)) return undefined;
    // If the handshake does not announce the heartbeat, the client does not wait for one.
    if (facts.all('handshake').some(({ incomplete }) => incomplete)) return undefined;
    if (!closing) {
      // Over WebSocket, this is how an Engine.IO 4 client leaves an Engine.IO 3 server, whose handshake it could not have read over
      // polling. Over polling, a poll was left unanswered, either by the server or by something that holds responses back.
      if (ended.transport !== 'polling') return undefined;
      return {
        certainty: 'suspected',
        likelihood,
        details,
        evidence: [
          evidence('The session began, and nothing arrived in it until the time for a heartbeat had passed.', ended),
        ],
      };
    }
    const window = (pingIntervalMs ?? 25_000) + (pingTimeoutMs ?? 20_000);
    // The page or process itself was asleep: then it is the one that missed the heartbeat.
    if (standstillAt(facts, ended.at)) return undefined;
    // A late heartbeat is not a lost one: if little time is allowed or a lot of data was in flight, only what follows tells them apart. How
    // much time is allowed is unknown if the SDK was attached after the handshake of a minified client.
    const isTight = pingTimeoutMs === undefined || isTightBeat(closing);
    // If the client stood still for longer than the server waits, the server may have given up on it unnoticed.
    const hasSlept = standstills(facts).some(
      ({ from, until }) => from <= ended.at && until >= ended.at - window && until - from >= (pingTimeoutMs ?? 20_000),
    );
    const isOpen = hasSlept || isNoTime || (details.afterwards !== 'failed' && (isTight || isLargeUnsent(closing)));
    return {
      certainty: isOpen ? 'suspected' : 'confirmed',
      likelihood,
      asClass: true,
      details,
      evidence: [
        evidence(
          pingIntervalMs === undefined
            ? 'No heartbeat arrived in time.'
            : `No heartbeat arrived within pingInterval + pingTimeout (${window} ms).`,
          ended,
        ),
        ...(closing.reconnected ? [evidence('A new connection worked.', closing.reconnected)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    "The connection was open and the page was awake, but no heartbeat from the server arrived in time: the server was blocked or stopped, or the network path in between died silently. If the path died in the other direction only, the server misses the client's reply and closes the connection.",
  remedy: ({ afterwards }) =>
    afterwards === 'reconnected'
      ? 'The server responds again. Look for work that blocked its event loop at that time (synchronous code, huge JSON, garbage collection; in Python, a blocking call such as `time.sleep` in an async handler or without `monkey_patch()`), and for a NAT or mobile network that drops silent connections.'
      : 'The server no longer responds. Check its process and the network path.',
  snippet: () => 'const io = new Server(httpServer, { pingInterval: 25_000, pingTimeout: 20_000 });',
  see: [
    {
      title: 'The socket gets disconnected',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
    },
    { title: 'Server option pingTimeout', url: 'https://socket.io/docs/v4/server-options/#pingtimeout' },
  ],
};
