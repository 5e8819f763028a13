import { evidence } from '../diagnosis/evidence.js';
import { isPage } from '../diagnosis/is-page.js';
import { pageOrigin } from '../diagnosis/page-origin.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly pageOrigin: string;
}

export const rule: Rule<'cors-credentials-not-allowed', Details> = {
  code: 'cors-credentials-not-allowed',
  title: 'The server does not allow requests with credentials (CORS)',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/handling-cors/#credential-is-not-supported-if-the-cors-header-access-control-allow-origin-is-',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'http-credentials'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!isPage(facts) || facts.target.sameOrigin || !facts.options.withCredentials) return undefined;
    if (!failure?.blind || failure.timedOut || failure.handshake || failure.transport !== 'polling') return undefined;
    const details = { pageOrigin: pageOrigin(facts) };
    const anonymous = facts.probe('http-handshake');
    const credentialed = facts.probe('http-credentials');
    if (credentialed?.http?.result === 'answered' || facts.probe('http-reachable')?.answer === 'no') return undefined;
    const passes = anonymous?.http?.body?.is === 'engineio-open';
    if (anonymous && !passes) return undefined;
    return {
      // A WebSocket carries the same cookies and is not subject to CORS: if it is rejected as well, the cookies themselves are the problem.
      certainty:
        anonymous && credentialed?.http?.result === 'failed' && facts.probe('websocket-handshake')?.answer === 'yes'
          ? 'confirmed'
          : 'suspected',
      likelihood: passes ? 'likely' : 'possible',
      details,
      evidence: [
        evidence('The client sends credentials to another origin, and its request failed.', failure.signal),
        ...(anonymous ? [evidence('The same request without credentials succeeded.', anonymous)] : []),
        ...(credentialed ? [evidence('The same request with credentials failed again.', credentialed)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    "The client sends cookies (`withCredentials`), but the server's response does not allow that: `Access-Control-Allow-Origin` is `*`, or `Access-Control-Allow-Credentials: true` is missing. Clients 1.x and 2.x send credentials by default.",
  remedy: ({ pageOrigin }) =>
    `In the server's \`cors\` option, name the origin ${pageOrigin} instead of "*" and set \`credentials: true\`. If you do not need cookies, remove \`withCredentials\` from the client instead.`,
  snippet: ({ pageOrigin }) =>
    `const io = new Server(httpServer, { cors: { origin: '${pageOrigin}', credentials: true } });`,
  see: [
    {
      title: 'Credential is not supported if the CORS header is *',
      url: 'https://socket.io/docs/v4/handling-cors/#credential-is-not-supported-if-the-cors-header-access-control-allow-origin-is-',
    },
    { title: 'Client option withCredentials', url: 'https://socket.io/docs/v4/client-options/#withcredentials' },
  ],
};
