import { evidence } from '../diagnosis/evidence.js';
import { isRefusedAtOnce } from '../diagnosis/fingerprint.js';
import { suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { failingAnswer } from '../diagnosis/http-answer.js';
import { isPage } from '../diagnosis/is-page.js';
import { isRefusedByMiddleware } from '../diagnosis/is-refused-by-middleware.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** `origin`: the server checks the origin of the page itself. `forbidden`: `allowRequest` or an engine middleware said no. */
  readonly reason: 'origin' | 'forbidden';
}

export const rule: Rule<'server-refused-request', Details> = {
  code: 'server-refused-request',
  title: 'The server refused the request before the handshake',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-is-not-able-to-connect',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'unknown-transport'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const hidden =
      suspectHidden<Details>(facts, { reason: 'forbidden' }) ?? suspectQuery<Details>(facts, { reason: 'forbidden' });
    // Where one answer is hidden so is the other: the rest of the round is for other questions.
    if (hidden) {
      return {
        ...hidden,
        // It cuts other paths after its second, and this one at once: the path is its own, and it says no.
        ...(isRefusedAtOnce(facts) && { likelihood: 'likely' as const }),
        ask: ['websocket-handshake', 'http-reachable', 'http-handshake'],
      };
    }
    // The server may check the origin of WebSockets, which a page of its own origin only sends with these.
    const websocket = facts.probe('websocket-handshake');
    const isOpen = facts.probe('http-handshake')?.answer === 'yes';
    if (isPage(facts) && isOpen && websocket?.websocket?.result === 'rejected') {
      return {
        certainty: 'suspected',
        details: { reason: 'origin' },
        evidence: [evidence('A WebSocket was refused where HTTP is served.', websocket)],
      };
    }
    const answer = failingAnswer(facts);
    if (!answer) return undefined;
    // A refused upgrade has no body that could be read, and clients before 4.5 show none: HTTP has to be asked, by a session of the SDK where
    // it was a request of one.
    const isOfSession = facts.connecting?.handshake !== undefined;
    const asked = facts.probe(isOfSession ? 'session' : 'http-handshake');
    const body = answer.body ?? (isOfSession && answer.status === 400 ? asked?.http?.body : undefined);
    const isUnread = facts.connecting !== undefined && body === undefined && !asked;
    if ((answer.isOfUpgrade || isUnread) && (answer.status === 400 || answer.status === 403)) {
      return {
        certainty: 'suspected',
        ...(isOfSession && { likelihood: 'possible' as const, ask: ['session'] }),
        details: { reason: 'forbidden' },
        evidence: [evidence(`The request was refused with ${answer.status}.`, answer.signal)],
      };
    }
    // Servers in other languages say no more than "Bad Request" to an origin or a transport that they do not take.
    const isPlain =
      answer.status === 400 && (body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3));
    const isMiddleware = isRefusedByMiddleware(body);
    if (isPlain && (isMiddleware || !isOfSession)) {
      return {
        certainty: 'suspected',
        ...(isMiddleware && { likelihood: 'likely' as const }),
        details: { reason: isMiddleware || facts.runtime.kind === 'node' ? 'forbidden' : 'origin' },
        evidence: [evidence('The request was answered with 400 and no reason.', answer.signal)],
      };
    }
    if (body?.is !== 'engineio-error' || body.code !== 4) return undefined;
    const refused = evidence(
      body.origin ? 'The server answered that it does not accept the origin.' : 'The answer was code 4, forbidden.',
      answer.signal,
    );
    if (body.origin) return { certainty: 'confirmed', details: { reason: 'origin' }, evidence: [refused] };
    // Any API may answer with a code 4 of its own.
    const known = facts.probe('unknown-transport');
    return {
      certainty: known?.answer === 'yes' && !answer.isBare ? 'confirmed' : 'suspected',
      likelihood: known?.answer === 'no' ? 'possible' : 'likely',
      details: { reason: 'forbidden' },
      evidence: [
        refused,
        ...(known?.answer === 'yes'
          ? [evidence('Asked for a transport that does not exist, it answered in the words of Engine.IO.', known)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The Socket.IO server itself refused the HTTP request: its `allowRequest` function, an engine middleware or its check of the origin said no. Unlike a refusal by `io.use()`, the client keeps trying.',
  remedy: ({ reason }) =>
    reason === 'origin'
      ? 'Add the origin of the page to the allowed origins of the server (`cors_allowed_origins` in python-socketio). If page and server are of one origin, a reverse proxy hides that from the server: let it pass on the host with its port and the scheme (`Host $http_host` and `X-Forwarded-Proto $scheme` in nginx).'
      : 'Look at `allowRequest` and at the middlewares registered with `io.engine.use()`: which check refuses this client? In Socket.IO 1.x and 2.x the option `origins` is such a check, and so is `cors_allowed_origins` in python-socketio. To refuse users with a reason, use `io.use()` instead.',
  snippet: () =>
    "io.use((socket, next) => (isAllowed(socket) ? next() : next(new Error('not allowed')))); // with a reason",
  see: [
    { title: 'Server option allowRequest', url: 'https://socket.io/docs/v4/server-options/#allowrequest' },
    {
      title: 'The socket is not able to connect',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#problem-the-socket-is-not-able-to-connect',
    },
  ],
};
