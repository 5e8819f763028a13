import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { isRefusedAtOnce } from '../diagnosis/fingerprint.js';
import { hiddenAnswer, hiddenInSession } from '../diagnosis/hidden-answer.js';
import { FIRST_POST_MS, hiddenPosts } from '../diagnosis/hidden-posts.js';
import { isPage } from '../diagnosis/is-page.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import { pageOrigin } from '../diagnosis/page-origin.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { Signal } from '../signals/signal.js';

export interface Details {
  /** Scheme and host of the page, which the server must allow. */
  readonly pageOrigin: string;
}

export const rule: Rule<'cors-origin-not-allowed', Details> = {
  code: 'cors-origin-not-allowed',
  title: "The server does not allow the page's origin (CORS)",
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-does-not-send-the-necessary-cors-headers',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!isPage(facts) || facts.target.sameOrigin) return undefined;
    const posts = hiddenPosts(facts);
    if (posts) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        ask: ['session'],
        details: { pageOrigin: pageOrigin(facts) },
        evidence: [
          evidence('One session after another ended at its first POST, whose response could not be read.', posts),
        ],
      };
    }
    const inSession = hiddenInSession(facts) ?? hiddenFirstPost(facts);
    if (inSession && isSendError(facts.closing?.error?.message ?? failure?.error.message)) {
      return {
        certainty: 'suspected',
        ask: ['session'],
        details: { pageOrigin: pageOrigin(facts) },
        evidence: [evidence('The response to GET could be read, but the response to POST could not.', inSession)],
      };
    }
    if (!failure?.blind || failure.timedOut || failure.handshake || failure.transport !== 'polling') return undefined;
    const details = { pageOrigin: pageOrigin(facts) };
    const websocket = facts.probe('websocket-handshake');
    const reachable = facts.probe('http-reachable');
    const readable = facts.probe('http-handshake');
    const root = facts.probe('http-root');
    // Readable without credentials and headers: the origin is allowed. Nothing responds in any way, at any path: not a matter of CORS.
    if (readable?.http?.result === 'answered' || readable?.http?.result === 'redirected') return undefined;
    if (reachable?.answer === 'no' && websocket?.answer !== 'yes' && root?.answer !== 'yes') return undefined;
    if (websocket?.answer === 'yes' && reachable?.answer === 'yes' && readable?.http?.result === 'failed') {
      return {
        certainty: 'confirmed',
        // As a class: the polling response is hidden, so it may be a rejection that lacks the headers as well.
        asClass: true,
        details,
        evidence: [
          evidence('The same Socket.IO server responds over WebSocket, which is not subject to CORS.', websocket),
          evidence('It responds over HTTP, too.', reachable),
          evidence('The browser withholds that response from the page, even without credentials.', readable),
        ],
      };
    }
    // Without any response, there must be a Cross-Origin-Resource-Policy as well, which servers that set it set everywhere, or in an engine
    // middleware for its path.
    const isUnanswered = reachable?.answer === 'no' && root?.answer !== 'no';
    if (websocket && websocket.answer !== 'yes' && websocket.websocket?.result !== 'rejected') return undefined;
    const isRefused = reachable?.answer === 'yes' && isRefusedAtOnce(facts);
    return {
      certainty: 'suspected',
      likelihood: (websocket?.answer === 'yes' && !isUnanswered) || isRefused ? 'likely' : 'possible',
      details,
      evidence: [evidence('A request to another origin failed, and the browser does not say why.', failure.signal)],
    };
  },
};

/** If pages may not read the responses to POST, no session outlives its first one. */
function hiddenFirstPost(facts: Facts): Signal | undefined {
  const { closing } = facts;
  return closing && closing.signal.ageMs < FIRST_POST_MS ? hiddenAnswer(facts) : undefined;
}

export const text: Text<Details> = {
  summary:
    'The server is running and responds, but its responses do not allow pages from this origin to read them: the CORS headers are missing, name another origin, are sent twice (by the server and by a proxy), or are missing only from responses to POST or OPTIONS. Since Socket.IO 3, no origin is allowed by default.',
  remedy: ({ pageOrigin }) =>
    `Allow ${pageOrigin} in the \`cors\` option of the Socket.IO server. The CORS settings of the framework around it (the \`cors\` middleware in Express, \`enableCors()\` in NestJS, flask-cors) do not apply to Socket.IO: use \`@WebSocketGateway({ cors })\` in NestJS and \`cors_allowed_origins\` in Python. If the origin is already allowed, look at the actual response in the network panel: a proxy may strip or duplicate the header, and so may a CORS middleware around the Socket.IO server (with FastAPI, leave CORS to that middleware and set \`cors_allowed_origins=[]\`). The value must match scheme, host and port, without a trailing slash; inside a list, \`'*'\` has no special meaning. If the response is a page instead of a handshake, it comes from something in front of the server: a web server that forwards only upgrades, or a tunnel's warning page (ngrok skips it for requests with the header \`ngrok-skip-browser-warning\`).`,
  snippet: ({ pageOrigin }) => `const io = new Server(httpServer, { cors: { origin: '${pageOrigin}' } });`,
  see: [
    {
      title: 'The server does not send the necessary CORS headers',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-does-not-send-the-necessary-cors-headers',
    },
    { title: 'Handling CORS', url: 'https://socket.io/docs/v4/handling-cors/' },
  ],
};
