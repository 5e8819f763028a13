import type { Signal } from '../signals/signal.js';
import { evidence } from './evidence.js';
import type { Facts } from './facts.js';
import { fingerprint, isRefusedAtOnce } from './fingerprint.js';
import { httpAnswer } from './http-answer.js';
import { isPage } from './is-page.js';
import type { Verdict } from './rule.js';

/**
 * Whether something may respond over HTTP that the page is not allowed to read: across origins, a response without CORS headers is opaque,
 * whatever its status, and with a Cross-Origin-Resource-Policy it is not even that. Returns the signal that shows it best, `undefined` once
 * it is excluded.
 */
export function hiddenAnswer(facts: Facts): Signal | undefined {
  const { connecting, closing } = facts;
  if (!isPage(facts)) return undefined;
  if (!connecting) {
    const isHidden = closing?.transport === 'polling' && closing.error?.status === 0 && !facts.target.sameOrigin;
    return isHidden ? closing.signal : undefined;
  }
  if (connecting.handshake) return hiddenInSession(facts);
  if (!connecting.blind || connecting.timedOut || httpAnswer(facts)) return undefined;
  const websocket = facts.probe('websocket-handshake')?.websocket?.result;
  // A WebSocket that is delayed says nothing about HTTP.
  const mayAnswer = websocket === 'timeout' && facts.probe('http-reachable')?.answer !== 'no';
  if (websocket !== undefined && websocket !== 'rejected' && websocket !== 'engineio' && !mayAnswer) return undefined;
  if (facts.probe('other-path')?.answer === 'yes') return undefined;
  if (fingerprint(facts) === 'yes' && !isRefusedAtOnce(facts)) return undefined;
  return facts.probe('http-reachable') ?? connecting.signal;
}

/**
 * A request right after a handshake that the page could read, with a response that it could not: CORS headers added in front of the server
 * are often added to successful responses only (`add_header` of nginx without `always`), and a firewall's own page has none.
 */
export function hiddenInSession(facts: Facts): Signal | undefined {
  const { connecting, target } = facts;
  if (!isPage(facts) || target.sameOrigin || !connecting?.handshake || connecting.timedOut) return undefined;
  const { signal, error, transport, blind } = connecting;
  if (!blind || transport !== 'polling' || !/^(xhr|fetch)/.test(error.message)) return undefined;
  // A session of ours that stays alive shows that such requests succeed.
  return facts.probe('session')?.answer === 'yes' ? undefined : signal;
}

/** What a gateway that reads the app's extra headers may have said: the bare request passed, and the response to the other is hidden. */
export function suspectHeaders<Details extends object>(facts: Facts, details: Details): Verdict<Details> | undefined {
  const headed = facts.probe('http-headers');
  // If the request passes with the names of the headers and values of ours, it may be the value that is rejected.
  const mayBeValue = headed?.answer === 'yes' && facts.connecting?.timedOut === false;
  return (headed?.http?.result === 'failed' || mayBeValue) && facts.connecting?.blind
    ? {
        certainty: 'suspected',
        details,
        evidence: [evidence('The response to the extra headers is hidden from the page.', headed)],
      }
    : undefined;
}

/**
 * What a gateway or server that reads the app's query may have said: a request without it was let in, and that of the client failed.
 */
export function suspectQuery<Details extends object>(facts: Facts, details: Details): Verdict<Details> | undefined {
  const { connecting, options, probe } = facts;
  if (!isPage(facts) || !options.hasQuery || !connecting?.blind || connecting.handshake || connecting.timedOut)
    return undefined;
  const bare = probe(connecting.transport === 'polling' ? 'http-handshake' : 'websocket-handshake');
  if (bare?.answer !== 'yes') return undefined;
  return {
    certainty: 'suspected',
    details,
    evidence: [evidence("A request without the app's query got through, but the client's request failed.", bare)],
  };
}

/** Suspects a cause that is a status: a page that may not read the response can neither see nor exclude it. */
export function suspectHidden<Details extends object>(facts: Facts, details: Details): Verdict<Details> | undefined {
  const hidden = hiddenAnswer(facts);
  return (
    hidden && {
      certainty: 'suspected',
      details,
      evidence: [evidence('The response, if any, is hidden from the page.', hidden)],
    }
  );
}
