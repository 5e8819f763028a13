import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { BodyKind } from '../signals/body-kind.js';

export interface Details {
  /**
   * `handshake`: something stands before or behind it, or a part is missing. `encoding`: it is compressed and not announced so, or the
   * reverse, or it is shorter than announced. `frames`: the WebSocket brought what is no frame.
   */
  readonly what: 'handshake' | 'encoding' | 'frames';
}

export const rule: Rule<'response-altered', Details> = {
  code: 'response-altered',
  title: 'Something changes the answers of the server on their way',
  phase: 'connect',
  fixedBy: 'proxy',
  severity: 'error',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/reverse-proxy/',
  needs: ['websocket-handshake', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { connecting } = facts;
    const inSession = matchSession(facts);
    if (inSession) return inSession;
    if (!connecting || connecting.handshake) return undefined;
    const frames = matchFrames(facts);
    if (frames) return frames;
    const answer = readAnswer(facts);
    // Nothing was told, and nobody has looked at what is answered.
    const isOpen = !answer && !facts.probe('http-handshake') && (connecting.blind || connecting.timedOut);
    if (isOpen && connecting.transport === 'polling' && facts.runtime.kind !== 'node') {
      return {
        certainty: 'suspected',
        details: { what: 'handshake' },
        evidence: [evidence('What was answered, if anything, is not known.', connecting.signal)],
      };
    }
    const what = answer && whatIsWrong(answer.body);
    if (!answer || !what) return undefined;
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

function readAnswer(facts: Facts) {
  const answer = httpAnswer(facts);
  if (answer) return answer;
  // A client that could not read the handshake throws inside its own callback and then only sees its time limit pass.
  const probe = facts.probe('http-handshake');
  return probe?.http?.result === 'answered' ? { body: probe.http.body, signal: probe } : undefined;
}

function whatIsWrong(body: BodyKind | undefined): Details['what'] | undefined {
  if (body?.is === 'engineio-altered') return 'handshake';
  return body?.is === 'compressed' || body?.is === 'incomplete' ? 'encoding' : undefined;
}

/** ws in Node names what is wrong with a frame; but for its size, which is a limit of the client. */
function matchFrames({ connecting, client }: Facts) {
  const code = connecting?.error.code;
  // An Engine.IO 3 client meets such a frame where the server answers it in an HTTP error.
  if (!connecting || client.protocol === 3 || !code?.startsWith('WS_ERR') || code.endsWith('_LENGTH')) return undefined;
  return {
    certainty: 'suspected' as const,
    likelihood: 'likely' as const,
    details: { what: 'frames' as const },
    evidence: [evidence(`The WebSocket opened and then failed with ${code}.`, connecting.signal)],
  };
}

export const text: Text<Details> = {
  summary:
    'The Socket.IO server answers, and what arrives is not what it sent: something on the way adds to the bodies of its answers (a script, a banner, a comment), cuts them, or compresses them without saying so; or it sends what is no frame through a WebSocket.',
  remedy: ({ what }) =>
    what === 'frames'
      ? 'Look for a second handler of upgrades on the same HTTP server, and for an antivirus or a proxy that inspects traffic. TLS (wss) keeps those out that do not hold a certificate.'
      : 'Compare the answer with curl on the server itself and from outside. Exclude the path of Socket.IO from whatever rewrites pages: compression, minification, injected banners and scripts of a proxy, a CDN or a free hosting plan. TLS keeps networks from doing it.',
  snippet: () => "curl -i 'https://api.example.com/socket.io/?EIO=4&transport=polling'",
  see: [{ title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' }],
};
