import { evidence } from '../diagnosis/evidence.js';
import { isPage } from '../diagnosis/is-page.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly port: string;
}

/** https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED_PORTS = [
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

export const rule: Rule<'browser-port-blocked', Details> = {
  code: 'browser-port-blocked',
  title: 'Browsers block connections to this port',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'rare',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: [],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!isPage(facts) || !failure || failure.handshake || !failure.blind) return undefined;
    const { port } = facts.target;
    if (!BLOCKED_PORTS.includes(Number(port))) return undefined;
    return {
      certainty: 'confirmed',
      details: { port },
      evidence: [evidence(`Port ${port} is on the list of ports that browsers never connect to.`, failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The port in the URL is reserved for another protocol (mail, IRC, SIP, X11, …), and browsers refuse to send HTTP or WebSocket traffic to it. The same address works from Node or curl.',
  remedy: ({ port }) => `Make the server listen on a port other than ${port}, such as 3000, 8080 or 443.`,
  see: [{ title: 'List of blocked ports', url: 'https://fetch.spec.whatwg.org/#port-blocking' }],
};
