import { evidence } from '../diagnosis/evidence.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Milliseconds to wait according to `Retry-After`, if the client could read it. */
  readonly retryAfterMs?: number;
}

export const rule: Rule<'request-rate-limited', Details> = {
  code: 'request-rate-limited',
  title: 'The client hit a rate limit',
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
    // If the response names no product, it may be nginx as well.
    if (answer?.status === 503 && /nginx|openresty/.test(answer.proxy ?? 'nginx')) {
      return {
        certainty: 'suspected',
        details: {},
        evidence: [evidence('The response had status 503, which nginx uses for its request limits.', answer.signal)],
      };
    }
    if (answer?.status !== 429) return undefined;
    const retryAfterMs = facts.connecting?.error.retryAfterMs ?? facts.closing?.error?.retryAfterMs;
    return {
      certainty: alternating || answer.isOfUpgrade || answer.isOfAnother ? 'suspected' : 'confirmed',
      ...(answer.ask && { ask: answer.ask }),
      likelihood: 'likely',
      details: retryAfterMs === undefined ? {} : { retryAfterMs },
      evidence: [evidence('The request was rejected with 429, too many requests.', answer.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A rate limit rejected the request with 429. HTTP long-polling makes many requests, and reconnecting clients make even more, so limits designed for an API are soon reached.',
  remedy: () =>
    'Exempt the Socket.IO path from the limit, or raise the limit for that path. To make fewer requests, let clients upgrade to WebSocket, and raise `reconnectionDelay` so that many clients do not come back at the same time.',
  snippet: () => 'io(url, { reconnectionDelay: 2_000, reconnectionDelayMax: 30_000, randomizationFactor: 1 });',
  see: [
    { title: 'Client option reconnectionDelay', url: 'https://socket.io/docs/v4/client-options/#reconnectiondelay' },
  ],
};
