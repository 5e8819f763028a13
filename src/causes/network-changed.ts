import { evidence } from '../diagnosis/evidence.js';
import { networkChangeAt } from '../diagnosis/network-change-at.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export const rule: Rule<'network-changed', { readonly transport: string }> = {
  code: 'network-changed',
  title: 'The device switched to another network',
  phase: 'session',
  fixedBy: 'network',
  severity: 'info',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: [],
  yieldsTo: ['network-offline', 'payload-too-large', 'page-suspended'],
  match(facts) {
    const { closing } = facts;
    if (!closing?.hadConnected || closing.reason === 'parse error') return undefined;
    const { signal, transport } = closing;
    // A peer that closes the connection cleanly could still be reached.
    if (signal.byServer || (closing.wasClean && closing.closeCode !== 1006)) return undefined;
    const change = networkChangeAt(facts, signal);
    if (!change) return undefined;
    return {
      // Never more: the browser reports that the network changed, not that this cut the connection.
      certainty: 'suspected',
      likelihood: 'likely',
      details: { transport },
      evidence: [
        evidence('The browser reported another kind of network around the time the connection ended.', change),
        evidence('The connection ended without a closing handshake.', signal),
      ],
    };
  },
};

export const text: Text = {
  summary:
    'The device moved from one network to another (from Wi-Fi to mobile, to another access point, or onto or off a VPN), and connections do not survive that. The client reconnects by itself over the new network.',
  remedy: () =>
    'Nothing is broken. Expect this on mobile devices: fetch missed data after `connect`, or use connection state recovery. A shorter heartbeat interval detects a dead path sooner.',
  snippet: () => 'const io = new Server(httpServer, { connectionStateRecovery: {} });',
  see: [
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
  ],
};
