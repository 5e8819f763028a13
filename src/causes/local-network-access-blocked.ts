import { addressSpace } from '../diagnosis/address-space.js';
import { evidence } from '../diagnosis/evidence.js';
import { isHeldBack } from '../diagnosis/is-held-back.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** What the page calls: the user's own machine, or another one on the local network. */
  readonly target: 'loopback' | 'local';
  /** Whether the page has a secure context, without which permission cannot be granted. */
  readonly isSecurePage: boolean;
}

export const rule: Rule<'local-network-access-blocked', Details> = {
  code: 'local-network-access-blocked',
  title: 'The browser blocks access to the local network',
  phase: 'connect',
  fixedBy: 'user',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['local-network-permission', 'http-reachable', 'http-root'],
  yieldsTo: ['network-offline', 'mixed-content-blocked', 'csp-blocked', 'browser-port-blocked'],
  match(facts) {
    const failure = facts.connecting;
    const { pageHost = '', pageScheme } = facts.runtime;
    if (!failure || failure.handshake || !isHeldBack(facts)) return undefined;
    // Firefox leaves such requests pending, which looks like a server that does not respond.
    if (!failure.blind || (failure.timedOut && facts.runtime.engine !== 'firefox')) return undefined;
    const target = addressSpace(facts.target.host);
    if (target === 'public') return undefined;
    if (facts.probe('http-reachable')?.answer === 'yes' || facts.probe('http-root')?.answer === 'yes') return undefined;
    const permission = facts.probe('local-network-permission');
    return {
      certainty: 'suspected',
      likelihood: permission?.answer === 'no' ? 'likely' : 'possible',
      details: { target, isSecurePage: pageScheme === 'https:' },
      evidence: [
        evidence(
          `The page on ${pageHost} calls ${target === 'local' ? 'an address on the local network' : 'localhost'}.`,
          failure.signal,
        ),
        ...(permission?.answer === 'no'
          ? [evidence('The page does not have permission to access the local network.', permission)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A page from the internet calls an address on the local network or localhost. Browsers (Chromium since version 142, Firefox) ask the user before allowing that, deny it to pages without https, and do not tell the page about it. An address where nothing responds looks the same.',
  remedy: ({ isSecurePage }) =>
    isSecurePage
      ? 'Allow "local network access" for the page in its site settings and reload it, or serve the page from the same network as the server. For a published app, a public server address is the better choice.'
      : 'Serve the page over https, so that the browser can ask the user for permission to access the local network, or serve it from the same network as the server.',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    {
      title: 'Local network access in Chrome',
      url: 'https://developer.chrome.com/blog/local-network-access',
    },
  ],
};
