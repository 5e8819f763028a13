import { evidence } from '../diagnosis/evidence.js';
import { suspectHeaders, suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { failingAnswer, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** 401; 407 or 511 when it is the client's own network that asks; absent where the browser hides it. */
  readonly status?: number;
}

/** 511 is for networks that want a login first, as hotels do (RFC 6585, section 6). */
const STATUSES = [401, 407, 511];

export const rule: Rule<'request-unauthorized', Details> = {
  code: 'request-unauthorized',
  title: 'The server or a gateway asks for authentication',
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
      certainty: alternating || answer.isOfUpgrade || answer.isBare ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      details: { status },
      evidence: [evidence(`The request was answered with ${status}.`, signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The HTTP requests of Socket.IO are refused with 401, 407 or 511: something in front of the Socket.IO server (an API gateway, basic authentication of the web server, a proxy or the login page of the network) asks for credentials that the client does not send. A middleware of Socket.IO itself answers differently.',
  remedy: ({ status }) =>
    status === 407
      ? 'The proxy of the network that the client is in asks for authentication. The user or the administrator of that network must let the requests pass.'
      : status === 511
        ? 'The network that the client is in asks for a login first: open any page in a browser there, and log in. Localtunnel says so, too: open its address in the browser once, or send the header `bypass-tunnel-reminder` (`extraHeaders`).'
        : 'Exempt the path of Socket.IO from the check, or send what it asks for: cookies with `withCredentials: true`, a header with `extraHeaders` (HTTP long-polling only; browsers send no headers with a WebSocket).',
  snippet: () => "io(url, { extraHeaders: { authorization: 'Bearer …' } }); // polling only",
  see: [
    { title: 'Client option extraHeaders', url: 'https://socket.io/docs/v4/client-options/#extraheaders' },
    { title: 'Sending credentials', url: 'https://socket.io/docs/v4/middlewares/#sending-credentials' },
  ],
};
