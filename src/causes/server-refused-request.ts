import { evidence } from '../diagnosis/evidence.js';
import { isRefusedAtOnce } from '../diagnosis/fingerprint.js';
import { suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { failingAnswer } from '../diagnosis/http-answer.js';
import { isPage } from '../diagnosis/is-page.js';
import { isRefusedByMiddleware } from '../diagnosis/is-refused-by-middleware.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** `origin`: the server itself checks the page's origin. `forbidden`: `allowRequest` or an engine middleware rejected the request. */
  readonly reason: 'origin' | 'forbidden';
}

export const rule: Rule<'server-refused-request', Details> = {
  code: 'server-refused-request',
  title: 'The server rejected the request before the handshake',
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
    // If one response is hidden, so is the other: the rest of the round is for other questions.
    if (hidden) {
      return {
        ...hidden,
        // It cuts other paths after one second, and this one at once: the path is its own, and it rejects the request.
        ...(isRefusedAtOnce(facts) && { likelihood: 'likely' as const }),
        ask: ['websocket-handshake', 'http-reachable', 'http-handshake'],
      };
    }
    // The server may check the origin of WebSockets, which a page on its own origin sends only with these.
    const websocket = facts.probe('websocket-handshake');
    const isOpen = facts.probe('http-handshake')?.answer === 'yes';
    if (isPage(facts) && isOpen && websocket?.websocket?.result === 'rejected') {
      return {
        certainty: 'suspected',
        details: { reason: 'origin' },
        evidence: [evidence('A WebSocket was rejected although HTTP works.', websocket)],
      };
    }
    const answer = failingAnswer(facts);
    if (!answer) return undefined;
    // A rejected upgrade has no body that could be read, and clients before 4.5 show none: HTTP has to be asked, with a session of the SDK
    // if it was a request of a session.
    const isOfSession = facts.connecting?.handshake !== undefined;
    const asked = facts.probe(isOfSession ? 'session' : 'http-handshake');
    const body = answer.body ?? (isOfSession && answer.status === 400 ? asked?.http?.body : undefined);
    const isUnread = facts.connecting !== undefined && body === undefined && !asked;
    if ((answer.isOfUpgrade || isUnread) && (answer.status === 400 || answer.status === 403)) {
      return {
        certainty: 'suspected',
        ...(isOfSession && { likelihood: 'possible' as const, ask: ['session'] }),
        details: { reason: 'forbidden' },
        evidence: [evidence(`The request was rejected with ${answer.status}.`, answer.signal)],
      };
    }
    // Servers in other languages say no more than "Bad Request" to an origin or a transport that they do not accept.
    const isPlain =
      answer.status === 400 && (body?.is === 'text' || (body?.is === 'engineio-error' && body.code === 3));
    const isMiddleware = isRefusedByMiddleware(body);
    if (isPlain && (isMiddleware || !isOfSession)) {
      return {
        certainty: 'suspected',
        ...(isMiddleware && { likelihood: 'likely' as const }),
        details: { reason: isMiddleware || facts.runtime.kind === 'node' ? 'forbidden' : 'origin' },
        evidence: [evidence('The request was rejected with 400 and no reason.', answer.signal)],
      };
    }
    if (body?.is !== 'engineio-error' || body.code !== 4) return undefined;
    const refused = evidence(
      body.origin ? 'The server responded that it does not accept the origin.' : 'The response was code 4, forbidden.',
      answer.signal,
    );
    if (body.origin) return { certainty: 'confirmed', details: { reason: 'origin' }, evidence: [refused] };
    // Any API may respond with a code 4 of its own.
    const known = facts.probe('unknown-transport');
    return {
      certainty: known?.answer === 'yes' && !answer.isOfAnother ? 'confirmed' : 'suspected',
      likelihood: known?.answer === 'no' ? 'possible' : 'likely',
      details: { reason: 'forbidden' },
      evidence: [
        refused,
        ...(known?.answer === 'yes'
          ? [evidence('Asked for a transport that does not exist, it responded exactly as Engine.IO does.', known)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The Socket.IO server itself rejected the HTTP request: by its `allowRequest` function, an engine middleware or its origin check. Unlike after a rejection by `io.use()`, the client keeps trying.',
  remedy: ({ reason }) =>
    reason === 'origin'
      ? "Add the page's origin to the server's allowed origins (`cors_allowed_origins` in python-socketio). If the page and the server share an origin, a reverse proxy hides that from the server: make it forward the host with its port, and the scheme (`Host $http_host` and `X-Forwarded-Proto $scheme` in nginx)."
      : 'Check `allowRequest` and the middlewares registered with `io.engine.use()`: which of them rejects this client? In Socket.IO 1.x and 2.x, the `origins` option is such a check, and so is `cors_allowed_origins` in python-socketio. To reject users with a reason, use `io.use()` instead.',
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
