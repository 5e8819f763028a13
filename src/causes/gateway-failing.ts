import { evidence } from '../diagnosis/evidence.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** 502, 503 or 504; absent where the browser hides it. */
  readonly status?: number;
}

const STATUSES = [502, 503, 504];

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
    const { closing, connecting } = facts;
    const ending = closing?.error;
    if (closing && ending?.status !== undefined && STATUSES.includes(ending.status) && !isEngineBody(ending.body)) {
      return {
        certainty: 'confirmed',
        details: { status: ending.status },
        evidence: [evidence(`A request of the session was answered with ${ending.status}.`, closing.signal)],
      };
    }
    const answer = httpAnswer(facts);
    const status = answer?.status;
    if (answer && status !== undefined && STATUSES.includes(status) && !isEngineBody(answer.body)) {
      return {
        certainty: 'confirmed',
        details: { status },
        evidence: [evidence(`The handshake was answered with ${status}.`, answer.signal)],
      };
    }
    // Cross-origin an error page carries no CORS headers: only that something answers can be known.
    if (!connecting?.blind || connecting.handshake || connecting.timedOut || answer || facts.runtime.kind === 'node')
      return undefined;
    const reachable = facts.probe('http-reachable');
    const websocket = facts.probe('websocket-handshake');
    if (reachable?.answer === 'no' || (websocket && websocket.websocket?.result !== 'rejected')) return undefined;
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('Something answers, but the browser hides what.', reachable ?? connecting.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A reverse proxy or load balancer answered with an error of its own (502 Bad Gateway, 503 Service Unavailable or 504 Gateway Timeout): it could not get an answer from the Socket.IO server behind it.',
  remedy: ({ status }) =>
    status === 504
      ? 'The server behind the proxy takes too long. Look for a blocked event loop, and make the read timeout of the proxy longer than pingInterval + pingTimeout.'
      : 'Check that the server process runs and listens where the proxy looks for it (host, port, container network), and read the error log of the proxy. During a deployment this passes; clients reconnect by themselves.',
  snippet: () => 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # is something listening there?',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
