import { evidence } from '../diagnosis/evidence.js';
import { isPage } from '../diagnosis/is-page.js';
import { pageOrigin } from '../diagnosis/page-origin.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Scheme and host of the page, which the server must allow along with the headers. */
  readonly pageOrigin: string;
}

export const rule: Rule<'cors-header-not-allowed', Details> = {
  code: 'cors-header-not-allowed',
  title: "The server does not allow the client's extra headers (CORS)",
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/handling-cors/',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'http-credentials', 'http-headers'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!isPage(facts) || facts.target.sameOrigin || !facts.options.hasExtraHeaders) return undefined;
    if (!failure?.blind || failure.timedOut || failure.handshake || failure.transport !== 'polling') return undefined;
    const details = { pageOrigin: pageOrigin(facts) };
    const bare = facts.probe('http-handshake');
    const credentialed = facts.probe('http-credentials');
    const headed = facts.probe('http-headers');
    if (bare && bare.http?.body?.is !== 'engineio-open') return undefined;
    if (headed?.http?.result === 'answered' || facts.probe('http-reachable')?.answer === 'no') return undefined;
    // If credentials alone are already rejected, there is no way to ask what the headers add.
    const hasCredentials = !facts.options.withCredentials || credentialed?.http?.result === 'answered';
    const isShown = bare !== undefined && hasCredentials && headed?.http?.result === 'failed';
    return {
      certainty: isShown ? 'confirmed' : 'suspected',
      // As a class: a gateway that reads one of these headers may reject its value, with a response that lacks the CORS headers.
      asClass: true,
      likelihood: bare && hasCredentials ? 'likely' : 'possible',
      details,
      evidence: [
        evidence('The client adds headers to requests to another origin, and its request failed.', failure.signal),
        ...(bare ? [evidence('The same request without these headers succeeded.', bare)] : []),
        ...(isShown ? [evidence('With headers of the same names, it failed again.', headed)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The client adds custom headers to its requests (`extraHeaders`). Before a page may send such headers to another origin, the browser sends a preflight (an OPTIONS request), and the response to it did not allow them: `Access-Control-Allow-Headers` lacks a name, or something in front of the server responds to OPTIONS requests itself.',
  remedy: ({ pageOrigin }) =>
    `List the headers in \`allowedHeaders\` in the server's \`cors\` option, along with the origin ${pageOrigin}, and make sure that proxies forward OPTIONS requests. To authenticate users, prefer the client's \`auth\` option: it needs no header and works with WebSocket, too.`,
  snippet: ({ pageOrigin }) =>
    `const io = new Server(httpServer, { cors: { origin: '${pageOrigin}', allowedHeaders: ['authorization'] } });`,
  see: [
    { title: 'Handling CORS', url: 'https://socket.io/docs/v4/handling-cors/' },
    { title: 'Client option extraHeaders', url: 'https://socket.io/docs/v4/client-options/#extraheaders' },
  ],
};
