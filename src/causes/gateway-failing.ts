import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody, isProxys500, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** 502, 503, 504 or 408, or a status that a CDN uses for the server behind it; absent if the browser hides it. */
  readonly status?: number;
}

const STATUSES = [502, 503, 504];
/**
 * Cloudflare's statuses for an origin server that refuses connections, times out, cannot be reached, does not respond in time or has no
 * address (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/). 520, 525 and 526 are about
 * one that did respond, but wrongly.
 */
const OF_DELIVERY_NETWORKS = [521, 522, 523, 524, 530];

/** What proxies and tunnels say when a request takes too long, whoever is too slow (RFC 9110, section 15.5.9). */
const TIMED_OUT = 408;

function isGatewayStatus(status: number): boolean {
  return STATUSES.includes(status) || OF_DELIVERY_NETWORKS.includes(status) || status === TIMED_OUT;
}

export const rule: Rule<'gateway-failing', Details> = {
  code: 'gateway-failing',
  title: 'A proxy responds, but the server behind it does not',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const alternating = oneOfSeveralAnswers(facts, isGatewayStatus);
    const answer = alternating ?? failingAnswer(facts);
    const status = answer?.status;
    if (answer && status !== undefined && isGatewayStatus(status) && !isEngineBody(answer.body)) {
      // A server may send a 503 itself, and a proxy forwards it: the page must be the proxy's own.
      const isOpen =
        (status === 503 && !facts.probe('http-handshake')?.http?.isProxyPage) ||
        // A request that hung, as polls do, until the proxy gave up: the proxy's timeout may be too short rather than the server too slow.
        (status !== 503 && !facts.connecting) ||
        status === TIMED_OUT;
      // It may be how the proxy rejects a message that is too large, unless the next connection has met it, too.
      const isAboutMessage = facts.closing !== undefined && isLargeUnsent(facts.closing) && !facts.connecting;
      // Service workers respond with 503 or 504 when they cannot reach the server (Angular's ngsw does); a proxy names itself.
      const isOwnAnswer = answer.proxy === undefined && mayBeServiceWorker(facts, transportOf(facts));
      return {
        certainty:
          alternating || isOpen || isAboutMessage || isOwnAnswer || answer.isOfUpgrade || answer.isOfAnother
            ? 'suspected'
            : 'confirmed',
        // No standard defines them: a server may use them in a sense of its own.
        ...(OF_DELIVERY_NETWORKS.includes(status) && { asClass: true as const }),
        ...(answer.ask && { ask: answer.ask }),
        likelihood: 'likely',
        details: { status },
        evidence: [evidence(`The response had status ${status}.`, answer.signal)],
      };
    }
    if (answer && isProxys500(answer) && facts.connecting?.handshake === undefined) {
      return {
        certainty: 'suspected',
        details: { status: 500 },
        evidence: [
          evidence(
            'A 500 without a page may come from a development server whose proxy cannot reach its target.',
            answer.signal,
          ),
        ],
      };
    }
    // It rejected a WebSocket while the server was away, or because there were too many of them, and HTTP got through in the meantime.
    const { connecting } = facts;
    const refused = connecting?.transport === 'websocket' ? connecting.error.status : undefined;
    if (connecting && refused && STATUSES.includes(refused)) {
      const isLetIn = facts.probe('websocket-again')?.answer === 'yes';
      return {
        certainty: 'suspected',
        details: { status: refused },
        evidence: [
          evidence(
            `A WebSocket was rejected with ${refused}${isLetIn ? '; a later one was accepted' : ''}.`,
            connecting.signal,
          ),
        ],
      };
    }
    return suspectHidden(facts, {});
  },
};

function transportOf({ connecting, closing }: Facts): string | undefined {
  return (connecting ?? closing)?.transport;
}

export const text: Text<Details> = {
  summary:
    'A reverse proxy or load balancer responded with an error of its own (502 Bad Gateway, 503 Service Unavailable or 504 Gateway Timeout; a CDN also uses 521 to 524 and 530) because it could not get a response from the Socket.IO server behind it.',
  remedy: ({ status }) =>
    status === 504 || status === 524
      ? "The server behind the proxy takes too long to respond. Look for a blocked event loop, and make the proxy's read timeout longer than pingInterval + pingTimeout."
      : "Check that the server process is running and listening where the proxy expects it (host, port, container network), and read the proxy's error log. During a deployment, or while a platform wakes up a sleeping server, this goes away by itself, and clients reconnect. If the response is a page that wants to verify its visitor, it comes from a bot check: exempt the Socket.IO path from it.",
  snippet: () => 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # is something listening there?',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
