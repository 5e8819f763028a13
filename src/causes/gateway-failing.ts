import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody, isProxys500, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** 502, 503 or 504, or one of those that a delivery network has for the server behind it; absent where the browser hides it. */
  readonly status?: number;
}

const STATUSES = [502, 503, 504];
/**
 * Cloudflare's for a server behind it that refuses, lets it wait, cannot be reached, does not answer in time or has no address
 * (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/). 520, 525 and 526 tell of one that did
 * answer, and wrongly.
 */
const OF_DELIVERY_NETWORKS = [521, 522, 523, 524, 530];

function isGatewayStatus(status: number): boolean {
  return STATUSES.includes(status) || OF_DELIVERY_NETWORKS.includes(status);
}

export const rule: Rule<'gateway-failing', Details> = {
  code: 'gateway-failing',
  title: 'A proxy answers, the server behind it does not',
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
      // A server may say 503 of itself, and a proxy hands that on: the page must be the proxy's own.
      const isOpen =
        (status === 503 && !facts.probe('http-handshake')?.http?.isProxyPage) ||
        // A request that hung, as polls do, and was given up by the proxy: its patience may be too short, not the server too slow.
        (status !== 503 && !facts.connecting);
      // It may be the proxy's word for a message that is too big, as long as the next connection has not met it, too.
      const isAboutMessage = facts.closing !== undefined && isLargeUnsent(facts.closing) && !facts.connecting;
      // Service workers say 503 or 504 where they reach nobody (Angular's ngsw does); a proxy signs.
      const isOwnAnswer = answer.proxy === undefined && mayBeServiceWorker(facts, transportOf(facts));
      return {
        certainty:
          alternating || isOpen || isAboutMessage || isOwnAnswer || answer.isOfUpgrade ? 'suspected' : 'confirmed',
        // No standard defines them: a server may use them in a sense of its own.
        ...(OF_DELIVERY_NETWORKS.includes(status) && { asClass: true as const }),
        likelihood: 'likely',
        details: { status },
        evidence: [evidence(`The server answered with ${status}.`, answer.signal)],
      };
    }
    if (answer && isProxys500(answer) && facts.connecting?.handshake === undefined) {
      return {
        certainty: 'suspected',
        details: { status: 500 },
        evidence: [
          evidence(
            'A 500 without a page may be the word of a development server whose proxy reaches nobody.',
            answer.signal,
          ),
        ],
      };
    }
    // It refused a WebSocket while the server was away, or that many of them, and HTTP was let through meanwhile.
    const { connecting } = facts;
    const refused = connecting?.transport === 'websocket' ? connecting.error.status : undefined;
    if (connecting && refused && STATUSES.includes(refused)) {
      const isLetIn = facts.probe('websocket-again')?.answer === 'yes';
      return {
        certainty: 'suspected',
        details: { status: refused },
        evidence: [
          evidence(
            `A WebSocket was answered with ${refused}${isLetIn ? ', a later one was accepted' : ''}.`,
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
    'A reverse proxy or load balancer answered with an error of its own (502 Bad Gateway, 503 Service Unavailable or 504 Gateway Timeout, in a delivery network also 521 to 524 and 530): it could not get an answer from the Socket.IO server behind it.',
  remedy: ({ status }) =>
    status === 504 || status === 524
      ? 'The server behind the proxy takes too long. Look for a blocked event loop, and make the read timeout of the proxy longer than pingInterval + pingTimeout.'
      : 'Check that the server process runs and listens where the proxy looks for it (host, port, container network), and read the error log of the proxy. During a deployment, and while a platform starts a server that slept, this passes; clients reconnect by themselves. If the answer is a page that wants to check its visitor, it comes from a bot check: exempt the path of Socket.IO from it.',
  snippet: () => 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # is something listening there?',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
