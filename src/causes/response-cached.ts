import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { failingAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import { latest } from '../diagnosis/latest.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  /** Whether a question of the SDK was answered with an old handshake, too. */
  readonly isReproduced: boolean;
}

export const rule: Rule<'response-cached', Details> = {
  code: 'response-cached',
  title: "A cache responds to the client's requests",
  phase: 'connect',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'rare',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-options/#timestamprequests',
  needs: ['session'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const openedAgain = openingTwice(facts);
    // Anything that masks session ids in responses makes each of them the same and unknown.
    const isMasked = facts.last('handshake')?.strangeSid === true;
    if (openedAgain) {
      return {
        certainty: 'confirmed',
        details: { isReproduced: false },
        evidence: [evidence('The handshake of one session arrived again in the polls that followed it.', openedAgain)],
      };
    }
    if (!facts.connecting && !facts.closing) return undefined;
    // A server that makes its own ids may give one out twice: only a session that is also unknown had ended before.
    const failed = [...facts.all('engine-failed'), ...facts.all('connect-error'), ...facts.all('engine-closed')];
    const isRefused = (attempt: number) =>
      failed.some(({ attempt: of, error }) => {
        const isUnread = error?.status === 400 && error.body === undefined;
        return of === attempt && (isUnread || isUnknownSession(error?.body));
      });
    // With Engine.IO 3, the old handshake may also carry the CONNECT packet of its session.
    const isOld = facts.client.protocol === 3;
    const connected = new Set(isOld ? [] : facts.all('connected').map(({ attempt }) => attempt));
    const fresh = facts.all('handshake').filter(({ attempt }) => !connected.has(attempt) && isRefused(attempt));
    const repeated = latest(fresh.filter((handshake) => handshake.repeatedSid));
    const session = facts.probe('session');
    const isReproduced = session?.repeatedSid === true;
    const looping = connectedAgain(facts);
    const first = fresh[0];
    // A single unknown session may have come from anywhere, until somebody asks.
    const isOpen = !repeated && !looping && first !== undefined && session === undefined;
    if (!repeated && !looping && !(isReproduced && first) && !isOpen)
      return matchNotModified(facts) ?? matchServiceWorker(facts);
    return {
      certainty: isOpen || isMasked ? 'suspected' : 'confirmed',
      details: { isReproduced },
      evidence: [
        ...(looping ? [evidence('The same CONNECT packet arrived again and again.', looping)] : []),
        ...(repeated ? [evidence('A handshake contained a session id that had been given out before.', repeated)] : []),
        ...(isReproduced && session ? [evidence('So did a handshake of the SDK.', session)] : []),
        ...(first ? [evidence('The session of such a handshake is unknown to the server.', repeated ?? first)] : []),
      ],
    };
  },
};

/** The client makes no conditional requests: a 304 assumes that there is a stored copy. */
function matchNotModified(facts: Facts): Verdict<Details> | undefined {
  const answer = failingAnswer(facts);
  if (answer?.status !== 304) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: [],
    details: { isReproduced: false },
    evidence: [evidence('The request was answered with 304, not modified.', answer.signal)],
  };
}

/** A request failed in a page with a service worker: unless the server itself was heard, either may have been the reason. */
function matchServiceWorker(facts: Facts): Verdict<Details> | undefined {
  const failed = facts.connecting ?? facts.closing;
  if (!failed || !mayBeServiceWorker(facts, failed.transport)) return undefined;
  const answer = failingAnswer(facts);
  if (isEngineBody(answer?.body) || answer?.proxy !== undefined) return undefined;
  const websocket = facts.probe('websocket-handshake');
  const isPassedBy = facts.connecting !== undefined && websocket?.answer === 'yes';
  return {
    certainty: 'suspected',
    likelihood: isPassedBy ? 'likely' : 'possible',
    ask: ['websocket-handshake', 'http-handshake'],
    details: { isReproduced: false },
    evidence: [
      evidence('The page has a service worker, which may have answered or ended the request.', failed.signal),
      ...(isPassedBy && websocket ? [evidence('A WebSocket, which bypasses it, works.', websocket)] : []),
    ],
  };
}

/** A server sends the handshake once per session; a cache that ignores the query also answers the polls of the session with it. */
function openingTwice(facts: Facts): SignalOf<'handshake'> | undefined {
  if (facts.about.phase === 'upgrade') return undefined;
  const present = facts.last('handshake')?.attempt;
  const same = facts
    .all('handshake')
    .filter(({ attempt, transport, late }) => attempt === present && transport === 'polling' && !late);
  return same.slice(1).find(({ repeatedSid }) => repeatedSid);
}

/**
 * A server sends CONNECT once per connection; a poll that a cache answers brings the one from the beginning each time. An app that leaves
 * and joins a namespace within one round trip is connected as often as it asked, each time under another id since Socket.IO 3; before, no
 * client asks for the default namespace.
 */
function connectedAgain(facts: Facts): SignalOf<'connected'> | undefined {
  const gone = facts.all('disconnected');
  const isOld = facts.client.protocol === 3;
  const repeated = facts.all('connected').filter(({ sameId, namespace }) => sameId && (!isOld || namespace === '/'));
  return repeated.find(({ attempt, namespace, at }, index, all) => {
    const same = all.slice(0, index).filter((one) => one.attempt === attempt && one.namespace === namespace);
    const since = same[same.length - 2]?.at;
    return since !== undefined && !gone.some((one) => one.namespace === namespace && one.at >= since && one.at <= at);
  });
}

export const text: Text<Details> = {
  summary:
    "Something answers the client's requests from a cache: a proxy, a CDN, or a service worker in the page. The client receives the handshake of an older session, which the server has long forgotten. A service worker may also respond with a page or status of its own, or end long polls after its own timeout (`networkTimeoutSeconds` in Workbox).",
  remedy: () =>
    "Exclude the Socket.IO path from every cache in the proxy or CDN, and from the service worker's `fetch` handler (no Workbox route may match it). The client makes each request unique with a `t` parameter; a cache that ignores the query, or a client with `timestampRequests: false`, defeats that.",
  snippet: () => 'location /socket.io/ { proxy_cache off; proxy_pass http://127.0.0.1:3000; }',
  see: [
    {
      title: 'Client option timestampRequests',
      url: 'https://socket.io/docs/v4/client-options/#timestamprequests',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
