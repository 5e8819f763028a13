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
   * `handshake`: there is something before or after it, or a part is missing. `encoding`: it is compressed without saying so, or the
   * reverse, or it is shorter than announced. `frames`: the WebSocket delivered something that is not a valid frame. `request`: the
   * client's POST requests do not arrive as they were sent. `status`: a valid response has a status other than 200. `query`: requests
   * arrive without the session id, or the protocol version, that their query had. `headers`: the head of a response is not valid HTTP
   * (Node).
   */
  readonly what: 'handshake' | 'encoding' | 'headers' | 'frames' | 'request' | 'status' | 'query';
}

export const rule: Rule<'response-altered', Details> = {
  code: 'response-altered',
  title: 'Something in between alters requests or responses',
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
    // Nothing was reported, and nobody has looked at the response; or whoever looked was not told either, as with a response that broke
    // off.
    const isUnasked = !facts.probe('http-handshake');
    const isHidden =
      connecting.blind &&
      facts.runtime.kind !== 'node' &&
      (isUnasked || hiddenAnswer(facts) !== undefined || isHiddenByFirefox(facts));
    // Node reports a response that broke off as a connection that was cut.
    if (connecting.transport === 'polling' && (isHidden || (isUnasked && connecting.cut))) {
      return {
        certainty: 'suspected',
        details: { what: 'handshake' },
        evidence: [evidence('The response, if any, is unknown.', connecting.signal)],
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
            ? 'The response contains an Engine.IO handshake and something that does not belong to it.'
            : 'The response could not be decoded, or broke off.',
          answer.signal,
        ),
      ],
    };
  },
};

/** Firefox also fails a request that only asks whether anything responds if the response breaks off after its headers (153). */
function isHiddenByFirefox({ runtime, probe }: Facts): boolean {
  const isReached = probe('websocket-handshake')?.answer === 'yes';
  return runtime.engine === 'firefox' && isReached && probe('http-reachable')?.http?.result === 'failed';
}

/** A WebSocket to the same path reaches a Socket.IO server, but over HTTP something else is where its handshake should be. */
function matchReplaced({ probe }: Facts, answer: ReturnType<typeof readAnswer>): Verdict<Details> | undefined {
  const { status, body, signal } = answer ?? {};
  if (!signal || status !== 200 || !body || isEngineBody(body)) return undefined;
  if (body.is === 'empty') {
    return {
      certainty: 'suspected',
      details: { what: 'handshake' },
      evidence: [evidence('The response to the handshake was empty: its body may have been removed.', signal)],
    };
  }
  const asked = probe('websocket-handshake');
  if (asked && asked.websocket?.result !== 'engineio') return undefined;
  return {
    certainty: 'suspected',
    // Pages and APIs send their own responses; plain text is more likely what is left of a handshake.
    likelihood: asked && body.is === 'text' ? 'likely' : 'possible',
    details: { what: 'handshake' },
    evidence: [
      evidence(`The response was ${body.is} where a handshake should be.`, signal),
      ...(asked ? [evidence('A WebSocket to the same path reaches Socket.IO.', asked)] : []),
    ],
  };
}

function readAnswer(facts: Facts) {
  const answer = httpAnswer(facts);
  if (answer) return answer;
  // A client that could not read the handshake throws inside its own callback and then only sees its timeout expire.
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
  'Use curl to compare the response on the server itself with the one from outside. Exclude the Socket.IO path from everything that rewrites pages: compression, minification, and banners or scripts injected by a proxy, a CDN or a free hosting plan. TLS keeps the network from doing it.';

const REMEDIES: Readonly<Partial<Record<Details['what'], string>>> = {
  frames:
    'Look for a second upgrade handler on the same HTTP server, and for antivirus software or a proxy that inspects traffic. TLS (wss) keeps out those that do not hold a certificate. If a proxy removes the `Sec-WebSocket-Extensions` header, compressed frames are invalid: in that case, `perMessageDeflate: false` on the server helps (it is on by default up to 2.x).',
  status:
    "Use curl to compare the status of the response on the server itself with the one from outside. Make the gateway forward the server's 200 as it is: status mappings, mock integrations, filters that respond to POST themselves, and caches that store partial responses are what changes it.",
  request:
    'In front of the Socket.IO server, look for something that reads the bodies of POST requests and forwards nothing: a body parser before a proxy written in Node (call `http-proxy` first, or give it the body again), a filter, or an adapter for functions.',
  headers:
    'Look at the response with `curl -v`: its head has two lengths, or a length along with `Transfer-Encoding: chunked`, contains a line that is not a header, or exceeds the 16 KB that Node accepts (`--max-http-header-size`), often because of `Set-Cookie`. Usually an application and a proxy in front of it both write the same header.',
  query:
    'In front of the Socket.IO server, look for a rule that rewrites or drops the query: each request of a session names the session in the `sid` parameter and the protocol version in `EIO` (uppercase), and both must reach the server. In nginx, a `proxy_pass` with variables or a `rewrite` that ends in `?` drops the query, and a CDN may forward only the parameters that it is configured to forward.',
};

export const text: Text<Details> = {
  summary:
    'The Socket.IO server responds, but what arrives is not what it sent. Something between the client and the server adds to the bodies of its responses (a script, a banner, a comment), truncates them, or compresses them without saying so; or it sends invalid frames through a WebSocket, or removes the bodies of POST requests or a part of the query.',
  remedy: ({ what }) => REMEDIES[what] ?? OF_BODIES,
  snippet: () => "curl -i 'https://api.example.com/socket.io/?EIO=4&transport=polling'",
  see: [{ title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' }],
};
