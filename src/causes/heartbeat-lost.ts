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
      // That the server closed for a reason of its own just then would be chance.
      if (standstillAt(facts, ended.at)) return undefined;
      return {
        certainty: 'suspected',
        likelihood,
        details,
        evidence: [
          evidence(
            `The server closed the connection pingTimeout (${pingTimeoutMs} ms) after its last heartbeat, as it does where no answer comes.`,
            ended,
          ),
        ],
      };
    }
    if (ended.reason !== 'ping timeout' || endlessHandshake(facts.all, ended.attempt)) return undefined;
    // A handshake that does not say how the server beats leaves a client that does not wait.
    if (facts.all('handshake').some(({ incomplete }) => incomplete)) return undefined;
    if (!closing) {
      // Over WebSocket this is how an Engine.IO 4 client leaves an Engine.IO 3 server, whose handshake it could not have read over polling: there
      // a poll stayed without an answer, be it of the server or of what holds answers back.
      if (ended.transport !== 'polling') return undefined;
      return {
        certainty: 'suspected',
        likelihood,
        details,
        evidence: [
          evidence('The session began, and nothing came in it until the time for a heartbeat was over.', ended),
        ],
      };
    }
    const window = (pingIntervalMs ?? 25_000) + (pingTimeoutMs ?? 20_000);
    // The page or process itself slept: then it is the one that missed the heartbeat.
    const slept = standstills(facts).some(({ from, until }) => until >= ended.at - window && from <= ended.at + 5_000);
    if (slept) return undefined;
    // A late heartbeat is not a lost one: only what follows tells them apart where hardly any time is allowed or much was on its way.
    // How much is allowed stays unknown where the SDK came after the handshake of a minified client.
    const isTight = pingTimeoutMs === undefined || isTightBeat(closing);
    const isOpen = isNoTime || (details.afterwards !== 'failed' && (isTight || isLargeUnsent(closing)));
    return {
      certainty: isOpen ? 'suspected' : 'confirmed',
      likelihood,
      asClass: true,
      details,
      evidence: [
        evidence(
          pingIntervalMs === undefined
            ? 'No heartbeat came in time.'
            : `No heartbeat came within pingInterval + pingTimeout (${window} ms).`,
          ended,
        ),
        ...(closing.reconnected ? [evidence('A new connection worked.', closing.reconnected)] : []),
      ],
    };
  },
};

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
