import { begunAgain } from '../diagnosis/begun-again.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { hiddenInSession } from '../diagnosis/hidden-answer.js';
import { isBareRefused } from '../diagnosis/is-bare-refused.js';
import { isIdKnown } from '../diagnosis/is-id-known.js';
import { isRefusedByEngine } from '../diagnosis/is-refused-by-engine.js';
import { isRefusedByMiddleware } from '../diagnosis/is-refused-by-middleware.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { serverlessPlatform } from '../diagnosis/serverless-platform.js';
import type { Text } from '../diagnosis/text.js';
import { wasServed } from '../diagnosis/was-served.js';
import type { ErrorFacts } from '../signals/error-facts.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  /** `upgrade`: polling stays with one server; only WebSocket goes elsewhere. */
  readonly scope: 'all' | 'upgrade';
  /**
   * Whether cookie-based stickiness can work: `not-sent` if this client sends no cookies to this address (another origin without
   * `withCredentials`, or Node), `unknown` if it would.
   */
  readonly cookie: 'not-sent' | 'unknown';
}

export const rule: Rule<'session-not-sticky', Details> = {
  code: 'session-not-sticky',
  title: 'Requests of one session reach different servers (no sticky sessions)',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#you-didnt-enable-sticky-sessions-in-a-multi-server-setup',
  needs: ['session', 'websocket-handshake', 'session-upgrade'],
  yieldsTo: ['network-offline'],
  match(facts) {
    return facts.upgrading ? matchUpgrade(facts) : matchPolling(facts);
  },
};

function matchPolling(facts: Facts): Verdict<Details> | undefined {
  const { phase } = facts.about;
  // Clients up to 2.x report a session that ends before `connect` only by its end, which is neither of the two views.
  if (phase !== 'connect' && phase !== 'session') return undefined;
  // A cache that answers handshakes gives a session id out twice, and the second time no server knows it anymore.
  if (facts.all('handshake').some((handshake) => handshake.repeatedSid)) return undefined;
  const lost = lostSessions(facts);
  if (lost.length === 0) {
    const hidden = hiddenInSession(facts);
    return (
      hidden && {
        certainty: 'suspected',
        details: { scope: 'all', cookie: cookieOf(facts) },
        evidence: [evidence('The response to a request right after the handshake is hidden from the page.', hidden)],
      }
    );
  }
  const session = facts.probe('session');
  const handshake = facts.last('handshake');
  // With a slow page or server, the session may have expired in the middle of the question.
  const isReproduced = session?.answer === 'no' && session.durationMs < (handshake ? lifeMs(handshake) : NEVER);
  const isRedirected = [session, facts.probe('http-handshake')].some((asked) => asked?.http?.result === 'redirected');
  // A POST that is never answered was not sent to another server.
  const isPostEaten = session?.why === 'no answer' && session.http?.result === 'timeout';
  // Something that rewrites handshakes in between may have removed the session id, or replaced it.
  const isChanged =
    handshake?.incomplete || (handshake?.strangeSid && !isIdKnown(facts)) || begunAgain(facts) !== undefined;
  const isUnreadable = isChanged || (session?.why === 'no handshake' && session.http?.status === 200);
  const isServerless = serverlessPlatform(facts) !== undefined;
  const read = lost.filter(({ error }) => isUnknownSession(error?.body));
  // If the body is hidden, a 400 may come from anywhere: a session of our own that lives speaks against it.
  if (read.length === 0 && (session?.answer === 'yes' || isRefusedByMiddleware(session?.http?.body))) return undefined;
  // Something that removes the bodies of POST requests in front of the server ends each session as well, and the next poll shows it. In
  // that case no POST is ever told that its session is unknown.
  const isPostKnown =
    read.some(({ error }) => isSendError(error?.message)) ||
    // Before Engine.IO 4, a client connects without a POST.
    (facts.client.protocol === 3 && !isPostEaten && session?.answer !== 'yes');
  return {
    // If functions respond, there are no servers to be sticky to.
    certainty:
      ((read.length >= 2 && isPostKnown) || isReproduced) && !isServerless && !isUnreadable ? 'confirmed' : 'suspected',
    likelihood: isServerless || isRedirected || isPostEaten || isChanged ? 'possible' : 'likely',
    details: { scope: 'all', cookie: cookieOf(facts) },
    evidence: [
      ...lost
        .slice(0, 2)
        .map((signal) => evidence('A session was unknown to the server right after its handshake.', signal)),
      ...(isReproduced && session
        ? [evidence('A session opened by the SDK was unknown to the next server, too.', session)]
        : []),
    ],
  };
}

function matchUpgrade(facts: Facts): Verdict<Details> | undefined {
  const { upgrading } = facts;
  if (upgrading?.kind !== 'upgrade-failed' || upgrading.how === 'fallback' || upgrading.how === 'threw')
    return undefined;
  const plain = facts.probe('websocket-handshake');
  const withSession = facts.probe('session-upgrade');
  // Engine.IO rejects a session that it does not know, and starts another one only if none was named.
  const isAnsweredElse = facts.during('upgrade-failed').some(({ how }) => how === 'other');
  const isUnnamed = withSession?.websocket?.result === 'engineio' || isAnsweredElse;
  if (plain?.answer === 'no' && (!isBareRefused(facts) || plain.websocket?.result !== 'rejected')) return undefined;
  // A WebSocket that breaks right after its first message was answered twice.
  if (plain?.websocket?.closeCode !== undefined && plain.websocket.result !== 'rejected') return undefined;
  // It was not rejected: it hung until one side gave up.
  const isHung = facts.during('upgrade-overdue').length > 0 && withSession?.answer === 'yes';
  const [lost] = lostSessions(facts).filter((signal) => signal.error?.body);
  if (lost && plain?.answer === 'yes') {
    return {
      certainty: 'confirmed',
      details: { scope: 'all', cookie: cookieOf(facts) },
      evidence: [
        evidence('A session was unknown to the server right after its handshake.', lost),
        evidence('The upgrade of another session to WebSocket was rejected.', upgrading),
        evidence('A WebSocket that starts its own session works.', plain),
      ],
    };
  }
  return {
    // Two upgrade handlers on one server reject in the same way.
    certainty: 'suspected',
    // If one of several servers is chosen at random, it may be the right one once: that one session got through rules out nothing.
    likelihood:
      !isHung &&
      (lost || isRefusedByEngine(facts) || (plain?.answer === 'yes' && withSession?.answer !== 'yes' && !isUnnamed))
        ? 'likely'
        : 'possible',
    details: { scope: 'upgrade', cookie: cookieOf(facts) },
    evidence: [
      evidence('The upgrade of the session to WebSocket was rejected.', upgrading),
      ...(plain?.answer === 'yes' ? [evidence('A WebSocket that starts its own session works.', plain)] : []),
      ...(withSession?.answer === 'no'
        ? [evidence('A WebSocket for a session that started over HTTP was rejected.', withSession)]
        : []),
    ],
  };
}

function cookieOf({ options, target }: Facts): Details['cookie'] {
  return options.withCredentials || target.sameOrigin ? 'unknown' : 'not-sent';
}

const NEVER = Number.POSITIVE_INFINITY;

/** After that long without contact, a session is over even for the server that began it. */
function lifeMs({ pingIntervalMs = 0, pingTimeoutMs = NEVER }: SignalOf<'handshake'>): number {
  return pingIntervalMs + pingTimeoutMs;
}

type Failed = SignalOf<'engine-failed'> | SignalOf<'connect-error'> | SignalOf<'engine-closed'>;

/** One signal for each attempt whose session was unknown right after the handshake, before it had been served. */
function lostSessions(facts: Facts): Failed[] {
  const lost: Failed[] = [];
  const failed = [...facts.all('engine-failed'), ...facts.all('connect-error'), ...facts.all('engine-closed')];
  for (const handshake of facts.all('handshake')) {
    const { attempt, transport, at } = handshake;
    if (transport !== 'polling') continue;
    // How long the handshake was in flight, or waited for a busy page, is unknown: at most as long as the attempt.
    const began = facts.all('attempt-started').find((one) => one.attempt === attempt)?.at ?? at;
    const untilMs = began + lifeMs(handshake);
    const told = failed.filter((one) => one.attempt === attempt && one.at < untilMs);
    // Clients up to 2.x show the body of a response only to the engine: a failure reported without it was read all the same.
    const read = told.filter(({ error }) => error?.body);
    const signal = (read.length > 0 ? read : told).find(({ error }) => wasRefused(error, facts.client.version));
    // A session that had been served was known: forgotten later is another story.
    if (signal && !wasServed(facts, attempt, signal.at)) lost.push(signal);
  }
  return lost;
}

function wasRefused(error: ErrorFacts | undefined, clientVersion: string): boolean {
  if (error?.body?.is === 'engineio-error')
    return error.body.code === 1 || (error.body.code === 3 && !isRefusedByMiddleware(error.body));
  // What a server without Socket.IO responds, such as that of another app at the same address: not found, or its page.
  if (error?.status === 404) return true;
  // Servers in other languages have their own messages: a session that was just opened and then rejected with 400 says the same.
  if (error?.body) return error.status === (error.body.is === 'html' ? 200 : 400);
  // Clients before 4.5 and the fetch transports do not show the body; a 400 right after a good handshake says the same.
  const hidesBody = !/^4\.(5|6|8)/.test(clientVersion) || error?.message.startsWith('fetch');
  return (
    hidesBody === true && error?.status === 400 && /^(xhr (poll|post)|fetch (read|write)) error$/.test(error.message)
  );
}

export const text: Text<Details> = {
  summary:
    'There are several servers (or worker processes) behind this address, and the requests of one session are spread over them. A session lives in the memory of the server that handled the handshake; every other server responds with "Session ID unknown". HTTP long-polling makes many requests, so it needs a load balancer that keeps each client on one server.',
  remedy: ({ scope, cookie }) =>
    scope === 'upgrade'
      ? 'Polling is sticky, but the WebSocket request is routed by a different rule. Apply the same stickiness to it: by client address, or by a cookie that is sent with both.'
      : `Enable sticky sessions in the load balancer (by cookie or client address); with the cluster module, use @socket.io/sticky; with PM2, @socket.io/pm2; with gunicorn, one worker per address. Or let clients use only WebSocket, which needs a single request. An adapter such as Redis passes messages between the servers and does not replace sticky sessions. ${cookie === 'not-sent' ? 'If stickiness already uses a cookie, this client does not send it to this address: set `withCredentials: true` in the client, and allow credentials in the `cors` option of every server.' : 'If stickiness already uses a cookie, check that the cookie comes back with each request: its path, domain and SameSite attribute must allow that.'}`,
  snippet: ({ scope, cookie }) =>
    scope === 'upgrade'
      ? 'upstream nodes { hash $remote_addr consistent; server app1:3000; server app2:3000; }'
      : [
          'upstream nodes { hash $remote_addr consistent; server app1:3000; server app2:3000; } # nginx',
          "nginx.ingress.kubernetes.io/affinity: cookie # ingress-nginx; in AWS, the target group's stickiness",
          'heroku features:enable http-session-affinity # Heroku',
          ...(cookie === 'not-sent'
            ? ["io(url, { withCredentials: true }); // client, if stickiness needs the load balancer's cookie"]
            : []),
        ].join('\n'),
  see: [
    {
      title: "You didn't enable sticky sessions",
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#you-didnt-enable-sticky-sessions-in-a-multi-server-setup',
    },
    { title: 'Sticky sessions', url: 'https://socket.io/docs/v4/using-multiple-nodes/#sticky-sessions' },
  ],
};
