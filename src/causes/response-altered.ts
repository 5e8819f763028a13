import {
  brokenHead,
  emptyInSession,
  incompleteHandshake,
  otherStatus,
  unusableHandshake,
} from '../diagnosis/altered-answers.js';
import { brokenWebSocket, failedByFrame, strangeFirstMessage } from '../diagnosis/altered-frames.js';
import { withOtherMethod, withoutBody, withoutProtocol, withoutSessionId } from '../diagnosis/altered-requests.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { hiddenAnswer } from '../diagnosis/hidden-answer.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { BodyKind } from '../signals/body-kind.js';

export interface Details {
  /**
   * `handshake`: something stands before or behind it, or a part is missing. `encoding`: it is compressed and not announced so, or the
   * reverse, or it is shorter than announced. `frames`: the WebSocket brought what is no frame. `request`: it is the client's POST requests
   * that do not arrive as they were sent. `status`: an answer that is well has got another status than 200. `query`: requests arrive without
   * the session id, or the version of the protocol, that they had in their query. `headers`: the head of an answer is not what HTTP allows
   * (Node).
   */
  readonly what: 'handshake' | 'encoding' | 'headers' | 'frames' | 'request' | 'status' | 'query';
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
    const told =
      withoutSessionId(facts) ??
      withoutProtocol(facts) ??
      incompleteHandshake(facts) ??
      emptyInSession(facts) ??
      failedByFrame(facts) ??
      otherStatus(facts) ??
      brokenHead(facts) ??
      brokenWebSocket(facts) ??
      strangeFirstMessage(facts);
    if (told) return told;
    if (connecting?.handshake) return unusableHandshake(facts) ?? withOtherMethod(facts) ?? withoutBody(facts);
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

/** What a WebSocket to the same path reaches is a Socket.IO server, and over HTTP something else stands where its handshake should. */
function matchReplaced({ probe }: Facts, answer: ReturnType<typeof readAnswer>): Verdict<Details> | undefined {
  const { status, body, signal } = answer ?? {};
  if (!signal || status !== 200 || !body || isEngineBody(body)) return undefined;
  if (body.is === 'empty') {
    return {
      certainty: 'suspected',
      details: { what: 'handshake' },
      evidence: [evidence('The answer to the handshake was empty: its body may have been taken away.', signal)],
    };
  }
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

const OF_BODIES =
  'Compare the answer with curl on the server itself and from outside. Exclude the path of Socket.IO from whatever rewrites pages: compression, minification, injected banners and scripts of a proxy, a CDN or a free hosting plan. TLS keeps networks from doing it.';

const REMEDIES: Readonly<Partial<Record<Details['what'], string>>> = {
  frames:
    'Look for a second handler of upgrades on the same HTTP server, and for an antivirus or a proxy that inspects traffic. TLS (wss) keeps those out that do not hold a certificate. Where a proxy takes the header `Sec-WebSocket-Extensions` off, compressed frames are no frames: then `perMessageDeflate: false` in the server helps (it is on by default up to 2.x).',
  status:
    'Compare the status of the answer on the server itself and from outside, with curl. Let the gateway hand on the 200 of the server as it is: mappings of statuses, mock integrations and filters that answer POST by themselves are what changes it, and caches that keep answers in parts.',
  request:
    'Look at what stands in front of the Socket.IO server for something that reads the bodies of POST requests and passes nothing on: a body parser before a proxy written in Node (call `http-proxy` first, or give it the body again), a filter, an adapter for functions.',
  headers:
    'Look at the answer with `curl -v`: its head names two lengths, or a length beside `Transfer-Encoding: chunked`, holds a line that is no header, or more than the 16 KB that Node takes (`--max-http-header-size`), often in `Set-Cookie`. Mostly an application and a proxy in front of it both write the same header.',
  query:
    'Look at what stands in front of the Socket.IO server for a rule that rewrites or drops the query: each request of a session names it in the parameter `sid`, and the version of its protocol in `EIO` (in capitals), and so must what comes to the server. In nginx a `proxy_pass` with variables or a `rewrite` that ends in `?` drops it, and a CDN may forward only the parameters that it was told to.',
};

export const text: Text<Details> = {
  summary:
    'The Socket.IO server answers, and what arrives is not what it sent: something on the way adds to the bodies of its answers (a script, a banner, a comment), cuts them, or compresses them without saying so; or it sends what is no frame through a WebSocket, or takes the bodies of POST requests or a part of the query away.',
  remedy: ({ what }) => REMEDIES[what] ?? OF_BODIES,
  snippet: () => "curl -i 'https://api.example.com/socket.io/?EIO=4&transport=polling'",
  see: [{ title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' }],
};
