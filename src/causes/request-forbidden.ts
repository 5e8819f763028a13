import { evidence } from '../diagnosis/evidence.js';
import { suspectHeaders, suspectHidden, suspectQuery } from '../diagnosis/hidden-answer.js';
import { hiddenPosts } from '../diagnosis/hidden-posts.js';
import { failingAnswer, isEngineBody, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The method that was rejected, if the handshake passed and only sending is blocked. */
  readonly method?: 'POST';
  /** URL, headers or cookies are longer than the server or an intermediary accepts. */
  readonly tooLarge?: true;
}

/** What else firewalls respond to a request that they do not like (ModSecurity 406), except statuses that have a cause of their own. */
function isOtherRefusal(status = 0): boolean {
  return status >= 402 && status < 500 && ![403, 405, 407, 408, 413, 429].includes(status);
}

export const rule: Rule<'request-forbidden', Details> = {
  code: 'request-forbidden',
  title: 'A gateway or firewall rejects the request',
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
      // The rejection is hidden from the page, or there was no response at all.
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { method: 'POST' },
        evidence: [
          evidence('The handshake passed, but the first POST request of the session did not.', failure.signal),
        ],
      };
    }
    const posts = hiddenPosts(facts);
    if (posts) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { method: 'POST' },
        evidence: [evidence('One session after another ended at its first POST request.', posts)],
      };
    }
    const hidden = suspectHidden(facts, {}) ?? suspectHeaders(facts, {}) ?? suspectQuery(facts, {});
    if (hidden) return hidden;
    // A question of the SDK has none of the app's headers and query, and gets through.
    const told = failure?.handshake ? 0 : (failure?.error.status ?? 0);
    if (failure && TOO_LARGE.includes(told)) {
      return {
        certainty: failure.transport === 'polling' && told !== 413 ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { tooLarge: true },
        evidence: [evidence(`A request without a body was rejected with ${told}: it is too large.`, failure.signal)],
      };
    }
    const alternating = oneOfSeveralAnswers(facts, (status) => status === 403);
    const answer = alternating ?? failingAnswer(facts);
    if (!answer) return undefined;
    const { status, body } = answer;
    // A method that is not allowed, although the handshake by GET has passed.
    if (isPost && (status === 400 || status === 405 || status === 501) && !isEngineBody(body)) {
      return {
        // 400 may come from another server that does not know the session.
        certainty: status === 400 ? 'suspected' : 'confirmed',
        details: { method: 'POST' },
        evidence: [evidence(`A POST request of the session was rejected with ${status}.`, answer.signal)],
      };
    }
    const bare = facts.probe('http-handshake');
    if (failure && !failure.handshake && bare?.http?.isBotCheck) {
      return {
        certainty: 'confirmed',
        details: {},
        evidence: [evidence('A bot check responded, and says so in a header of its own.', bare)],
      };
    }
    const isOwn = failure?.transport === 'polling' && !failure.handshake && !isEngineBody(body);
    if (isOwn && facts.options.hasExtraHeaders && isOfValue(status) && bare?.answer !== 'no') {
      return {
        certainty: 'suspected',
        likelihood: bare ? 'likely' : 'possible',
        details: {},
        evidence: [
          evidence(`The request was rejected with ${status}.`, answer.signal),
          ...(bare ? [evidence("The same request without the app's extra headers received a handshake.", bare)] : []),
        ],
      };
    }
    // A client accepts anything, so 406 and 418 are a filter's way of rejecting it; and a gateway that has let a session begin knows its
    // path.
    const isOfSession = isPost || facts.closing !== undefined || failure?.handshake !== undefined;
    const isRefusal = isOfSession ? isOtherRefusal(status) : isOwn && status !== 400 && isOfValue(status);
    if (isRefusal && !isEngineBody(body)) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: isPost ? { method: 'POST' } : {},
        evidence: [evidence(`A ${isPost ? 'POST ' : ''}request was rejected with ${status}.`, answer.signal)],
      };
    }
    // Bot checks respond with any status; those that do not name themselves (and do not send 403), with 503.
    const isUnasked = failure !== undefined && !failure.handshake && !bare && status !== 403;
    if (body?.is === 'html' && (isUnasked || (status === 503 && !bare?.http?.isProxyPage))) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence(`A page came with status ${status}, as some bot checks send.`, answer.signal)],
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
          evidence('The request was rejected with 403.', answer.signal),
          ...(known?.answer === 'no'
            ? [evidence('A question that Engine.IO always answers got no such answer.', known)]
            : []),
        ],
      };
    }
    if (isEngineBody(body)) return undefined;
    // Clients before 4.5 and WebSocket handshakes do not show the body, which is what distinguishes a rejection by Engine.IO.
    const isReadable = answer.body !== undefined;
    // Other servers use it for a path that they do not have: S3, API Gateway, a folder in Apache, the AirPlay receiver of macOS.
    const isHeard =
      facts.all('handshake').length > 0 || facts.probe('websocket-handshake')?.websocket?.result === 'engineio';
    return {
      certainty: isReadable && !alternating && !answer.isOfUpgrade && !answer.isOfAnother ? 'confirmed' : 'suspected',
      ...(!isHeard && { asClass: true as const }),
      ...(answer.ask && { ask: answer.ask }),
      likelihood: 'likely',
      details: isPost ? { method: 'POST' } : {},
      evidence: [
        evidence(
          isReadable
            ? 'The request was rejected with 403, but not by Engine.IO.'
            : 'The request was rejected with 403.',
          answer.signal,
        ),
      ],
    };
  },
};

/** Content, URI and header fields that are too large (RFC 9110, sections 15.5.14 and 15.5.15; RFC 6585, section 5). */
const TOO_LARGE: readonly number[] = [413, 414, 431];

/** Filters respond to a value that they do not like with 403, or with one of these. */
function isOfValue(status: number | undefined): boolean {
  return status === 400 || status === 406 || status === 418;
}

export const text: Text<Details> = {
  summary:
    "Socket.IO's HTTP requests are rejected with 403 Forbidden by something in front of the server (a web application firewall, an access list, a bot check) or by code that does not respond as Engine.IO does. Or they are rejected with 413, 414 or 431 because their URL, headers or cookies are too long.",
  remedy: ({ method, tooLarge }) =>
    tooLarge
      ? "The headers, cookies or query of the request are longer than the server or something in front of it accepts (Node accepts 16 KiB of headers, nginx 8 KiB for each). Check the domain's cookies in the browser and what you put into `query` and `extraHeaders`: a token belongs there, data does not. Or raise the limit: `--max-http-header-size` in Node, `large_client_header_buffers` in nginx."
      : method
        ? 'The handshake passes but POST requests do not: configure the firewall or gateway to accept POST on the Socket.IO path.'
        : 'Look at the response in the network panel: its page or its `Server` header names the product that sent it. If that is a firewall or a bot check (which lets browsers pass and rejects clients in Node), add an exception for the Socket.IO path. If it is not a server of yours, the URL points to the wrong one: on macOS, the AirPlay receiver uses ports 5000 and 7000, and S3, CloudFront and API Gateway send 403 for paths that do not exist. Azure App Service sends it for an app that is stopped.',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
