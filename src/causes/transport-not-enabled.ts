import { evidence } from '../diagnosis/evidence.js';
import { hiddenAnswer } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly transport: string;
  /** The server was seen to serve neither: maybe it is not told which one is requested. */
  readonly none?: true;
}

export const rule: Rule<'transport-not-enabled', Details> = {
  code: 'transport-not-enabled',
  title: 'The client starts with a transport that the server does not enable',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/server-options/#transports',
  needs: ['websocket-handshake', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake) return undefined;
    const answer = failingAnswer(facts);
    const body = answer?.body;
    const { transport } = failure;
    const websocket = facts.probe('websocket-handshake');
    if (answer && body?.is === 'engineio-error' && body.code === 0) {
      // A server that serves neither was not told which one was requested: a proxy dropped the query string, and with it the transport.
      const isServed = transport === 'polling' && websocket?.answer === 'yes';
      return {
        certainty: isServed ? 'confirmed' : 'suspected',
        likelihood: transport === 'polling' ? 'likely' : 'possible',
        details: {
          transport,
          ...((transport === 'websocket' || websocket?.answer === 'no') && { none: true as const }),
        },
        evidence: [
          evidence('Engine.IO responded with its code 0, transport unknown.', answer.signal),
          ...(isServed && websocket ? [evidence('It opened a session over WebSocket.', websocket)] : []),
        ],
      };
    }
    const hidden = hiddenAnswer(facts);
    if (hidden && transport === 'polling' && (!websocket || websocket.answer === 'yes')) {
      return {
        certainty: 'suspected',
        details: { transport },
        evidence: [evidence('The response to polling is hidden from the page.', hidden)],
      };
    }
    // It may hang up on anything that is not a WebSocket, or leave it unanswered; a page sees that by a request not subject to CORS.
    const isRefused = answer
      ? !isEngineBody(body) && isRefusalOfPolling(answer.status)
      : failure.cut || failure.timedOut || facts.probe('http-reachable')?.answer === 'no';
    if (transport === 'polling' && (!websocket || websocket.answer === 'yes') && isRefused) {
      return {
        certainty: 'suspected',
        details: { transport },
        evidence: [
          answer
            ? evidence(`Polling was answered with ${answer.status}, but not by Engine.IO.`, answer.signal)
            : evidence('Polling was not answered.', failure.signal),
          ...(websocket ? [evidence('It opened a session over WebSocket.', websocket)] : []),
        ],
      };
    }
    const isUnasked = !facts.probe('http-handshake') && !failure.systemError && !failure.timedOut;
    if (transport === 'websocket' && isUnasked && websocket?.answer !== 'yes') {
      return {
        certainty: 'suspected',
        details: { transport },
        evidence: [evidence('A client that starts with WebSocket could not connect.', failure.signal)],
      };
    }
    if (!answer || transport !== 'websocket' || body?.is !== 'engineio-open' || !body.pollingOnly) return undefined;
    return {
      certainty: websocket?.answer === 'no' ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { transport },
      evidence: [
        evidence('The same server responds over HTTP and does not offer WebSocket.', answer.signal),
        ...(websocket ? [evidence('A WebSocket to it did not get through.', websocket)] : []),
      ],
    };
  },
};

/** How WebSocket-only servers respond to other requests. */
function isRefusalOfPolling(status: number | undefined): boolean {
  return status === 400 || status === 404 || status === 405 || status === 426 || status === 501;
}

export const text: Text<Details> = {
  summary:
    "The server's `transports` option does not include the transport that this client starts with. A client that starts with HTTP long-polling cannot connect to a server that only supports WebSocket, and vice versa. If the server seems to support neither, something in front of it drops the query string, which names the transport.",
  remedy: ({ transport, none }) =>
    none
      ? `Make sure that everything in front of the server forwards the query string, which names the transport: in CloudFront, an origin request policy that forwards all query strings; in nginx, a \`proxy_pass\` without \`$uri\`. If the query string does arrive, add "${transport}" to \`transports\` on the server.`
      : `Add "${transport}" to \`transports\` on the server, or let the client start with a transport that the server supports.`,
  snippet: ({ transport, none }) =>
    none
      ? 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # path and query unchanged'
      : transport === 'polling'
        ? "io(url, { transports: ['websocket'] });"
        : "io(url, { transports: ['polling', 'websocket'] });",
  see: [
    { title: 'Server option transports', url: 'https://socket.io/docs/v4/server-options/#transports' },
    { title: 'Client option transports', url: 'https://socket.io/docs/v4/client-options/#transports' },
  ],
};
