import { evidence } from '../diagnosis/evidence.js';
import { fingerprint } from '../diagnosis/fingerprint.js';
import { hiddenAnswer } from '../diagnosis/hidden-answer.js';
import { httpAnswer, isAnybodysRefusal, isEngineBody } from '../diagnosis/http-answer.js';
import { isPage } from '../diagnosis/is-page.js';
import { isRedirect } from '../diagnosis/is-redirect.js';
import type { Rule } from '../diagnosis/rule.js';
import { sendsOwn } from '../diagnosis/sends-own.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly status?: number;
  readonly body?: string;
}

/** Statuses with causes of their own: authorisation, redirects, limits, gateways and server errors; 403 may also mean an unknown path. */
function hasOtherMeaning(status: number): boolean {
  return isRedirect(status) || status === 401 || status === 407 || status === 413 || status === 429 || status >= 500;
}

export const rule: Rule<'server-not-socketio', Details> = {
  code: 'server-not-socketio',
  title: 'The server that answers is not a Socket.IO server',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'other-path', 'unused-path'],
  yieldsTo: ['url-malformed', 'network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || failure.systemError) return undefined;
    // Development servers and frameworks leave upgrades that they do not know without an answer (Vite 7 does): then HTTP tells.
    if (failure.timedOut && failure.transport !== 'websocket') return undefined;
    const websocket = facts.probe('websocket-handshake');
    const opened = websocket?.websocket?.result;
    if (opened === 'other' || opened === 'threw') return undefined;
    // An Engine.IO server is attached to this origin under another path, or the answer only points elsewhere.
    // Where WebSocket works under this one, that server is the one that leaves its trace, and HTTP alone is answered by another.
    const isElsewhere = fingerprint(facts) === 'yes' && opened !== 'engineio';
    if (facts.probe('other-path')?.answer === 'yes' || isElsewhere) return undefined;
    // Whoever gives a page to a question that follows no redirects has answered, wherever an upgrade is sent.
    const asked = facts.probe('http-handshake')?.http?.result;
    const answer = httpAnswer(facts);
    const isRedirected = asked === 'redirected' || (asked !== 'answered' && isRedirect(websocket?.websocket?.status));
    // But only questions may be redirected, which do not send what the client sends.
    const isLetIn = asked === 'redirected' && answer !== undefined && sendsOwn(facts);
    if (isRedirected && !isLetIn) return undefined;
    if (facts.probe('swapped-scheme')?.answer === 'yes') return undefined;
    if (!answer && failure.timedOut) {
      const asked = facts.probe('http-handshake');
      const reached = facts.probe('http-reachable');
      // Across origins the answer may be there and hidden.
      const isHidden = isPage(facts) && !facts.target.sameOrigin && reached?.answer === 'yes';
      if (asked && !isHidden) return undefined;
      return {
        certainty: 'suspected',
        likelihood: 'possible',
        details: {},
        evidence: [
          evidence('A WebSocket was left without an answer, and what HTTP says is not known.', failure.signal),
        ],
      };
    }
    if (!answer) {
      const silent = opened === 'silent' && failure.blind ? facts.probe('http-reachable') : undefined;
      const hidden = silent?.answer === 'yes' ? silent : hiddenAnswer(facts);
      if (!hidden) return undefined;
      const isLikely = facts.probe('http-reachable')?.answer === 'yes' && websocket?.answer === 'no';
      return {
        certainty: 'suspected',
        likelihood: isLikely ? 'likely' : 'possible',
        details: {},
        evidence: [evidence('Something may answer over HTTP; the browser hides what.', hidden)],
      };
    }
    const { status, body } = answer;
    if (isEngineBody(body) && !isAnybodysRefusal(facts, answer)) return undefined;
    // A gateway in front of whatever server it is.
    if (body?.is === 'certificate-wanted') return undefined;
    // A server of WebSockets alone refuses other requests.
    if (opened === 'silent' && status !== 200) return undefined;
    if (status !== undefined && hasOtherMeaning(status)) return undefined;
    // Engine.IO refuses with 400 as well: without the body (clients before 4.5, WebSocket) it says too little.
    if (status === 400 && body === undefined) return undefined;
    // Only words for an unknown path speak of another server where WebSocket works at this one.
    if (opened === 'engineio' && status !== 200 && status !== 404 && status !== 405) return undefined;
    const isReadable = body?.is !== 'compressed' && body?.is !== 'incomplete';
    return {
      // Never certain: a proxy answers in the same words for paths that it does not forward, and no question finds a path that
      // nobody guesses (measured with proxies that send no Server header and with servers that serve no upgrade).
      certainty: 'suspected',
      // What opens a WebSocket and says nothing is rather a server of WebSockets alone, or a proxy that opens them all.
      likelihood: opened === 'engineio' || opened === 'silent' || status === 403 || !isReadable ? 'possible' : 'likely',
      details: { ...(status !== undefined && { status }), ...(body && { body: body.is }) },
      evidence: [
        evidence(
          `The answer was ${[status, body?.is].filter(Boolean).join(' ')}, not a Socket.IO handshake.`,
          answer.signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'An HTTP server answers at this address, but not with a Socket.IO handshake: a web server, an API, a single-page app that answers every path with its index page, or a login page of the network.',
  remedy: ({ status }) =>
    status === 404
      ? 'Check the host and port in the URL: they lead to another server, or to a platform or tunnel that has no such app (Heroku, Railway, Render and ngrok answer so where it does not run or has another name). With Express, attach Socket.IO to the HTTP server and call `httpServer.listen()`; `app.listen()` creates a second HTTP server that Socket.IO does not know. With NestJS, give the adapter the app (`new IoAdapter(app)`), and look at which port the gateway names. A Python app that is mounted under a path (`app.mount("/ws", …)` in FastAPI) answers under that path: `path: "/ws/socket.io"` in the client. Behind a reverse proxy, forward `/socket.io/` to the Socket.IO server.'
      : 'Check the host and port in the URL. If the address is that of a web server or a development server in front, forward `/socket.io/` from it to the Socket.IO server before the rule that answers everything else. A tunnel may answer browsers with a warning page of its own: ngrok leaves it out for requests with the header `ngrok-skip-browser-warning` (`extraHeaders`), localtunnel once its address was opened in the browser.',
  snippet: () =>
    'const httpServer = createServer(app);\nconst io = new Server(httpServer);\nhttpServer.listen(3000); // not app.listen()',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    {
      title: 'Server initialization with Express',
      url: 'https://socket.io/docs/v4/server-initialization/#with-express',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
