import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer, isEngineBody, isProxys500, oneOfSeveralAnswers } from '../diagnosis/http-answer.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Absent where the browser hides it. */
  readonly status?: number;
}

/** 502 to 504 are a gateway's word about the server behind it, and 511 that of a network which asks for a login (RFC 6585). */
function isServerError(status: number): boolean {
  // Beyond 599 there are no classes of statuses (RFC 9110, section 15).
  return status >= 500 && status < 600 && status !== 511 && (status < 502 || status > 504);
}

/** Those by which a delivery network tells that the server behind it gave no answer at all. */
function isOfDeliveryNetwork(status: number): boolean {
  return (status >= 521 && status <= 524) || status === 530;
}

/** 501 to a POST, where the handshake by GET has passed, is about the method: what refuses it is no failing server. */
function isAboutMethod(facts: Facts, status: number): boolean {
  return status === 501 && isSendError(facts.closing?.error?.message ?? facts.connecting?.error.message);
}

export const rule: Rule<'server-error-response', Details> = {
  code: 'server-error-response',
  title: 'The server answers with an internal error',
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
    // It may be about a message that is too big, as long as the next connection has not met it, too.
    const isAboutMessage = facts.closing !== undefined && isLargeUnsent(facts.closing) && !facts.connecting;
    const isOpen = mayBeRedirected(facts, status);
    return {
      ...(isOpen && { ask: ['http-handshake'] as const }),
      certainty:
        isOpen || alternating || isAboutMessage || answer.isOfUpgrade || answer.isBare || isOfDeliveryNetwork(status)
          ? 'suspected'
          : 'confirmed',
      ...(isProxys500(answer) && { asClass: true as const }),
      likelihood: isOfDeliveryNetwork(status) ? 'possible' : 'likely',
      details: { status },
      evidence: [evidence(`The request was answered with ${status}.`, answer.signal)],
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
    'The server, or the framework around Socket.IO, failed while it handled the request and answered with a 5xx status.',
  remedy: ({ status }) =>
    (status ?? 0) >= 520
      ? 'Statuses from 520 on come from a content delivery network that could not make sense of the server behind it: look at its explanation of the code and at the log of the server.'
      : 'Look at the log of the server at that moment: an exception in an engine middleware, in `allowRequest`, or in the framework in front of Socket.IO. A 500 without a page is also the word of a development server (Vite up to 6, Create React App, rewrites of Next.js) whose proxy reaches nobody at its target: is the Socket.IO server running there?',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
