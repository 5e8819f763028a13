import { evidence } from '../diagnosis/evidence.js';
import type { ConnectFailure, Facts } from '../diagnosis/facts.js';
import { hiddenInSession, suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import { isRedirect } from '../diagnosis/is-redirect.js';
import { isUndelivered } from '../diagnosis/is-undelivered.js';
import { mayRedirectSlash } from '../diagnosis/may-redirect-slash.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { sendsOwn } from '../diagnosis/sends-own.js';
import type { Text } from '../diagnosis/text.js';
import type { Signal, SignalOf } from '../signals/signal.js';

export interface Details {
  /** The status of the redirect, where it can be read. */
  readonly status?: number;
}

export const rule: Rule<'request-redirected', Details> = {
  code: 'request-redirected',
  title: 'A redirect stands in the way',
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
    // A page follows redirects of its handshakes: a WebSocket does not, and a POST may become a GET on the way.
    const followed = [facts.probe('session'), probe].find((asked) => asked?.http?.result === 'redirected');
    const asked = followed ?? openQuestion(facts);
    const inSession = failure ? failure.handshake && failure.transport === 'polling' : facts.unanswered;
    if (asked && (facts.upgrading || inSession)) {
      return {
        certainty: followed && isBrokenBy(facts, followed) ? 'confirmed' : 'suspected',
        // As a class: that the request which failed was the redirected one is told by no answer.
        asClass: true,
        likelihood: followed ? 'likely' : 'possible',
        ask: failure?.handshake && failure.error.status !== 500 && !facts.upgrading ? ['session'] : ['http-handshake'],
        details: followed?.http?.status === undefined ? {} : { status: followed.http.status },
        evidence: [
          evidence(
            followed
              ? 'The handshake is answered with a redirect, which the client followed.'
              : 'What came after the handshake was refused, as a request is that is no longer the same behind a redirect.',
            asked,
          ),
        ],
      };
    }
    if (failure?.handshake) return inSession ? matchRequest(facts, failure) : undefined;
    if (!failure) return undefined;
    const reachable = facts.probe('http-reachable');
    if (facts.target.sameOrigin && reachable?.http?.result === 'opaque') {
      return {
        certainty: 'confirmed',
        details: {},
        // https://fetch.spec.whatwg.org/#concept-request-response-tainting: nothing else makes it opaque.
        evidence: [evidence("The answer to a request to the page's own origin came from another one.", reachable)],
      };
    }
    if (probe?.http?.result === 'redirected') {
      const { status = 0 } = failure.error;
      // Who has logged in may be let through: then what the client was answered is another story.
      const isOfOthers = status === 0 ? failure.transport === 'websocket' : !isRedirect(status);
      return {
        certainty: isOfOthers && sendsOwn(facts) ? 'suspected' : 'confirmed',
        likelihood: 'likely',
        details: probe.http.status === undefined ? {} : { status: probe.http.status },
        evidence: [evidence('The handshake is answered with a redirect.', probe)],
      };
    }
    const hidden = suspectHidden(facts, {});
    if (hidden) return hidden;
    const slashless = mayRedirectSlash(facts);
    if (slashless) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence('A server answers without the slash at the end, to which a redirect may lead.', slashless)],
      };
    }
    const answer = failingAnswer(facts);
    if (answer && isRedirect(answer.status)) {
      return {
        certainty: answer.isOfUpgrade || answer.isBare ? 'suspected' : 'confirmed',
        likelihood: 'likely',
        details: { status: answer.status },
        evidence: [evidence(`The handshake was answered with ${answer.status}.`, answer.signal)],
      };
    }
    const isServed = facts.all('connected').length > 0;
    if (!probe && !isServed && failure.transport === 'polling' && answer?.body && !isEngineBody(answer.body)) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence('What answered may be where a redirect led: the client follows it.', answer.signal)],
      };
    }
    const { code, dialled } = failure.error;
    if (!probe && failure.transport === 'polling' && failure.systemError && code !== undefined && !dialled) {
      return {
        certainty: 'suspected',
        ask: ['http-handshake'],
        details: {},
        evidence: [evidence(`Whether it failed with ${code} here or behind a redirect is not told.`, failure.signal)],
      };
    }
    // Node's XMLHttpRequest follows some redirects: the error is about an address that the client was never given.
    const elsewhere = facts.during('connect-error').find(({ error }) => error.dialled === 'elsewhere');
    if (!elsewhere || (probe && probe.http?.code !== OUT_OF_FILES)) return undefined;
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: {},
      evidence: [evidence('The connection failed at another address than the one that was dialled.', elsewhere)],
    };
  },
};

/** What a page to log in answers with, or an app that does not know the path to which the login went. */
const OF_PAGES: readonly number[] = [200, 401, 403, 404];

/** Handshakes are answered, and a request of the session is sent elsewhere: by its method, or since a login has run out. */
function matchRequest(facts: Facts, { error, signal, transport }: ConnectFailure): Verdict<Details> | undefined {
  if (isRedirect(error.status)) {
    return {
      certainty: 'confirmed',
      details: { status: error.status },
      evidence: [evidence(`A request of the session was answered with ${error.status}.`, signal)],
    };
  }
  if (transport === 'polling' && OF_PAGES.includes(error.status ?? 0) && !isEngineBody(error.body)) {
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('What answered may be where a redirect led: the client follows it.', signal)],
    };
  }
  const hidden = hiddenInSession(facts);
  return (
    hidden && {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('Where a request of the session ended is hidden from the page.', hidden)],
    }
  );
}

/**
 * A redirect to the same address goes in circles until the process can open no more connections: Node's XMLHttpRequest knows no limit, and
 * keeps the Host header of the first request, so that a redirect from one host name to another never ends where one server has both.
 */
const OUT_OF_FILES = 'EMFILE';

/** Node's XMLHttpRequest follows these and sends no body with what it asks then (xmlhttprequest-ssl 1.5 to 2.1). */
const BODY_LOST: readonly (number | undefined)[] = [302, 303, 307];

/**
 * Whether what failed fails so behind every such redirect: a POST that arrives as GET is a second poll, which Engine.IO refuses with an
 * empty answer ("overlap from client"), and one without its body is never answered.
 */
function isBrokenBy({ connecting, unanswered }: Facts, { http }: SignalOf<'probe'>): boolean {
  const { status, body } = connecting?.error ?? {};
  if (connecting?.handshake) return (status === 400 || status === 500) && body?.is === 'empty';
  return unanswered !== undefined && isUndelivered(unanswered) && BODY_LOST.includes(http?.status);
}

/** A page does not see whether its handshake was redirected on the way; what may follow from it, while nobody has asked. */
function openQuestion(facts: Facts): Signal | undefined {
  const { upgrading, connecting, unanswered } = facts;
  if (upgrading) {
    return upgrading.kind === 'upgrade-failed' && !facts.probe('http-handshake') ? upgrading : undefined;
  }
  // Node's XMLHttpRequest follows 302, 303 and 307 and loses the body on the way, so that its POST is never complete.
  if (!connecting)
    return unanswered && isUndelivered(unanswered) && !facts.probe('http-handshake') ? unanswered.signal : undefined;
  // Engine.IO gives no reason for a request that comes with another method than its session waits for.
  const { status } = connecting.error;
  const body = connecting.error.body?.is;
  // Up to Engine.IO 5 with 500 (lib/transports/polling.js, "overlap from client").
  if (connecting.handshake && status === 500 && (!body || body === 'empty'))
    return facts.probe('http-handshake') ? undefined : connecting.signal;
  const isRefused = connecting.transport === 'polling' && status === 400;
  return isRefused && body !== 'engineio-error' && !facts.probe('session') ? connecting.signal : undefined;
}

export const text: Text<Details> = {
  summary:
    'The handshake is answered with a redirect: to a login page, from http to https, or from one host name to another. Socket.IO does not work through redirects: a WebSocket never follows one, and the POST requests of long-polling lose their body on the way.',
  remedy: () =>
    'Give `io()` the address to which the redirect leads (the https URL, the canonical host name). If it leads to a login page, exempt the path of Socket.IO from the gateway or log in first.',
  snippet: () => "io('https://www.example.com'); // not http://example.com",
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
