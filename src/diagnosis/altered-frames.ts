import type { Signal } from '../signals/signal.js';
import { evidence } from './evidence.js';
import type { Facts } from './facts.js';
import { isBadFrame, isEndedByFrame } from './is-bad-frame.js';
import { isBrokenAtOnce } from './is-broken-at-once.js';
import type { Verdict } from './rule.js';

/**
 * A page does not learn what is wrong with a frame: a WebSocket that opens and breaks at its first message may have received one that an
 * intermediary altered, such as a compressed frame after the header that announces compression was removed.
 */
export function brokenWebSocket({
  connecting,
  probe,
  runtime,
  upgrading,
}: Facts): Verdict<{ readonly what: 'frames' }> | undefined {
  const failed = upgrading?.kind === 'upgrade-failed' ? upgrading : connecting?.blind && connecting.signal;
  const isOwn = upgrading !== undefined || connecting?.transport === 'websocket';
  if (!failed || !isOwn || runtime.kind === 'node' || connecting?.handshake || connecting?.timedOut) return undefined;
  const plain = probe('websocket-handshake');
  // Firefox treats what comes right after the handshake as part of it (153).
  const isRefused = runtime.engine === 'firefox' && plain?.websocket?.result === 'rejected';
  if (plain && plain.answer !== 'unknown' && !isBrokenAtOnce(plain) && !isRefused) return undefined;
  return {
    certainty: 'suspected',
    details: { what: 'frames' },
    evidence: [
      evidence('A WebSocket failed, and the browser does not say why.', failed),
      ...(plain && isBrokenAtOnce(plain) ? [evidence("The SDK's WebSocket opened and broke at once.", plain)] : []),
    ],
  };
}

/**
 * The first message on the WebSocket is not a handshake, while HTTP delivers one from the same path: it may be the same server, with
 * altered frames.
 */
export function strangeFirstMessage({
  upgrading,
  connecting,
  probe,
}: Facts): Verdict<{ readonly what: 'frames' }> | undefined {
  const asked = probe('websocket-handshake');
  const isOwn = connecting?.transport === 'websocket' && !connecting.handshake;
  if (!asked && isOwn && connecting.timedOut) {
    return {
      certainty: 'suspected',
      details: { what: 'frames' },
      evidence: [evidence('Whether a WebSocket opens, and what it receives then, is unknown.', connecting.signal)],
    };
  }
  const http = probe('http-handshake');
  if (asked?.websocket?.result !== 'other' || (http && http.answer !== 'yes')) return undefined;
  if (!upgrading && !isOwn) return undefined;
  return {
    certainty: 'suspected',
    details: { what: 'frames' },
    evidence: [evidence('A WebSocket opened, and its first message was not the handshake that HTTP returns.', asked)],
  };
}

/** ws in Node names what is wrong with a frame; except for its size, which is a limit of the client. */
export function failedByFrame(facts: Facts): Verdict<{ readonly what: 'frames' }> | undefined {
  const { connecting, closing, client } = facts;
  if (closing && isEndedByFrame(facts)) {
    const { code } = closing.error ?? {};
    return told(
      code ? `The WebSocket worked and then failed with ${code}.` : 'The browser itself closed the working WebSocket.',
      closing.signal,
    );
  }
  const isUntold = closing?.hadConnected && facts.runtime.kind !== 'node' && closing.reason === 'transport error';
  if (isUntold && closing.transport === 'websocket') {
    return {
      certainty: 'suspected',
      details: { what: 'frames' },
      evidence: [
        evidence(
          'The WebSocket failed, and this browser does not report whether a frame was the reason.',
          closing.signal,
        ),
      ],
    };
  }
  // An Engine.IO 3 client gets such a frame if the server responds to it with an HTTP error.
  if (!connecting || client.protocol === 3 || !isBadFrame(connecting.error.code)) return undefined;
  return told(`The WebSocket opened and then failed with ${connecting.error.code}.`, connecting.signal);
}

function told(claim: string, signal: Signal): Verdict<{ readonly what: 'frames' }> {
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'frames' },
    evidence: [evidence(claim, signal)],
  };
}
