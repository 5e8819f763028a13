import { evidence } from '../diagnosis/evidence.js';
import { mixedContent } from '../diagnosis/mixed-content.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly pageScheme: string;
}

export const rule: Rule<'mixed-content-blocked', Details> = {
  code: 'mixed-content-blocked',
  title: 'An HTTPS page cannot use an insecure URL (mixed content)',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/',
  needs: ['websocket-handshake', 'http-reachable', 'http-root'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    const { pageScheme = '' } = facts.runtime;
    const mixed = mixedContent(facts);
    if (mixed === 'no') return undefined;
    // A WebSocket that the page may not open throws inside the client, which then only sees its own timeout expire.
    if (!failure || failure.handshake || !failure.blind) return undefined;
    const isAnswered = (['websocket-handshake', 'http-reachable', 'http-root'] as const).some(
      (name) => facts.probe(name)?.answer === 'yes',
    );
    if (isAnswered) return undefined;
    const { engine } = facts.runtime;
    // Under `upgrade-insecure-requests` the browser uses https instead. A WebSocket tells: blocked, it throws; upgraded, it can only fail.
    const isThrowing = engine === 'chromium' || engine === 'firefox';
    const isThrown =
      facts.probe('websocket-handshake')?.websocket?.result === 'threw' ||
      facts.during('transport-unopened').some(({ missing }) => missing === undefined);
    return {
      certainty: mixed === 'certain' && (isThrown || !isThrowing) ? 'confirmed' : 'suspected',
      ...(isThrowing && { ask: ['websocket-handshake'] as const }),
      likelihood: 'likely',
      details: { pageScheme },
      evidence: [evidence("The page was loaded over https, but the socket's URL is http.", failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The page was loaded over https, but the socket is supposed to connect over http or ws. Browsers block that as mixed content. Chromium and Firefox make an exception for localhost; WebKit and Safari may not.',
  remedy: () => 'Pass an https URL to `io()`, and let the server or a reverse proxy in front of it handle TLS.',
  snippet: () => "io('https://api.example.com');",
  see: [
    { title: 'Mixed content', url: 'https://developer.mozilla.org/docs/Web/Security/Mixed_content' },
    { title: 'With an HTTPS server', url: 'https://socket.io/docs/v4/server-initialization/#with-an-https-server' },
  ],
};
