import { begunAgain } from '../diagnosis/begun-again.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { hiddenAnswer } from '../diagnosis/hidden-answer.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import { isBadFrame, isEndedByFrame } from '../diagnosis/is-bad-frame.js';
import { isBrokenAtOnce } from '../diagnosis/is-broken-at-once.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import { lostAfterPost } from '../diagnosis/lost-after-post.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { BodyKind } from '../signals/body-kind.js';
import type { Signal } from '../signals/signal.js';

export interface Details {
  /**
   * `handshake`: something stands before or behind it, or a part is missing. `encoding`: it is compressed and not announced so, or the
   * reverse, or it is shorter than announced. `frames`: the WebSocket brought what is no frame. `request`: it is the client's POST requests
   * that do not arrive as they were sent. `status`: an answer that is well has got another status than 200. `query`: requests arrive without
   * the session id that they had in their query.
   */
  readonly what: 'handshake' | 'encoding' | 'frames' | 'request' | 'status' | 'query';
}

export const rule: Rule<'response-altered', Details> = {
  code: 'response-altered',
  title: 'Something changes requests or answers on their way',
  phase: 'connect',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/reverse-proxy/',
  needs: ['websocket-handshake', 'http-handshake', 'session-upgrade'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { connecting } = facts;
    const changed = matchQuery(facts) ?? matchIncomplete(facts);
    if (changed) return changed;
    const inSession = matchSession(facts) ?? matchFrames(facts) ?? matchStatus(facts) ?? matchBroken(facts);
    if (inSession) return inSession;
    const firstMessage = matchFirstMessage(facts);
    if (firstMessage) return firstMessage;
    if (connecting?.handshake) return matchBreakdown(facts) ?? matchMethod(facts) ?? matchRequest(facts);
    if (!connecting) return undefined;
    const answer = readAnswer(facts);
    // Nothing was told, and nobody has looked at what is answered; or what looked was not told either, as of an answer that broke off.
    const isUnasked = !facts.probe('http-handshake');
    const isHidden =
      connecting.blind &&
      facts.runtime.kind !== 'node' &&
      (isUnasked || hiddenAnswer(facts) !== undefined || isHiddenByFirefox(facts));
    // Node tells an answer that broke off as a connection that was cut.
    if (connecting.transport === 'polling' && (isHidden || (isUnasked && connecting.cut))) {
      return {
        certainty: 'suspected',
        details: { what: 'handshake' },
        evidence: [evidence('What was answered, if anything, is not known.', connecting.signal)],
      };
    }
    const what = answer && whatIsWrong(answer.body);
    if (!what && answer?.status === 200 && answer.body?.is === 'empty') {
      return {
        certainty: 'suspected',
        details: { what: 'handshake' },
        evidence: [
          evidence('The answer to the handshake was empty: its body may have been taken away.', answer.signal),
        ],
      };
    }
    if (!what) return matchReplaced(facts, answer);
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: { what },
      evidence: [
        evidence(
          what === 'handshake'
            ? 'The answer holds a handshake of Engine.IO and something that does not belong to it.'
            : 'The answer could not be decoded, or broke off.',
          answer.signal,
        ),
      ],
    };
  },
};

/** Firefox fails also a request that only asks whether anything answers, where the answer breaks off behind its headers (153). */
function isHiddenByFirefox({ runtime, probe }: Facts): boolean {
  const isReached = probe('websocket-handshake')?.answer === 'yes';
  return runtime.engine === 'firefox' && isReached && probe('http-reachable')?.http?.result === 'failed';
}

/** What a browser could not decode is an empty answer to the client (WebKitGTK 2.50; the others tell the request as failed). */
function matchSession({ closing, during, runtime }: Facts) {
  if (!closing?.hadConnected || runtime.kind === 'node' || closing.error?.message !== 'server error') return undefined;
  const body = closing.error.body ?? during('engine-failed')[0]?.error.body;
  if (body?.is !== 'empty') return undefined;
  return {
    certainty: 'suspected' as const,
    details: { what: 'encoding' as const },
    evidence: [evidence('An answer in mid-session was empty, which no answer of the server is.', closing.signal)],
  };
}

/** Engine.IO begins a session only where a request names none, and calls a POST of that kind a "Bad handshake method". */
function matchQuery(facts: Facts): Verdict<Details> | undefined {
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
        evidence('A POST request of a session was answered as one that does not name its session.', posted.signal),
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
      evidence: [evidence('A request of a session was answered by the handshake of another one.', again)],
    };
  }
  // What comes first is an answer to the upgrade other than the word that was expected, and then the server closes what it has begun.
  const answered = facts.during('upgrade-failed').find(({ how }) => how === 'other');
  const asked = facts.probe('session-upgrade');
  if (!upgrading || !answered || (asked && asked.websocket?.result !== 'engineio')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: asked ? 'likely' : 'possible',
    ask: ['websocket-handshake', 'http-handshake', 'session-upgrade'],
    details: { what: 'query' },
    evidence: [
      evidence('The upgrade was answered by something else than the word for it.', answered),
      ...(asked ? [evidence('A WebSocket of the SDK that named a session was given a new one.', asked)] : []),
    ],
  };
}

/** The client reads a handshake without checking it: it asks for the session "undefined", beats at no time, or throws. */
function matchIncomplete({ about, last }: Facts): Verdict<Details> | undefined {
  const handshake = last('handshake');
  if (!handshake?.incomplete || (about.phase !== 'connect' && about.phase !== 'session')) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: [],
    details: { what: 'handshake' },
    evidence: [evidence('The handshake lacked something that every server says in it.', handshake)],
  };
}

/**
 * Clients take 200 for an answer and nothing else (engine.io-client lib/transports/polling-xhr.ts), and servers give it to what they have
 * understood. 204 to a POST, 206 of a cache that keeps parts, 203 of a proxy that says that it changes answers (RFC 9110, section 15.3.4).
 */
function matchStatus({ closing, connecting }: Facts): Verdict<Details> | undefined {
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
          ? `A ${isSendError(message) ? 'POST request' : 'poll'} of a session was answered with ${status}, and servers say 200.`
          : `The handshake came with status ${status}, and servers say 200.`,
        failed.signal,
      ),
    ],
  };
}

/** A client opens its engine in the moment it has read a handshake: one that has read it and never opened broke down on what it read. */
function matchBreakdown({ connecting, all }: Facts): Verdict<Details> | undefined {
  if (!connecting?.handshake || !connecting.timedOut) return undefined;
  const { attempt } = connecting.signal;
  if (all('engine-opened').some((opened) => opened.attempt === attempt)) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'handshake' },
    evidence: [
      evidence('The client read a handshake and could not begin a session with what it says.', connecting.handshake),
    ],
  };
}

/**
 * Engine.IO refuses a second poll of one session, in words that no other request gets ("overlap from client": 400 with nothing in it), and the
 * client never sends two: its POST arrives as GET.
 */
function matchMethod({ connecting, probe }: Facts): Verdict<Details> | undefined {
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
      evidence('The session was refused as if the client polled twice at once, which it does not.', connecting.signal),
    ],
  };
}

/** What a WebSocket to the same path reaches is a Socket.IO server, and over HTTP something else stands where its handshake should. */
function matchReplaced({ probe }: Facts, answer: ReturnType<typeof readAnswer>): Verdict<Details> | undefined {
  const { status, body, signal } = answer ?? {};
  if (!signal || status !== 200 || !body || isEngineBody(body)) return undefined;
  const asked = probe('websocket-handshake');
  if (asked && asked.websocket?.result !== 'engineio') return undefined;
  return {
    certainty: 'suspected',
    // Pages and APIs answer by themselves; loose text is rather what was left of a handshake.
    likelihood: asked && body.is === 'text' ? 'likely' : 'possible',
    details: { what: 'handshake' },
    evidence: [
      evidence(`The answer was ${body.is} where a handshake should be.`, signal),
      ...(asked ? [evidence('A WebSocket to the same path reaches Socket.IO.', asked)] : []),
    ],
  };
}

/**
 * A POST that arrives without its body is answered well, and Engine.IO 4 ends the session, because nothing is no packet: only the poll tells.
 * A session of the SDK that is closed by a POST cannot tell such a server from one that reads it.
 */
function matchRequest(facts: Facts): Verdict<Details> | undefined {
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
      ...(session ? [evidence('POST requests to sessions of the SDK were answered well.', session)] : []),
    ],
  };
}

function readAnswer(facts: Facts) {
  const answer = httpAnswer(facts);
  if (answer) return answer;
  // A client that could not read the handshake throws inside its own callback and then only sees its time limit pass.
  const probe = facts.probe('http-handshake');
  return probe?.http?.result === 'answered'
    ? { body: probe.http.body, status: probe.http.status, signal: probe }
    : undefined;
}

function whatIsWrong(body: BodyKind | undefined): Details['what'] | undefined {
  if (body?.is === 'engineio-altered') return 'handshake';
  return body?.is === 'compressed' || body?.is === 'incomplete' ? 'encoding' : undefined;
}

/**
 * A page is not told what is wrong with a frame: a WebSocket that opens and breaks at its first message may have brought one that something
 * on the way has changed, such as a compressed one where the header that announces it was taken off.
 */
function matchBroken({ connecting, probe, runtime, upgrading }: Facts): Verdict<Details> | undefined {
  const failed = upgrading?.kind === 'upgrade-failed' ? upgrading : connecting?.blind && connecting.signal;
  const isOwn = upgrading !== undefined || connecting?.transport === 'websocket';
  if (!failed || !isOwn || runtime.kind === 'node' || connecting?.handshake || connecting?.timedOut) return undefined;
  const plain = probe('websocket-handshake');
  // What comes right behind the handshake, Firefox takes for a part of it (153).
  const isRefused = runtime.engine === 'firefox' && plain?.websocket?.result === 'rejected';
  if (plain && plain.answer !== 'unknown' && !isBrokenAtOnce(plain) && !isRefused) return undefined;
  return {
    certainty: 'suspected',
    details: { what: 'frames' },
    evidence: [
      evidence('A WebSocket failed, and the page is not told why.', failed),
      ...(plain && isBrokenAtOnce(plain) ? [evidence('A WebSocket of the SDK opened and broke at once.', plain)] : []),
    ],
  };
}

/** What a WebSocket says first is no handshake, and HTTP brings one from the same path: it may be the same server, whose frames are changed. */
function matchFirstMessage({ upgrading, connecting, probe }: Facts): Verdict<Details> | undefined {
  const asked = probe('websocket-handshake');
  const isOwn = connecting?.transport === 'websocket' && !connecting.handshake;
  if (!asked && isOwn && connecting.timedOut) {
    return {
      certainty: 'suspected',
      details: { what: 'frames' },
      evidence: [evidence('Whether a WebSocket opens, and what it says then, is not known.', connecting.signal)],
    };
  }
  const http = probe('http-handshake');
  if (asked?.websocket?.result !== 'other' || (http && http.answer !== 'yes')) return undefined;
  if (!upgrading && !isOwn) return undefined;
  return {
    certainty: 'suspected',
    details: { what: 'frames' },
    evidence: [evidence('A WebSocket opened, and its first message was not the handshake that HTTP brings.', asked)],
  };
}

/** ws in Node names what is wrong with a frame; but for its size, which is a limit of the client. */
function matchFrames(facts: Facts): Verdict<Details> | undefined {
  const { connecting, closing, client } = facts;
  if (closing && isEndedByFrame(facts)) {
    const { code } = closing.error ?? {};
    return told(
      code
        ? `The WebSocket worked and then failed with ${code}.`
        : 'The browser itself ended the WebSocket that worked.',
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
          'The WebSocket failed, and this browser does not tell whether a frame was the reason.',
          closing.signal,
        ),
      ],
    };
  }
  // An Engine.IO 3 client meets such a frame where the server answers it in an HTTP error.
  if (!connecting || client.protocol === 3 || !isBadFrame(connecting.error.code)) return undefined;
  return told(`The WebSocket opened and then failed with ${connecting.error.code}.`, connecting.signal);
}

function told(claim: string, signal: Signal): Verdict<Details> {
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { what: 'frames' },
    evidence: [evidence(claim, signal)],
  };
}

export const text: Text<Details> = {
  summary:
    'The Socket.IO server answers, and what arrives is not what it sent: something on the way adds to the bodies of its answers (a script, a banner, a comment), cuts them, or compresses them without saying so; or it sends what is no frame through a WebSocket, or takes the bodies of POST requests or the session id in the query away.',
  remedy: ({ what }) =>
    what === 'frames'
      ? 'Look for a second handler of upgrades on the same HTTP server, and for an antivirus or a proxy that inspects traffic. TLS (wss) keeps those out that do not hold a certificate. Where a proxy takes the header `Sec-WebSocket-Extensions` off, compressed frames are no frames: then `perMessageDeflate: false` in the server helps (it is on by default up to 2.x).'
      : what === 'status'
        ? 'Compare the status of the answer on the server itself and from outside, with curl. Let the gateway hand on the 200 of the server as it is: mappings of statuses, mock integrations and filters that answer POST by themselves are what changes it, and caches that keep answers in parts.'
        : what === 'request'
          ? 'Look at what stands in front of the Socket.IO server for something that reads the bodies of POST requests and passes nothing on: a body parser before a proxy written in Node (call `http-proxy` first, or give it the body again), a filter, an adapter for functions.'
          : what === 'query'
            ? 'Look at what stands in front of the Socket.IO server for a rule that rewrites or drops the query: each request of a session names it in the parameter `sid`, and so must what comes to the server. In nginx a `proxy_pass` with variables or a `rewrite` that ends in `?` drops it, and a CDN may forward only the parameters that it was told to.'
            : 'Compare the answer with curl on the server itself and from outside. Exclude the path of Socket.IO from whatever rewrites pages: compression, minification, injected banners and scripts of a proxy, a CDN or a free hosting plan. TLS keeps networks from doing it.',
  snippet: () => "curl -i 'https://api.example.com/socket.io/?EIO=4&transport=polling'",
  see: [{ title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' }],
};
