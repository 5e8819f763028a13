import { evidence } from '../diagnosis/evidence.js';
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
  title: 'The Content-Security-Policy of the page forbids the connection',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/',
  needs: [],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { host, port } = facts.target;
    const failed = facts.connecting?.signal ?? facts.upgrading;
    if (!failed || facts.connecting?.handshake) return undefined;
    const address = port === '80' || port === '443' ? host : `${host}:${port}`;
    const violation = latest(
      facts
        .all('csp-violation')
        .filter(({ disposition, blocked }) => disposition === 'enforce' && blocked.split('/')[2]?.startsWith(address)),
    );
    if (!violation) return undefined;
    const transport = violation.blocked.startsWith('ws') ? 'websocket' : 'polling';
    return {
      certainty: 'confirmed',
      details: { directive: violation.directive, blockedUri: violation.blocked, transport },
      evidence: [evidence(`The browser reported that ${violation.directive} blocked ${violation.blocked}.`, violation)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The Content-Security-Policy of the page does not list the address of the socket in `connect-src` (or `default-src`), so the browser does not even send the request.',
  remedy: ({ directive, transport }) =>
    transport === 'websocket'
      ? `Add the WebSocket address of the server (wss://…) to ${directive}: an https source does not cover it in every browser.`
      : `Add the address of the server to ${directive}, for HTTP and for WebSocket.`,
  snippet: () => "Content-Security-Policy: connect-src 'self' https://api.example.com wss://api.example.com",
  see: [
    {
      title: 'connect-src',
      url: 'https://developer.mozilla.org/docs/Web/HTTP/Headers/Content-Security-Policy/connect-src',
    },
  ],
};
