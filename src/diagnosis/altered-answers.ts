import type { SignalOf } from '../signals/signal.js';
import { evidence } from './evidence.js';
import type { Facts } from './facts.js';
import { isIdKnown } from './is-id-known.js';
import { isSendError } from './is-send-error.js';
import type { Verdict } from './rule.js';
import { wasServed } from './was-served.js';

/** A response that a browser could not decode is an empty one to the client (WebKitGTK 2.50; the others report the request as failed). */
export function emptyInSession({
  closing,
  during,
  runtime,
}: Facts): Verdict<{ readonly what: 'encoding' }> | undefined {
  if (!closing?.hadConnected || runtime.kind === 'node' || closing.error?.message !== 'server error') return undefined;
  const body = closing.error.body ?? during('engine-failed')[0]?.error.body;
  if (body?.is !== 'empty') return undefined;
  return {
    certainty: 'suspected',
    details: { what: 'encoding' },
    evidence: [evidence('A response during the session was empty; servers never send one.', closing.signal)],
  };
}

/** The client reads a handshake without checking it: it requests the session "undefined", has no valid heartbeat, or throws. */
export function incompleteHandshake(facts: Facts): Verdict<{ readonly what: 'handshake' }> | undefined {
  const { about, all, last } = facts;
  // The next attempt may have been given its own handshake by now, and no answer to what it asks behind it.
  const handshake = last('handshake')?.incomplete
    ? last('handshake')
    : all('handshake').find((one) => isMasked(facts, one));
  if (!handshake || (about.phase !== 'connect' && about.phase !== 'session')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: [],
    details: { what: 'handshake' },
    evidence: [
      evidence(
        handshake.incomplete
          ? 'The handshake lacked a field that every server sends.'
          : 'The handshake contained a session id that no server generates, and no such session existed.',
        handshake,
      ),
    ],
  };
}

/** Filters that hide secrets in responses mistake a session id for one: the session that the client then requests never existed. */
function isMasked(facts: Facts, { strangeSid, attempt }: SignalOf<'handshake'>): boolean {
  if (!strangeSid || isIdKnown(facts)) return false;
  const failed = [...facts.all('engine-failed'), ...facts.all('connect-error'), ...facts.all('engine-closed')];
  const unknown = failed.find((one) => one.attempt === attempt && one.error?.status === 400);
  return unknown !== undefined && !wasServed(facts, attempt, unknown.at);
}

/**
 * Clients accept 200 and nothing else (engine.io-client lib/transports/polling-xhr.ts), and servers use it for what they have understood.
 * Others are 204 to a POST, 206 by a cache that keeps parts, 203 by a proxy that says it changes responses (RFC 9110, section 15.3.4).
 */
export function otherStatus({ closing, connecting }: Facts): Verdict<{ readonly what: 'status' }> | undefined {
  const failed = connecting ?? closing;
  const { status = 0, body, message } = failed?.error ?? {};
  if (!failed || status <= 200 || status >= 300) return undefined;
  const isOfSession = closing?.hadConnected === true || connecting?.handshake !== undefined;
  if (!isOfSession && body?.is !== 'engineio-open') return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'status' },
    evidence: [
      evidence(
        isOfSession
          ? `A ${isSendError(message) ? 'POST request' : 'poll'} of a session was answered with ${status}; servers send 200.`
          : `The handshake came with status ${status}; servers send 200.`,
        failed.signal,
      ),
    ],
  };
}

/** Node's parser accepted the first line as HTTP and failed after it (llhttp 8 and 9), where browsers may be more lenient. */
const BEHIND_FIRST_LINE =
  /^HPE_(INVALID_HEADER_TOKEN|(INVALID|UNEXPECTED)_CONTENT_LENGTH|INVALID_TRANSFER_ENCODING|HEADER_OVERFLOW|LF_EXPECTED)$/;

/** The head of the response to the handshake is not valid HTTP: a status line came, so something that speaks HTTP was reached. */
export function brokenHead({ connecting, probe }: Facts): Verdict<{ readonly what: 'headers' }> | undefined {
  const code = connecting?.error.code ?? probe('http-handshake')?.http?.code;
  if (!connecting || connecting.handshake || !BEHIND_FIRST_LINE.test(code ?? '')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: ['http-handshake'],
    details: { what: 'headers' },
    evidence: [evidence(`Node could not parse the head of the response: ${code}.`, connecting.signal)],
  };
}

/** A client opens its engine as soon as it has read a handshake: if it read one and never opened, it failed on what it read. */
export function unusableHandshake({ connecting, all }: Facts): Verdict<{ readonly what: 'handshake' }> | undefined {
  if (!connecting?.handshake || !connecting.timedOut) return undefined;
  const { attempt } = connecting.signal;
  if (all('engine-opened').some((opened) => opened.attempt === attempt)) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'handshake' },
    evidence: [
      evidence('The client read a handshake but could not start a session with its contents.', connecting.handshake),
    ],
  };
}
