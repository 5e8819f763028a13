import { evidence } from '../diagnosis/evidence.js';
import { DESTROYED_AFTER_MS } from '../diagnosis/fingerprint.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Version of the client, as far as it can be determined. */
  readonly clientVersion: string;
}

export const rule: Rule<'version-client-too-old', Details> = {
  code: 'version-client-too-old',
  title: 'The client version is too old for the server',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'common',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-client-is-not-compatible-with-the-version-of-the-server',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'websocket-other-protocol', 'http-other-protocol'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (facts.client.protocol !== 3 || !failure || failure.handshake) return undefined;
    if (failure.systemError) return undefined;
    const details = { clientVersion: facts.client.version };
    const answer = httpAnswer(facts);
    if (answer?.body?.is === 'engineio-error' && answer.body.code === 5) {
      return {
        certainty: 'confirmed',
        details,
        evidence: [evidence('The server responded "Unsupported protocol version".', answer.signal)],
      };
    }
    const own = facts.probe('websocket-handshake');
    const newer = facts.probe('websocket-other-protocol');
    const newerHttp = facts.probe('http-other-protocol');
    if (own?.answer === 'yes' || newerHttp?.answer === 'no' || answer?.body?.is === 'engineio-open') return undefined;
    if (newerHttp?.answer === 'yes') {
      const ownHttp = facts.probe('http-handshake');
      return {
        certainty: ownHttp?.answer === 'no' ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details,
        evidence: [
          evidence('The server responded to Engine.IO 4 over HTTP.', newerHttp),
          ...(ownHttp ? [evidence("It did not respond to the client's Engine.IO 3 in the same way.", ownHttp)] : []),
        ],
      };
    }
    if (newer?.answer === 'no') {
      // A server without WebSocket rejects it at once; a second is how long one takes to cut a path that is not its own.
      const mayLackWebSocket = newer.durationMs < DESTROYED_AFTER_MS && failure.blind;
      if (!mayLackWebSocket || facts.probe('http-reachable')?.answer === 'no') return undefined;
      return {
        certainty: 'suspected',
        ask: ['http-other-protocol'],
        details,
        evidence: [evidence('A client that speaks Engine.IO 3 could not connect.', failure.signal)],
      };
    }
    if (newer?.answer === 'yes') {
      // Asked once more: a temporary failure of the first question would look the same.
      const again = facts.probe('websocket-again');
      if (again?.answer === 'yes') return undefined;
      return {
        certainty: own?.answer === 'no' && again?.answer === 'no' ? 'confirmed' : 'suspected',
        ask: ['websocket-again'],
        likelihood: 'likely',
        details,
        evidence: [
          evidence('The server responded to Engine.IO 4.', newer),
          ...(own ? [evidence("It did not respond to the client's Engine.IO 3.", own)] : []),
        ],
      };
    }
    const isOpen = failure.blind || answer?.status === 400 || failure.error.code !== undefined;
    if (!isOpen || facts.probe('http-reachable')?.answer === 'no') return undefined;
    return {
      certainty: 'suspected',
      likelihood: answer?.status === 400 ? 'likely' : 'possible',
      details,
      evidence: [evidence('A client that speaks Engine.IO 3 could not connect.', failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The client (socket.io-client 1.x or 2.x, or an old Java or Swift client) speaks Engine.IO 3, but the server (Socket.IO 3 or 4) does not accept that protocol.',
  remedy: ({ clientVersion }) =>
    `Update the client (currently ${clientVersion}.x) to the server's major version. As long as there are still old clients, let a Socket.IO 3.1 or 4 server accept them with \`allowEIO3: true\`. For a Socket.IO 3 or 4 server, Java clients must be 2.x and Swift clients 16.x.`,
  snippet: () => 'const io = new Server(httpServer, { allowEIO3: true });',
  see: [
    {
      title: 'The client is not compatible with the version of the server',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-client-is-not-compatible-with-the-version-of-the-server',
    },
    { title: 'Server option allowEIO3', url: 'https://socket.io/docs/v4/server-options/#alloweio3' },
  ],
};
