import { evidence } from '../diagnosis/evidence.js';
import { suspectHeaders, suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { failingAnswer, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** 401; 407 or 511 if the client's own network asks for it; absent if the browser hides it. */
  readonly status?: number;
}

/** 511 is for networks that require a login first, as in hotels (RFC 6585, section 6). */
const STATUSES = [401, 407, 511];

export const rule: Rule<'request-unauthorized', Details> = {
  code: 'request-unauthorized',
  title: 'The server or a gateway requires authentication',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline', 'tls-certificate-rejected'],
  match(facts) {
    const hidden = suspectHidden(facts, {}) ?? suspectHeaders(facts, {}) ?? suspectQuery(facts, {});
    if (hidden) return hidden;
    const alternating = oneOfSeveralAnswers(facts, (status) => STATUSES.includes(status));
    const answer = alternating ?? failingAnswer(facts);
    if (answer?.status === undefined || !STATUSES.includes(answer.status)) return undefined;
    const { status, signal } = answer;
    return {
      certainty: alternating || answer.isOfUpgrade || answer.isOfAnother ? 'suspected' : 'confirmed',
      ...(answer.ask && { ask: answer.ask }),
      likelihood: 'likely',
      details: { status },
      evidence: [evidence(`The request was rejected with ${status}.`, signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    "Socket.IO's HTTP requests are rejected with 401, 407 or 511: something in front of the Socket.IO server (an API gateway, the web server's basic authentication, a proxy, or the network's login page) requires credentials that the client does not send. A Socket.IO middleware rejects clients in a different way.",
  remedy: ({ status }) =>
    status === 407
      ? "A proxy on the client's network requires authentication. The user or the administrator of that network must allow the requests."
      : status === 511
        ? "The client's network requires a login first: open any page in a browser there, and log in. Localtunnel responds with this status, too: open its URL in the browser once, or send the header `bypass-tunnel-reminder` (`extraHeaders`)."
        : 'Exempt the Socket.IO path from the check, or send what it requires: cookies with `withCredentials: true`, or a header with `extraHeaders` (HTTP long-polling only; browsers do not send custom headers with a WebSocket).',
  snippet: () => "io(url, { extraHeaders: { authorization: 'Bearer …' } }); // polling only",
  see: [
    { title: 'Client option extraHeaders', url: 'https://socket.io/docs/v4/client-options/#extraheaders' },
    { title: 'Sending credentials', url: 'https://socket.io/docs/v4/middlewares/#sending-credentials' },
  ],
};
