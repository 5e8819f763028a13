import { evidence } from '../diagnosis/evidence.js';
import { suspectHeaders, suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { hiddenPosts } from '../diagnosis/hidden-posts.js';
import { failingAnswer, isEngineBody, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The method that was forbidden, when the handshake passed and only sending is blocked. */
  readonly method?: 'POST';
  /** Address, headers or cookies are longer than something on the way takes. */
  readonly tooLarge?: true;
}

/** What else firewalls answer to a request that they do not like (ModSecurity 406), less what has a cause of its own. */
function isOtherRefusal(status = 0): boolean {
  return status >= 402 && status < 500 && ![403, 405, 407, 408, 413, 429].includes(status);
}

export const rule: Rule<'request-forbidden', Details> = {
  code: 'request-forbidden',
  title: 'A gateway forbids the request',
  phase: 'connect',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline', 'tls-certificate-rejected'],
  match(facts) {
    const message = facts.closing?.error?.message ?? facts.connecting?.error.message;
    const isPost = isSendError(message);
    const failure = facts.connecting;
    if (isPost && failure?.handshake && (failure.cut || failure.blind) && !failure.timedOut) {
      // The refusal is hidden from the page, or it was no answer at all.
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { method: 'POST' },
        evidence: [
          evidence('The handshake passed, and the first POST request of the session did not.', failure.signal),
        ],
      };
    }
    const posts = hiddenPosts(facts);
    if (posts) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { method: 'POST' },
        evidence: [evidence('One session after the other ended at its first POST request.', posts)],
      };
    }
    const hidden = suspectHidden(facts, {}) ?? suspectHeaders(facts, {}) ?? suspectQuery(facts, {});
    if (hidden) return hidden;
    // A question of the SDK has none of the app's headers and query, and is let in.
    const told = failure?.handshake ? 0 : (failure?.error.status ?? 0);
    if (failure && TOO_LARGE.includes(told)) {
      return {
        certainty: failure.transport === 'polling' && told !== 413 ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { tooLarge: true },
        evidence: [evidence(`A request without a body was answered with ${told}: it is too large.`, failure.signal)],
      };
    }
    const alternating = oneOfSeveralAnswers(facts, (status) => status === 403);
    const answer = alternating ?? failingAnswer(facts);
    if (!answer) return undefined;
    const { status, body } = answer;
    // A method that is not allowed, where the handshake by GET has passed.
    if (isPost && (status === 400 || status === 405 || status === 501) && !isEngineBody(body)) {
      return {
        // 400 may be another server that does not know the session.
        certainty: status === 400 ? 'suspected' : 'confirmed',
        details: { method: 'POST' },
        evidence: [evidence(`A POST request of the session was answered with ${status}.`, answer.signal)],
      };
    }
    const bare = facts.probe('http-handshake');
    if (failure && !failure.handshake && bare?.http?.isBotCheck) {
      return {
        certainty: 'confirmed',
        details: {},
        evidence: [evidence('A bot check answered, and says so in a header of its own.', bare)],
      };
    }
    const isOwn = failure?.transport === 'polling' && !failure.handshake && !isEngineBody(body);
    if (isOwn && facts.options.hasExtraHeaders && isOfValue(status) && bare?.answer !== 'no') {
      return {
        certainty: 'suspected',
        likelihood: bare ? 'likely' : 'possible',
        details: {},
        evidence: [
          evidence(`The request was answered with ${status}.`, answer.signal),
          ...(bare
            ? [evidence('The same request without the extra headers of the app was answered with a handshake.', bare)]
            : []),
        ],
      };
    }
    // A client accepts whatever comes, so that 406 and 418 are a filter's word for no; and who has let a session begin has its path.
    const isOfSession = isPost || facts.closing !== undefined || failure?.handshake !== undefined;
    const isRefusal = isOfSession ? isOtherRefusal(status) : isOwn && status !== 400 && isOfValue(status);
    if (isRefusal && !isEngineBody(body)) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: isPost ? { method: 'POST' } : {},
        evidence: [evidence(`A ${isPost ? 'POST ' : ''}request was answered with ${status}.`, answer.signal)],
      };
    }
    // Bot checks answer with any status; those that do not sign it (others than 403) with 503.
    const isUnasked = failure !== undefined && !failure.handshake && !bare && status !== 403;
    if (body?.is === 'html' && (isUnasked || (status === 503 && !bare?.http?.isProxyPage))) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence(`A page came with ${status}, as some bot checks answer.`, answer.signal)],
      };
    }
    if (status !== 403 || body?.is === 'http2-only') return undefined;
    if (body?.is === 'engineio-error' && body.code === 4 && !body.origin) {
      const known = facts.probe('unknown-transport');
      if (known?.answer === 'yes') return undefined;
      return {
        certainty: 'suspected',
        likelihood: known?.answer === 'no' ? 'likely' : 'possible',
        ask: ['unknown-transport'],
        details: isPost ? { method: 'POST' } : {},
        evidence: [
          evidence('The request was answered with 403.', answer.signal),
          ...(known?.answer === 'no'
            ? [evidence('A question that Engine.IO answers by itself got no such answer.', known)]
            : []),
        ],
      };
    }
    if (isEngineBody(body)) return undefined;
    // Clients before 4.5 and WebSocket handshakes do not show the body, which is what tells a refusal by Engine.IO apart.
    const isReadable = answer.body !== undefined;
    // Other servers say it of a path that they do not have: S3, API Gateway, a folder of Apache, the AirPlay receiver of macOS.
    const isHeard =
      facts.all('handshake').length > 0 || facts.probe('websocket-handshake')?.websocket?.result === 'engineio';
    return {
      certainty: isReadable && !alternating && !answer.isOfUpgrade && !answer.isBare ? 'confirmed' : 'suspected',
      ...(!isHeard && { asClass: true as const }),
      likelihood: 'likely',
      details: isPost ? { method: 'POST' } : {},
      evidence: [
        evidence(
          isReadable
            ? 'The request was answered with 403, and not by Engine.IO.'
            : 'The request was answered with 403.',
          answer.signal,
        ),
      ],
    };
  },
};

/** Content, address and header fields that are too large (RFC 9110, sections 15.5.14 and 15.5.15; RFC 6585, section 5). */
const TOO_LARGE: readonly number[] = [413, 414, 431];

/** Filters answer to a value that they dislike with 403, or with one of these. */
function isOfValue(status: number | undefined): boolean {
  return status === 400 || status === 406 || status === 418;
}

export const text: Text<Details> = {
  summary:
    'The HTTP requests of Socket.IO are answered with 403 Forbidden by something in front of the server, or by code that does not use the words of Engine.IO: a web application firewall, an access list, a bot check. Or they are answered with 413, 414 or 431, because their address, headers or cookies are too long.',
  remedy: ({ method, tooLarge }) =>
    tooLarge
      ? 'Headers, cookies or the query of the request are longer than the server or something in front of it takes (Node takes 16 KiB of headers, nginx 8 KiB for each). Look at the cookies of the domain in the browser and at what is put into `query` and `extraHeaders`: a token belongs there, data does not. Or raise the limit: `--max-http-header-size` of Node, `large_client_header_buffers` of nginx.'
      : method
        ? 'The handshake passes and POST requests do not: let the firewall or gateway accept POST on the path of Socket.IO.'
        : 'Look at the answer in the network panel: its page or its Server header names the product that sent it. If that is a firewall or a bot check (which lets browsers pass and refuses clients in Node), add an exception for the path of Socket.IO there. If it is no server of yours, the URL leads to the wrong one: on macOS the AirPlay receiver has the ports 5000 and 7000, and S3, CloudFront and API Gateway say the same of a path that they do not have. Azure App Service says it of an app that is stopped.',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
