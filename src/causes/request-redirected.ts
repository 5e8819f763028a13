import { evidence } from '../diagnosis/evidence.js';
import type { ConnectFailure, Facts } from '../diagnosis/facts.js';
import { hiddenInSession, suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isOfLoginPage, mayBeElsewhere } from '../diagnosis/http-answer.js';
import { isRedirect } from '../diagnosis/is-redirect.js';
import { isUndelivered } from '../diagnosis/is-undelivered.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import { mayRedirectSlash } from '../diagnosis/may-redirect-slash.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { sendsOwn } from '../diagnosis/sends-own.js';
import type { Text } from '../diagnosis/text.js';
import type { Signal, SignalOf } from '../signals/signal.js';

export interface Details {
  /** The status of the redirect, if it can be read. */
  readonly status?: number;
}

export const rule: Rule<'request-redirected', Details> = {
  code: 'request-redirected',
  title: 'The request is redirected',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    const probe = facts.probe('http-handshake');
    // A page follows redirects of its handshakes; a WebSocket does not, and a POST may turn into a GET.
    const followed = [facts.probe('session'), probe].find((asked) => asked?.http?.result === 'redirected');
    const asked = followed ?? openQuestion(facts);
    const inSession = failure ? failure.handshake && failure.transport === 'polling' : facts.unanswered;
    if (asked && (facts.upgrading || inSession)) {
      return {
        certainty: followed && isBrokenBy(facts, followed) ? 'confirmed' : 'suspected',
        // As a class: no response shows that the failed request was the redirected one.
        asClass: true,
        likelihood: followed ? 'likely' : 'possible',
        ask: failure?.handshake && failure.error.status !== 500 && !facts.upgrading ? ['session'] : ['http-handshake'],
        details: followed?.http?.status === undefined ? {} : { status: followed.http.status },
        evidence: [
          evidence(
            followed
              ? 'The response to the handshake is a redirect, which the client followed.'
              : 'A request after the handshake was rejected, as happens when a redirect changes it.',
            asked,
          ),
        ],
      };
    }
    if (failure?.handshake) return inSession ? matchRequest(facts, failure) : undefined;
    const { closing } = facts;
    if (!failure) return closing?.error && matchRequest(facts, { ...closing, error: closing.error });
    const reachable = facts.probe('http-reachable');
    if (facts.target.sameOrigin && reachable?.http?.result === 'opaque') {
      return {
        certainty: 'confirmed',
        details: {},
        // https://fetch.spec.whatwg.org/#concept-request-response-tainting: nothing else makes it opaque.
        evidence: [evidence("The response to a request to the page's own origin came from another one.", reachable)],
      };
    }
    const isServed = facts.all('connected').length > 0;
    const isLed = isLedElsewhere(facts, failure);
    if (isLed || probe?.http?.result === 'redirected') {
      const { status = 0 } = failure.error;
      // A logged-in user may be let through: then the client's response is another story.
      const isOfOthers = !isLed && (status === 0 ? failure.transport === 'websocket' : !isRedirect(status));
      // Polling had worked through the redirect, so that whatever it leads to may be failing now.
      const isNews = isServed && status >= 400 && !isOfLoginPage(failure.error);
      return {
        certainty: isNews || (isOfOthers && sendsOwn(facts)) ? 'suspected' : 'confirmed',
        likelihood: 'likely',
        details: probe?.http?.status === undefined ? {} : { status: probe.http.status },
        evidence: [
          isLed || !probe
            ? evidence('The response came from another address, to which a redirect led.', failure.signal)
            : evidence('The response to the handshake is a redirect.', probe),
        ],
      };
    }
    const hidden = suspectHidden(facts, {});
    if (hidden) return hidden;
    const slashless = mayRedirectSlash(facts);
    if (slashless) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence('A server responds without the trailing slash, which a redirect may remove.', slashless)],
      };
    }
    const answer = failingAnswer(facts);
    if (answer && isRedirect(answer.status)) {
      return {
        certainty: answer.isOfUpgrade || answer.isOfAnother ? 'suspected' : 'confirmed',
        likelihood: 'likely',
        details: { status: answer.status },
        evidence: [evidence(`The response had status ${answer.status}.`, answer.signal)],
      };
    }
    if (!probe && answer?.isOfAnother && (!isServed || isOfLoginPage(failure.error))) {
      return {
        certainty: 'suspected',
        ask: ['http-handshake'],
        details: {},
        evidence: [evidence('The response may come from where a redirect led: the client follows it.', answer.signal)],
      };
    }
    const { code, dialled } = failure.error;
    if (!probe && failure.transport === 'polling' && failure.systemError && code !== undefined && !dialled) {
      return {
        certainty: 'suspected',
        ask: ['http-handshake'],
        details: {},
        evidence: [evidence(`Whether it failed with ${code} here or after a redirect is unknown.`, failure.signal)],
      };
    }
    // Node's XMLHttpRequest follows some redirects: the error is about an address that was never given to the client.
    const elsewhere = facts.during('connect-error').find(({ error }) => error.dialled === 'elsewhere');
    if (!elsewhere || (probe && probe.http?.code !== OUT_OF_FILES)) return undefined;
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: {},
      evidence: [evidence('The connection failed at a different address than the one in the URL.', elsewhere)],
    };
  },
};

/** Whether the client shows that a redirect led to the response. A service worker also passes on responses from other addresses. */
function isLedElsewhere(facts: Facts, { error, transport }: Request): boolean {
  return error.dialled === 'elsewhere' && error.code === undefined && !mayBeServiceWorker(facts, transport);
}

type Request = Pick<ConnectFailure, 'error' | 'transport'> & { readonly signal: Signal };

/** Handshakes are answered, but a request of the session is redirected: because of its method, or because a login has expired. */
function matchRequest(facts: Facts, request: Request): Verdict<Details> | undefined {
  const { error, signal, transport } = request;
  if (isRedirect(error.status)) {
    return {
      certainty: 'confirmed',
      details: { status: error.status },
      evidence: [evidence(`A request of the session was answered with ${error.status}.`, signal)],
    };
  }
  const isLed = isLedElsewhere(facts, request);
  if (transport === 'polling' && isOfLoginPage(error) && mayBeElsewhere(facts, error, true)) {
    return {
      certainty: isLed ? 'confirmed' : 'suspected',
      ask: ['http-handshake'],
      details: {},
      evidence: [
        evidence(
          isLed
            ? 'The response came from another address, to which a redirect led.'
            : 'The response may come from where a redirect led: the client follows it.',
          signal,
        ),
      ],
    };
  }
  const hidden = hiddenInSession(facts);
  return (
    hidden && {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('Where a request of the session ended up is hidden from the page.', hidden)],
    }
  );
}

/**
 * A redirect to the same address loops until the process can open no more connections: Node's XMLHttpRequest has no limit, and keeps the
 * Host header of the first request, so a redirect from one host name to another never ends if one server has both.
 */
const OUT_OF_FILES = 'EMFILE';

/** Node's XMLHttpRequest follows these and drops the body of the request (xmlhttprequest-ssl 1.5 to 2.1). */
const BODY_LOST: readonly (number | undefined)[] = [302, 303, 307];

/**
 * Whether the failure is one that follows from every such redirect: a POST that arrives as a GET is a second poll, which Engine.IO rejects
 * with an empty response ("overlap from client"), and one without its body is never answered.
 */
function isBrokenBy({ connecting, unanswered }: Facts, { http }: SignalOf<'probe'>): boolean {
  const { status, body } = connecting?.error ?? {};
  if (connecting?.handshake) return (status === 400 || status === 500) && body?.is === 'empty';
  return unanswered !== undefined && isUndelivered(unanswered) && BODY_LOST.includes(http?.status);
}

/** A page does not see whether its handshake was redirected; this is what may follow from a redirect, as long as nobody has asked. */
function openQuestion(facts: Facts): Signal | undefined {
  const { upgrading, connecting, unanswered } = facts;
  if (upgrading) {
    return upgrading.kind === 'upgrade-failed' && !facts.probe('http-handshake') ? upgrading : undefined;
  }
  // Node's XMLHttpRequest follows 302, 303 and 307 and drops the body, so its POST is never complete.
  if (!connecting)
    return unanswered && isUndelivered(unanswered) && !facts.probe('http-handshake') ? unanswered.signal : undefined;
  // Engine.IO gives no reason for a request that comes with another method than its session expects.
  const { status } = connecting.error;
  const body = connecting.error.body?.is;
  // Up to Engine.IO 5, with 500 (lib/transports/polling.js, "overlap from client").
  if (connecting.handshake && status === 500 && (!body || body === 'empty'))
    return facts.probe('http-handshake') ? undefined : connecting.signal;
  const isRefused = connecting.transport === 'polling' && status === 400;
  return isRefused && body !== 'engineio-error' && !facts.probe('session') ? connecting.signal : undefined;
}

export const text: Text<Details> = {
  summary:
    'The response to the handshake is a redirect: to a login page, from http to https, or from one host name to another. Socket.IO does not work across redirects: a WebSocket never follows one, and the POST requests of long-polling lose their body.',
  remedy: () =>
    'Pass `io()` the URL that the redirect leads to (the https URL, the canonical host name). If it leads to a login page, exempt the Socket.IO path from the gateway, or log in first.',
  snippet: () => "io('https://www.example.com'); // not http://example.com",
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
