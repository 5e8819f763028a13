import { begunAgain } from './begun-again.js';
import { evidence } from './evidence.js';
import type { Facts } from './facts.js';
import { httpAnswer } from './http-answer.js';
import { isSendError } from './is-send-error.js';
import { lostAfterPost } from './lost-after-post.js';
import type { Verdict } from './rule.js';

/** Engine.IO starts a session only if a request names none, and rejects a POST of that kind with "Bad handshake method". */
export function withoutSessionId(facts: Facts): Verdict<{ readonly what: 'query' }> | undefined {
  const { connecting, closing, upgrading } = facts;
  const posted = [connecting?.handshake && connecting, closing].find(
    (one) =>
      one && isSendError(one.error?.message) && one.error?.body?.is === 'engineio-error' && one.error.body.code === 2,
  );
  if (posted) {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      ask: [],
      details: { what: 'query' },
      evidence: [
        evidence('A POST request of a session was answered as if it did not name its session.', posted.signal),
      ],
    };
  }
  const again = begunAgain(facts);
  if (again) {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      ask: [],
      details: { what: 'query' },
      evidence: [evidence('A request of a session was answered with the handshake of another one.', again)],
    };
  }
  // First comes a reply to the upgrade other than the expected one, and then the server closes what it has started.
  const answered = facts.during('upgrade-failed').find(({ how }) => how === 'other');
  const asked = facts.probe('session-upgrade');
  if (!upgrading || !answered || (asked && asked.websocket?.result !== 'engineio')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: asked ? 'likely' : 'possible',
    ask: ['websocket-handshake', 'http-handshake', 'session-upgrade'],
    details: { what: 'query' },
    evidence: [
      evidence('The upgrade received an unexpected answer.', answered),
      ...(asked ? [evidence('A WebSocket of the SDK that named a session was given a new one.', asked)] : []),
    ],
  };
}

/** A JavaScript server that rejects a protocol version speaks this client's version 4, and treats a request that names no version as 3. */
export function withoutProtocol(facts: Facts): Verdict<{ readonly what: 'query' }> | undefined {
  const { body, signal } = httpAnswer(facts) ?? {};
  const isRefused = body?.is === 'engineio-error' && body.code === 5 && body.ownWords;
  if (!signal || !isRefused || facts.client.protocol !== 4 || facts.options.pathHolds) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'query' },
    evidence: [evidence("A server that speaks this client's protocol took it for an older one.", signal)],
  };
}

/**
 * Engine.IO rejects a second poll of one session with words that no other request gets ("overlap from client": 400 with an empty body), and
 * the client never sends two: its POST arrives as GET.
 */
export function withOtherMethod({ connecting, probe }: Facts): Verdict<{ readonly what: 'request' }> | undefined {
  const { status, body } = connecting?.error ?? {};
  if (!connecting || status !== 400 || body?.is !== 'empty' || connecting.transport !== 'polling') return undefined;
  const isFollowed = [probe('session'), probe('http-handshake')].some((asked) => asked?.http?.result === 'redirected');
  if (isFollowed) return undefined;
  return {
    certainty: 'suspected',
    likelihood: probe('session') ? 'likely' : 'possible',
    ask: ['session'],
    details: { what: 'request' },
    evidence: [
      evidence(
        'The session was rejected as if the client polled twice at once, which it never does.',
        connecting.signal,
      ),
    ],
  };
}

/**
 * A POST that arrives without its body gets a success response, and Engine.IO 4 ends the session because nothing is not a packet: only the
 * poll shows it. A session of the SDK that is closed by a POST cannot distinguish such a server from one that reads the body.
 */
export function withoutBody(facts: Facts): Verdict<{ readonly what: 'request' }> | undefined {
  const lost = lostAfterPost(facts);
  const session = facts.probe('session');
  if (!lost || (session && session.answer !== 'yes')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: session ? 'likely' : 'possible',
    ask: ['session'],
    details: { what: 'request' },
    evidence: [
      evidence('The session was unknown to the server after its first POST request.', lost.signal),
      ...(session ? [evidence('POST requests to sessions of the SDK succeeded.', session)] : []),
    ],
  };
}
