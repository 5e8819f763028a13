import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody, isProxys500, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Absent if the browser hides it. */
  readonly status?: number;
}

/** 502 to 504 are a gateway's statuses about the server behind it, and 511 is that of a network which requires a login (RFC 6585). */
function isServerError(status: number): boolean {
  // There are no classes of statuses above 599 (RFC 9110, section 15).
  return status >= 500 && status < 600 && status !== 511 && (status < 502 || status > 504);
}

/** Those with which a CDN reports that the server behind it gave no response at all. */
function isOfDeliveryNetwork(status: number): boolean {
  return (status >= 521 && status <= 524) || status === 530;
}

/** 501 to a POST, after the handshake by GET has passed, is about the method: what rejects it is not a failing server. */
function isAboutMethod(facts: Facts, status: number): boolean {
  return status === 501 && isSendError(facts.closing?.error?.message ?? facts.connecting?.error.message);
}

export const rule: Rule<'server-error-response', Details> = {
  code: 'server-error-response',
  title: 'The server responds with an internal error',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const hidden = suspectHidden(facts, {});
    if (hidden) return hidden;
    const alternating = oneOfSeveralAnswers(facts, isServerError);
    const answer = alternating ?? failingAnswer(facts);
    const status = answer?.status;
    if (!answer || status === undefined || !isServerError(status)) return undefined;
    if (isEngineBody(answer.body) || isAboutMethod(facts, status)) return undefined;
    // It may be about a message that is too large, unless the next connection has met it, too.
    const isAboutMessage = facts.closing !== undefined && isLargeUnsent(facts.closing) && !facts.connecting;
    const isOpen = mayBeRedirected(facts, status);
    return {
      ...((isOpen || answer.ask) && { ask: ['http-handshake'] as const }),
      certainty:
        isOpen ||
        alternating ||
        isAboutMessage ||
        answer.isOfUpgrade ||
        answer.isOfAnother ||
        isOfDeliveryNetwork(status)
          ? 'suspected'
          : 'confirmed',
      ...(isProxys500(answer) && { asClass: true as const }),
      likelihood: isOfDeliveryNetwork(status) ? 'possible' : 'likely',
      details: { status },
      evidence: [evidence(`The response had status ${status}.`, answer.signal)],
    };
  },
};

/**
 * Engine.IO up to 5 answers a second poll with an empty 500, and a POST that a page has followed through a redirect arrives as one
 * (engine.io 3.6, 4.1, 5.0 lib/transports/polling.js, "overlap from client").
 */
function mayBeRedirected(facts: Facts, status: number): boolean {
  const { connecting } = facts;
  if (status !== 500 || !connecting?.handshake || connecting.transport !== 'polling') return false;
  const { body } = connecting.error;
  const asked = facts.probe('http-handshake');
  return (
    (body === undefined || body.is === 'empty') &&
    (!asked || asked.answer === 'unknown' || asked.http?.result === 'redirected')
  );
}

export const text: Text<Details> = {
  summary:
    'The server, or the framework around Socket.IO, failed while handling the request and responded with a 5xx status.',
  remedy: ({ status }) =>
    (status ?? 0) >= 520
      ? "Statuses from 520 up come from a content delivery network that got an unexpected response from the server behind it: read the network's explanation of the status, and the server's log."
      : 'Check the server log at that time for an exception in an engine middleware, in `allowRequest`, or in the framework in front of Socket.IO. A 500 without a page may also come from a development server (Vite up to 6, Create React App, Next.js rewrites) whose proxy cannot reach its target: is the Socket.IO server running there?',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
