import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { areConnectionsHeld, httpWaits } from '../diagnosis/http-waits.js';
import { isPage } from '../diagnosis/is-page.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { SignalOf } from '../signals/signal.js';

export interface Details {
  /** How long a request of the SDK waited, in milliseconds; absent where none could be made. */
  readonly waitedMs?: number;
}

export const rule: Rule<'connection-limit-reached', Details> = {
  code: 'connection-limit-reached',
  title: 'All connections that the browser opens to one host are in use',
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
    const told = evidence('The request for the handshake was not answered in time.', connecting.signal);
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
              'A request without cookies, for which browsers keep other connections, was answered at once.',
              passed,
            ),
            ...(again ? [evidence('The next one of the client was not.', again)] : []),
          ],
        }
      );
    }
    const isHeld = areConnectionsHeld(facts);
    return {
      // What holds up HTTP alone on its way looks the same, and is likelier where the page is not seen to hold the connections.
      certainty: 'suspected',
      likelihood: isHeld ? 'likely' : 'possible',
      details: waits.http ? { waitedMs: waits.http.durationMs } : {},
      evidence: [
        told,
        evidence('The server answered a WebSocket at once, which is no part of the limit.', waits.websocket),
        ...(waits.http ? [evidence('A request by the SDK waited as well.', waits.http)] : []),
        ...(isHeld
          ? [
              evidence(
                `${facts.runtime.pollingElsewhere} other sockets of the page were on polling.`,
                connecting.signal,
              ),
            ]
          : []),
      ],
    };
  },
};

/**
 * More sockets on polling than there are connections: each waits for its turn with polls and POSTs, and the server gives up those that do
 * not answer its heartbeat in time.
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
      evidence('The session ended as one whose requests come too late.', closing.signal),
      evidence(
        `${facts.runtime.pollingElsewhere} other sockets of the page were on polling to the same host.`,
        closing.signal,
      ),
    ],
  };
}

/** Chromium and Firefox do not use one connection for requests with and without cookies: ours say nothing of those that the client waits for. */
function passedWithoutCookies(facts: Facts): SignalOf<'probe'> | undefined {
  const isWithCookies = facts.target.sameOrigin || facts.options.withCredentials;
  const http = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake');
  // A WebSocket carries cookies, and Firefox counts those among the six.
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
    'Over HTTP/1.1 a browser opens six connections to one host at most, for all its tabs together. Each socket that stays on long-polling holds one of them all the time, and so does each EventSource and each request that hangs: the next request waits until one of them ends. The server is well and answers WebSocket connections, which do not count.',
  remedy: () =>
    'Let sockets get to WebSocket: see why they stay on polling (a proxy without upgrades, `transports: ["polling"]`, `upgrade: false`), or start with it. Use one socket for the whole page instead of one for each component, close EventSource streams that nobody reads, or serve the host over HTTP/2, where the limit is about a hundred.',
  snippet: () => "io(url, { transports: ['websocket', 'polling'] });",
  see: [
    { title: 'HTTP long-polling', url: 'https://socket.io/docs/v4/how-it-works/#http-long-polling' },
    { title: 'Client option transports', url: 'https://socket.io/docs/v4/client-options/#transports' },
  ],
};
