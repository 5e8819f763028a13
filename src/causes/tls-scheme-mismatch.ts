import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import { isPage } from '../diagnosis/is-page.js';
import { isPlainText } from '../diagnosis/is-plain-text.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The scheme in the URL; the server responds to the other one. */
  readonly scheme: 'http' | 'https';
}

export const rule: Rule<'tls-scheme-mismatch', Details> = {
  code: 'tls-scheme-mismatch',
  title: 'The URL uses http instead of https, or vice versa',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['swapped-scheme', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || failure.timedOut) return undefined;
    const details = { scheme: facts.target.secure ? ('https' as const) : ('http' as const) };
    const probe = facts.probe('http-handshake');
    const code = failure.error.code ?? (probe?.http?.result === 'failed' ? probe.http.code : undefined);
    const swapped = facts.probe('swapped-scheme');
    // OpenSSL received a response in plain text, which may come from something that is not HTTP either (SSH, SMTP).
    if (facts.target.secure && code !== undefined && isPlainText(code)) {
      if (swapped?.answer === 'no') return undefined;
      return {
        certainty: swapped?.answer === 'yes' ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        ask: ['swapped-scheme'],
        details,
        evidence: [
          evidence(`The TLS handshake failed with ${code}: the response was not TLS.`, failure.signal),
          ...(swapped?.answer === 'yes' ? [evidence('The same host and port responded over http.', swapped)] : []),
        ],
      };
    }
    if (failure.error.platform === 'not-tls') {
      return {
        certainty: 'confirmed',
        details,
        evidence: [evidence('The platform reported that the response was not TLS.', failure.signal)],
      };
    }
    // Servers that speak TLS respond to plain HTTP with 400 (nginx, Go) or hang up.
    const answer = httpAnswer(facts);
    const isComplaint = !facts.target.secure && answer?.status === 400 && !isEngineBody(answer.body);
    if (answer && !isComplaint) return undefined;
    if (facts.probe('websocket-handshake')?.answer === 'yes') return undefined;
    const isHidden = mayHideComplaint(facts);
    const isServed = facts.probe('http-reachable')?.answer === 'yes' && !isComplaint;
    if ((isServed || facts.probe('http-root')?.answer === 'yes') && !isHidden) return undefined;
    if (swapped?.answer === 'yes') {
      return {
        certainty: 'confirmed',
        details,
        evidence: [
          evidence("There was no usable response with the URL's scheme.", failure.signal),
          evidence(`The same host and port responded over ${facts.target.secure ? 'http' : 'https'}.`, swapped),
        ],
      };
    }
    // A page cannot tell a certificate that it rejects from a server that is unavailable.
    const isUntold = facts.runtime.kind !== 'node' && failure.blind && !facts.target.secure;
    if (swapped?.answer === 'no' && !isUntold) return undefined;
    if (!failure.blind && !failure.cut && !isComplaint) return undefined;
    return {
      certainty: 'suspected',
      likelihood: isComplaint ? 'likely' : 'possible',
      // One of many that such a response may hide: not worth the requests that the others have more use for.
      ...(isHidden && { ask: [] }),
      details,
      evidence: [evidence("There was no usable response with the URL's scheme.", failure.signal)],
    };
  },
};

/** Whether the complaint may be a response that a page of another origin cannot read. */
function mayHideComplaint(facts: Facts): boolean {
  const { target, runtime } = facts;
  if (!isPage(facts) || target.secure || target.sameOrigin || runtime.pageScheme === 'https:') return false;
  const rejected = facts.probe('websocket-handshake')?.websocket?.result === 'rejected';
  return rejected && facts.probe('http-reachable')?.http?.result === 'opaque';
}

export const text: Text<Details> = {
  summary: 'The URL uses http, but the server speaks TLS on that port; or the URL uses https, but the server does not.',
  remedy: ({ scheme }) =>
    scheme === 'http'
      ? 'Use https:// (or wss://) in the URL.'
      : "Use http:// in the URL, or enable TLS in front of the server: usually a reverse proxy does that on port 443, while the Node process's own port speaks plain HTTP.",
  snippet: ({ scheme }) => `io('${scheme === 'http' ? 'https' : 'http'}://your-server.example');`,
  see: [
    { title: 'With an HTTPS server', url: 'https://socket.io/docs/v4/server-initialization/#with-an-https-server' },
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
