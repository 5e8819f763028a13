import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  readonly clientVersion: string;
}

export const rule: Rule<'version-client-too-new', Details> = {
  code: 'version-client-too-new',
  title: 'The client version is too new for the server',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'common',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-client-is-not-compatible-with-the-version-of-the-server',
  needs: ['websocket-handshake', 'http-handshake'],
  yieldsTo: [],
  match(facts) {
    if (facts.client.protocol !== 4) return undefined;
    const details = { clientVersion: facts.client.version };
    // Over WebSocket, the engine opens, and the socket recognizes the CONNECT packet of the older protocol.
    const told = facts.during('connect-error').find((signal) => signal.error.message === 'v2 server');
    if (told) {
      return {
        certainty: 'confirmed',
        details,
        evidence: [evidence('The client library recognized a Socket.IO 1.x or 2.x server.', told)],
      };
    }
    const failure = facts.connecting;
    if (!failure) return undefined;
    const answer = httpAnswer(facts);
    const body = answer?.body;
    if (answer && body?.is === 'engineio-open' && body.protocol < 4) {
      const websocket = facts.probe('websocket-handshake');
      return {
        certainty: isAlone(facts, websocket) ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        ask: ['websocket-handshake'],
        details,
        evidence: [evidence('The server responded with an Engine.IO 3 handshake.', answer.signal)],
      };
    }
    // With a query in the path, the client's own comes too late: the version in it is not read.
    if (answer && body?.is === 'engineio-error' && body.code === 5 && !facts.options.pathHolds) {
      return {
        // The JavaScript server has this code since 3.x, which speaks this client's protocol: the version did not reach it.
        certainty: body.ownWords ? 'suspected' : 'confirmed',
        details,
        evidence: [
          evidence("The server responded that it does not support the client's protocol version.", answer.signal),
        ],
      };
    }
    // Servers in other languages say no more than "Bad Request" to a protocol that they do not speak; the JavaScript server has a code for
    // it since 3.x, and before that it did not check.
    const isPlain = body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3 && !body.ownWords);
    if (answer?.status === 400 && isPlain && !failure.handshake) {
      return {
        certainty: 'suspected',
        details,
        evidence: [evidence('The handshake was rejected with 400 and no reason.', answer.signal)],
      };
    }
    // The response could not be parsed, and neither the client nor a question of ours could read what it was.
    if (failure.error.message !== 'server error' || body !== undefined || facts.probe('http-handshake'))
      return undefined;
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details,
      evidence: [evidence('The response could not be parsed as Engine.IO 4.', failure.signal)],
    };
  },
};

/**
 * Whether no newer server answers upgrades next to the one that answered: a package that brings its own, older Socket.IO server to the same
 * HTTP server takes all its requests (express-status-monitor 1.3.4 with socket.io 2.5), and both answer a WebSocket.
 */
function isAlone({ runtime }: Facts, probe: SignalOf<'probe'> | undefined): boolean {
  const { result, closeCode } = probe?.websocket ?? {};
  if (!probe || probe.answer === 'unknown' || result === 'closed') return false;
  if (result === 'engineio') return closeCode !== 1006;
  // To a page, what two handlers write at once may look like any rejection.
  return runtime.kind === 'node' || result !== 'rejected';
}

export const text: Text<Details> = {
  summary:
    'The client speaks Engine.IO 4 (socket.io-client 3 or 4), but the server speaks Engine.IO 3 (Socket.IO 1 or 2, or a framework that includes an old version: netty-socketio before 2, Flask-SocketIO 4, NestJS 7, laravel-echo-server). Such a client can never connect; with WebSocket only, it looks like a connection that drops after the first ping timeout.',
  remedy: () =>
    'Install socket.io-client 2.x to match this server, or update the server (and the framework around it) to Socket.IO 4. Look for a client bundle of another version on a CDN or in a lock file. If your own server is newer, a package has added an older one to the same HTTP server (express-status-monitor does, unless you pass it `{ websocket: io }`).',
  snippet: () => 'npm install socket.io-client@2',
  see: [
    {
      title: 'The client is not compatible with the version of the server',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-client-is-not-compatible-with-the-version-of-the-server',
    },
    { title: 'Migrating from 2.x to 3.0', url: 'https://socket.io/docs/v4/migrating-from-2-x-to-3-0/' },
  ],
};
