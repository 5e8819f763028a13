import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { ErrorFacts } from '../signals/error-facts.js';
import type { Signal } from '../signals/signal.js';

export interface Details {
  /** `upgrade`: polling stays with one server, only WebSocket goes elsewhere. */
  readonly scope: 'all' | 'upgrade';
  /** Sessions that were lost right after their handshake. */
  readonly lostSessions: number;
}

/** A session that is unknown this soon after its handshake was not forgotten: it was never known where the request went. */
const FRESH_MS = 10_000;

export const rule: Rule<'session-not-sticky', Details> = {
  code: 'session-not-sticky',
  title: 'Requests of one session reach different servers',
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
  if (!facts.connecting && !facts.closing) return undefined;
  const lost = lostSessions(facts);
  const first = lost[0];
  if (!first) return undefined;
  const session = facts.probe('session');
  const isReproduced = session?.answer === 'no';
  return {
    certainty: lost.length >= 2 || isReproduced ? 'confirmed' : 'suspected',
    likelihood: 'likely',
    details: { scope: 'all', lostSessions: lost.length },
    evidence: [
      ...lost
        .slice(0, 3)
        .map((signal) => evidence('A session was unknown to the server right after its handshake.', signal)),
      ...(isReproduced && session
        ? [evidence('A session opened by the SDK was unknown to the next server, too.', session)]
        : []),
    ],
  };
}

function matchUpgrade(facts: Facts): Verdict<Details> | undefined {
  const { upgrading } = facts;
  if (upgrading?.kind !== 'upgrade-failed') return undefined;
  const plain = facts.probe('websocket-handshake');
  const withSession = facts.probe('session-upgrade');
  if (plain?.answer === 'no' || withSession?.answer === 'yes') return undefined;
  return {
    certainty: plain?.answer === 'yes' && withSession?.answer === 'no' ? 'confirmed' : 'suspected',
    likelihood: plain?.answer === 'yes' ? 'likely' : 'possible',
    details: { scope: 'upgrade', lostSessions: 0 },
    evidence: [
      evidence('The upgrade of the session to WebSocket was refused.', upgrading),
      ...(plain?.answer === 'yes' ? [evidence('A WebSocket that begins a session of its own works.', plain)] : []),
      ...(withSession?.answer === 'no'
        ? [evidence('A WebSocket for a session begun over HTTP was refused.', withSession)]
        : []),
    ],
  };
}

/** One signal for each attempt whose session was unknown right after the handshake. */
function lostSessions(facts: Facts): Signal[] {
  const lost = new Map<number, Signal>();
  for (const handshake of facts.all('handshake')) {
    if (handshake.repeatedSid || handshake.transport !== 'polling') continue;
    const signal = facts.signals.find(
      (failed) =>
        failed.attempt === handshake.attempt &&
        (failed.kind === 'engine-failed' || failed.kind === 'connect-error' || failed.kind === 'engine-closed') &&
        failed.at - handshake.at <= FRESH_MS &&
        isUnknownSession(failed.error, facts.client.version),
    );
    if (signal) lost.set(handshake.attempt, signal);
  }
  return [...lost.values()];
}

function isUnknownSession(error: ErrorFacts | undefined, clientVersion: string): boolean {
  if (error?.body) return error.body.is === 'engineio-error' && error.body.code === 1;
  // Clients before 4.5 cannot read the body; a 400 right after a good handshake says the same.
  const hidesBody = !/^4\.(5|6|8)/.test(clientVersion);
  return hidesBody && error?.status === 400 && /^xhr (poll|post) error$/.test(error.message);
}

export const text: Text<Details> = {
  summary:
    'Several servers (or worker processes) stand behind this address, and the requests of one session are spread over them. A session lives in the memory of the one that made the handshake; every other one answers "Session ID unknown". HTTP long-polling makes many requests, so it needs a load balancer that keeps a client with one server.',
  remedy: ({ scope }) =>
    scope === 'upgrade'
      ? 'Polling is sticky, but the WebSocket request is routed by another rule. Apply the same stickiness to it: by client address or by a cookie that is sent with both.'
      : 'Enable sticky sessions in the load balancer (by cookie or client address); with the cluster module use @socket.io/sticky; or let clients use WebSocket only, which needs a single request. If stickiness is by cookie, cross-origin clients must set `withCredentials: true`, or the cookie never comes back.',
  snippet: ({ scope }) =>
    scope === 'upgrade'
      ? 'upstream nodes { hash $remote_addr consistent; server app1:3000; server app2:3000; }'
      : "io(url, { withCredentials: true }); // sends the load balancer's cookie",
  see: [
    {
      title: "You didn't enable sticky sessions",
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#you-didnt-enable-sticky-sessions-in-a-multi-server-setup',
    },
    { title: 'Sticky sessions', url: 'https://socket.io/docs/v4/using-multiple-nodes/#sticky-sessions' },
  ],
};
