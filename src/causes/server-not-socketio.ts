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

/** Statuses with causes of their own: authorization, redirects, limits, gateways and server errors; 403 may also mean an unknown path. */
function hasOtherMeaning(status: number): boolean {
  return isRedirect(status) || status === 401 || status === 407 || status === 413 || status === 429 || status >= 500;
}

export const rule: Rule<'server-not-socketio', Details> = {
  code: 'server-not-socketio',
  title: 'The server at this address is not a Socket.IO server',
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
    // Development servers and frameworks leave unknown upgrades unanswered (Vite 7 does): then HTTP tells.
    if (failure.timedOut && failure.transport !== 'websocket') return undefined;
    const websocket = facts.probe('websocket-handshake');
    const opened = websocket?.websocket?.result;
    if (opened === 'other' || opened === 'threw') return undefined;
    // An Engine.IO server is attached to this origin under another path, or the response only points elsewhere. If WebSocket works at this
    // path, that server is the one that leaves its trace, and only HTTP is answered by another.
    const isElsewhere = fingerprint(facts) === 'yes' && opened !== 'engineio';
    if (facts.probe('other-path')?.answer === 'yes' || isElsewhere) return undefined;
    // A server that sends a page to a question that follows no redirects has responded, wherever it sends an upgrade.
    const asked = facts.probe('http-handshake')?.http?.result;
    const answer = httpAnswer(facts);
    const isRedirected = asked === 'redirected' || (asked !== 'answered' && isRedirect(websocket?.websocket?.status));
    // But maybe only questions are redirected, because they do not send what the client sends.
    const isLetIn = asked === 'redirected' && answer !== undefined && sendsOwn(facts);
    if (isRedirected && !isLetIn) return undefined;
    if (facts.probe('swapped-scheme')?.answer === 'yes') return undefined;
    if (!answer && failure.timedOut) {
      const asked = facts.probe('http-handshake');
      const reached = facts.probe('http-reachable');
      // Across origins, there may be a response that is hidden.
      const isHidden = isPage(facts) && !facts.target.sameOrigin && reached?.answer === 'yes';
      if (asked && !isHidden) return undefined;
      return {
        certainty: 'suspected',
        likelihood: 'possible',
        details: {},
        evidence: [evidence('A WebSocket was left unanswered, and the response over HTTP is unknown.', failure.signal)],
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
        evidence: [evidence('There may be a response over HTTP; the browser hides it.', hidden)],
      };
    }
    const { status, body } = answer;
    if (isEngineBody(body) && !isAnybodysRefusal(facts, answer)) return undefined;
    // A gateway in front of some server.
    if (body?.is === 'certificate-wanted') return undefined;
    // A WebSocket-only server rejects other requests.
    if (opened === 'silent' && status !== 200) return undefined;
    if (status !== undefined && hasOtherMeaning(status)) return undefined;
    // Engine.IO rejects with 400 as well: without the body (clients before 4.5, WebSocket) that says too little.
    if (status === 400 && body === undefined) return undefined;
    // If WebSocket works at this path, only a response for an unknown path indicates another server.
    if (opened === 'engineio' && status !== 200 && status !== 404 && status !== 405) return undefined;
    const isReadable = body?.is !== 'compressed' && body?.is !== 'incomplete';
    return {
      // Never certain: a proxy responds in the same way for paths that it does not forward, and no question finds a path that nobody
      // guesses (measured with proxies that send no Server header and with servers that serve no upgrade).
      certainty: 'suspected',
      // A server that opens a WebSocket and says nothing is more likely a WebSocket-only server, or a proxy that opens them all.
      likelihood: opened === 'engineio' || opened === 'silent' || status === 403 || !isReadable ? 'possible' : 'likely',
      details: { ...(status !== undefined && { status }), ...(body && { body: body.is }) },
      evidence: [
        evidence(
          `The response was ${[status, body?.is].filter(Boolean).join(' ')}, not a Socket.IO handshake.`,
          answer.signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    "An HTTP server responds at this address, but not with a Socket.IO handshake: a web server, an API, a single-page app that serves its index page for every path, or the network's login page.",
  remedy: ({ status }) =>
    status === 404
      ? 'Check the host and port in the URL: they point to another server, or to a platform or tunnel that has no such app (Heroku, Railway, Render and ngrok send 404 if the app is not running or has another name). With Express, attach Socket.IO to the HTTP server and call `httpServer.listen()`; `app.listen()` creates a second HTTP server that Socket.IO does not know about. With NestJS, pass the app to the adapter (`new IoAdapter(app)`), and check which port the gateway specifies. A Python app that is mounted under a path (`app.mount("/ws", …)` in FastAPI) responds under that path: `path: "/ws/socket.io"` in the client. Behind a reverse proxy, forward `/socket.io/` to the Socket.IO server.'
      : 'Check the host and port in the URL. If the address belongs to a web server or development server in front of the Socket.IO server, forward `/socket.io/` from there, before the rule that handles everything else. A tunnel may show browsers a warning page of its own: ngrok skips it for requests with the header `ngrok-skip-browser-warning` (`extraHeaders`), localtunnel once its URL was opened in the browser.',
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
