import { evidence } from '../diagnosis/evidence.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Milliseconds to wait by `Retry-After`, where the client could read it. */
  readonly retryAfterMs?: number;
}

export const rule: Rule<'request-rate-limited', Details> = {
  code: 'request-rate-limited',
  title: 'Too many requests for the limit of the server',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const hidden = suspectHidden(facts, {});
    if (hidden) return hidden;
    const alternating = oneOfSeveralAnswers(facts, (status) => status === 429);
    const answer = alternating ?? failingAnswer(facts);
    // Where nobody signs, it may be nginx as well.
    if (answer?.status === 503 && /nginx|openresty/.test(answer.proxy ?? 'nginx')) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence('It answered with 503, the status of the request limits of nginx.', answer.signal)],
      };
    }
    if (answer?.status !== 429) return undefined;
    const retryAfterMs = facts.connecting?.error.retryAfterMs ?? facts.closing?.error?.retryAfterMs;
    return {
      certainty: alternating || answer.isOfUpgrade ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      details: retryAfterMs === undefined ? {} : { retryAfterMs },
      evidence: [evidence('The request was answered with 429, too many requests.', answer.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A rate limit refused the request with 429. HTTP long-polling makes many requests, and reconnecting clients make more, so limits meant for an API are soon reached.',
  remedy: () =>
    'Exempt the path of Socket.IO from the limit or raise it for that path. Fewer requests: let clients upgrade to WebSocket, and raise `reconnectionDelay` so that many clients do not come back at once.',
  snippet: () => 'io(url, { reconnectionDelay: 2_000, reconnectionDelayMax: 30_000, randomizationFactor: 1 });',
  see: [
    { title: 'Client option reconnectionDelay', url: 'https://socket.io/docs/v4/client-options/#reconnectiondelay' },
  ],
};
