import { BLOCKED_BY_POLICY } from '../diagnosis/blocked-by-policy.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly directive: string;
  /** Origin and path that the policy blocked. */
  readonly blockedUri: string;
  readonly transport: 'polling' | 'websocket';
}

export const rule: Rule<'csp-blocked', Details> = {
  code: 'csp-blocked',
  title: "The page's Content Security Policy blocks the connection",
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/',
  needs: ['http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    if (facts.connecting?.handshake) return undefined;
    const failed = facts.connecting ?? facts.upgrading;
    if (!failed) return undefined;
    const transport = 'blind' in failed && failed.transport === 'polling' ? 'polling' : 'websocket';
    const violation = latest(
      facts
        .all('csp-violation')
        .filter(({ disposition, blocked }) => disposition === 'enforce' && isOwn(blocked, transport, facts)),
    );
    if (!violation) return undefined;
    const details = { directive: violation.directive, blockedUri: violation.blocked, transport } as const;
    const told = evidence(`The browser reported that ${violation.directive} blocked ${violation.blocked}.`, violation);
    if (transport === 'websocket') return { certainty: 'confirmed', details, evidence: [told] };
    // An allowed request that is redirected to a place the policy does not allow is reported under its own address, too (CSP 3, section
    // 5.3), and its failure shows no status. A question that does not follow redirects tells the two apart.
    if (facts.connecting?.error.status) return undefined;
    const asked = latest(facts.during('probe').filter(({ name }) => name === 'http-handshake'));
    if (asked && asked.why !== BLOCKED_BY_POLICY) return undefined;
    return { certainty: asked ? 'confirmed' : 'suspected', likelihood: 'likely', details, evidence: [told] };
  },
};

/** Whether this is the address that the client itself connects to: other requests from the page may go to the same server. */
function isOwn(blocked: string, transport: Details['transport'], { target }: Facts): boolean {
  const [scheme = '', , address, ...path] = blocked.split('/');
  const isWebSocket = scheme.startsWith('ws');
  if (isWebSocket !== (transport === 'websocket')) return false;
  const isDefaultPort = target.port === (target.secure ? '443' : '80');
  // An IPv6 address is in brackets in a URL.
  const name = target.host.replace(/^[^[]*:.*/, '[$&]');
  const isHost = address === `${name}:${target.port}` || (isDefaultPort && address === name);
  return isHost && `/${path.join('/')}` === target.path;
}

export const text: Text<Details> = {
  summary:
    "The page's Content Security Policy does not list the server's address in `connect-src` (or `default-src`), so the browser does not even send the request.",
  remedy: ({ directive, transport }) =>
    transport === 'websocket'
      ? `Add the server's WebSocket address (wss://…) to ${directive}: not every browser treats an https source as covering it.`
      : `Add the server's address to ${directive}, for both HTTP and WebSocket.`,
  snippet: () => "Content-Security-Policy: connect-src 'self' https://api.example.com wss://api.example.com",
  see: [
    {
      title: 'connect-src',
      url: 'https://developer.mozilla.org/docs/Web/HTTP/Headers/Content-Security-Policy/connect-src',
    },
  ],
};
