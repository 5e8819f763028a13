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
  title: 'The client is newer than the server understands',
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
    // Over WebSocket the engine opens, and the socket recognises the CONNECT packet of the older protocol.
    const told = facts.during('connect-error').find((signal) => signal.error.message === 'v2 server');
    if (told) {
      return {
        certainty: 'confirmed',
        details,
        evidence: [evidence('The client library recognised a Socket.IO 1.x or 2.x server.', told)],
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
        evidence: [evidence('The server answered with a handshake of Engine.IO 3.', answer.signal)],
      };
    }
    // With a query in its path the client's own comes too late: the version that it tells is not read.
    if (answer && body?.is === 'engineio-error' && body.code === 5 && !facts.options.pathHolds) {
      return {
        // The JavaScript server has this code from 3.x on, which speaks the protocol of this client: it was not told of it.
        certainty: body.ownWords ? 'suspected' : 'confirmed',
        details,
        evidence: [
          evidence("The server answered that it does not support the client's protocol version.", answer.signal),
        ],
      };
    }
    // Servers in other languages say no more than "Bad Request" to a protocol that they do not speak; the JavaScript server has a code for it
    // from 3.x on, and before that it never looked.
    const isPlain = body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3 && !body.ownWords);
    if (answer?.status === 400 && isPlain && !failure.handshake) {
      return {
        certainty: 'suspected',
        details,
        evidence: [evidence('The handshake was answered with 400 and no reason.', answer.signal)],
      };
    }
    // The answer could not be parsed, and neither the client nor a question of ours could read what it was.
    if (failure.error.message !== 'server error' || body !== undefined || facts.probe('http-handshake'))
      return undefined;
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details,
      evidence: [evidence('The answer was not one that Engine.IO 4 can parse.', failure.signal)],
    };
  },
};

/**
 * Whether no newer server answers upgrades beside the one that answered: a package that brings an older Socket.IO server of its own onto
 * the same HTTP server takes all its requests (express-status-monitor 1.3.4 with socket.io 2.5), and both answer a WebSocket.
 */
function isAlone({ runtime }: Facts, probe: SignalOf<'probe'> | undefined): boolean {
  const { result, closeCode } = probe?.websocket ?? {};
  if (!probe || probe.answer === 'unknown' || result === 'closed') return false;
  if (result === 'engineio') return closeCode !== 1006;
  // To a page what two handlers write at once may be a refusal like any.
  return runtime.kind === 'node' || result !== 'rejected';
}

export const text: Text<Details> = {
  summary:
    'The client speaks Engine.IO 4 (socket.io-client 3 or 4), and the server speaks Engine.IO 3 (Socket.IO 1 or 2, or a framework that carries an old one: netty-socketio before 2, Flask-SocketIO 4, NestJS 7, laravel-echo-server). Such a client can never connect; over WebSocket alone it looks like a connection that drops after the first ping timeout.',
  remedy: () =>
    'Install socket.io-client 2.x to match this server, or update the server (and the framework around it) to Socket.IO 4. Look for a client bundle with another version on a CDN or in a lock file. If your own server is newer, a package has brought an older one onto the same HTTP server (express-status-monitor does, unless it is given `{ websocket: io }`).',
  snippet: () => 'npm install socket.io-client@2',
  see: [
    {
      title: 'The client is not compatible with the version of the server',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-client-is-not-compatible-with-the-version-of-the-server',
    },
    { title: 'Migrating from 2.x to 3.0', url: 'https://socket.io/docs/v4/migrating-from-2-x-to-3-0/' },
  ],
};
