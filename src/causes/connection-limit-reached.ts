import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { areConnectionsHeld, httpWaits } from '../diagnosis/http-waits.js';
import { isPage } from '../diagnosis/is-page.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  /** How long a request by the SDK waited, in milliseconds; absent if none could be made. */
  readonly waitedMs?: number;
}

export const rule: Rule<'connection-limit-reached', Details> = {
  code: 'connection-limit-reached',
  title: 'The browser has reached its connection limit for this host',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/how-it-works/#http-long-polling',
  needs: ['websocket-handshake', 'http-reachable'],
  yieldsTo: ['network-offline', 'csp-blocked', 'mixed-content-blocked'],
  match(facts) {
    const { connecting } = facts;
    const inSession = matchSession(facts);
    if (inSession) return inSession;
    if (!connecting?.timedOut || connecting.handshake || connecting.transport !== 'polling') return undefined;
    const told = evidence('The handshake request was not answered in time.', connecting.signal);
    const waits = httpWaits(facts);
    if (waits === 'unknown') return { certainty: 'suspected', details: {}, evidence: [told] };
    if (waits === 'no') {
      const passed = passedWithoutCookies(facts);
      const again = passed && timedOutAfter(facts, passed);
      return (
        passed && {
          certainty: 'suspected',
          ...((again || areConnectionsHeld(facts)) && { likelihood: 'likely' as const }),
          details: {},
          evidence: [
            told,
            evidence(
              'A request without cookies, for which browsers use separate connections, was answered at once.',
              passed,
            ),
            ...(again ? [evidence("The client's next request was not.", again)] : []),
          ],
        }
      );
    }
    const isHeld = areConnectionsHeld(facts);
    return {
      // Something in between that delays only HTTP looks the same, and is likelier unless the page is seen to hold the connections.
      certainty: 'suspected',
      likelihood: isHeld ? 'likely' : 'possible',
      details: waits.http ? { waitedMs: waits.http.durationMs } : {},
      evidence: [
        told,
        evidence('The server answered a WebSocket at once, which does not count toward the limit.', waits.websocket),
        ...(waits.http ? [evidence('A request by the SDK waited, too.', waits.http)] : []),
        ...(isHeld
          ? [evidence(`${facts.runtime.pollingElsewhere} other sockets on the page were polling.`, connecting.signal)]
          : []),
      ],
    };
  },
};

/**
 * More sockets are polling than there are connections: each one queues its polls and POSTs, and the server drops those that do not answer
 * its heartbeat in time.
 */
function matchSession(facts: Facts): Verdict<Details> | undefined {
  const { closing } = facts;
  if (!isPage(facts) || closing?.transport !== 'polling' || !areConnectionsHeld(facts)) return undefined;
  const isForgotten = closing.error?.status === 400 || closing.error?.body?.is === 'engineio-error';
  if (!isForgotten && closing.reason !== 'ping timeout') return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: [],
    details: {},
    evidence: [
      evidence('The session ended as if its requests had come too late.', closing.signal),
      evidence(
        `${facts.runtime.pollingElsewhere} other sockets on the page were polling the same host.`,
        closing.signal,
      ),
    ],
  };
}

/**
 * Chromium and Firefox do not share connections between requests with and without cookies, so our requests say nothing about those that the
 * client is waiting for.
 */
function passedWithoutCookies(facts: Facts): SignalOf<'probe'> | undefined {
  const isWithCookies = facts.target.sameOrigin || facts.options.withCredentials;
  const http = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake');
  // A WebSocket carries cookies, and Firefox counts it among the six.
  const isCounted = facts.runtime.engine === 'firefox' && websocket?.websocket?.result === 'timeout';
  const isAnswered = http?.answer === 'yes' && (websocket?.answer === 'yes' || isCounted);
  return isPage(facts) && isWithCookies && isAnswered ? http : undefined;
}

function timedOutAfter(facts: Facts, { at }: SignalOf<'probe'>): SignalOf<'connect-error'> | undefined {
  const startedAt = (attempt: number) => facts.all('attempt-started').find((one) => one.attempt === attempt)?.at ?? 0;
  return facts.during('connect-error').find(({ source, attempt }) => source === 'timeout' && startedAt(attempt) > at);
}

export const text: Text<Details> = {
  summary:
    'Over HTTP/1.1, a browser opens at most six connections to one host, shared by all its tabs. Each socket that stays on HTTP long-polling permanently holds one of them, and so does each EventSource and each pending request: the next request waits until one of them ends. The server is fine and accepts WebSocket connections, which do not count toward the limit.',
  remedy: () =>
    'Let sockets upgrade to WebSocket: find out why they stay on polling (a proxy that does not forward upgrades, `transports: ["polling"]`, `upgrade: false`), or start with WebSocket. Use one socket for the whole page instead of one per component, close EventSource streams that are no longer needed, or serve the host over HTTP/2, where the limit is about a hundred.',
  snippet: () => "io(url, { transports: ['websocket', 'polling'] });",
  see: [
    { title: 'HTTP long-polling', url: 'https://socket.io/docs/v4/how-it-works/#http-long-polling' },
    { title: 'Client option transports', url: 'https://socket.io/docs/v4/client-options/#transports' },
  ],
};
