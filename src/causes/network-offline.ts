import { evidence } from '../diagnosis/evidence.js';
import { isLoopback } from '../diagnosis/is-loopback.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

/** Browsers report that they are online when there is a network again, but it takes a few more seconds until it carries anything. */
const READY_MS = 5_000;

export const rule: Rule<'network-offline', { readonly during: 'connect' | 'session' }> = {
  code: 'network-offline',
  title: 'The device is offline',
  phase: 'session',
  fixedBy: 'user',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const failure = facts.closing?.signal ?? facts.connecting?.signal;
    if (!failure) return undefined;
    const until = facts.connecting?.signal.at ?? failure.at;
    const switches = facts.all('page').filter((page) => page.event === 'offline' || page.event === 'online');
    // engine.io-client closes on the event itself, so both carry the same moment in either order.
    const before = latest(switches.filter((page) => page.at <= until + 50));
    const { closing } = facts;
    if (before?.event === 'online' && closing?.byOffline) {
      const isSoon = until - before.at <= READY_MS;
      return {
        certainty: isSoon && closing.reconnected ? 'confirmed' : 'suspected',
        likelihood: isSoon ? 'likely' : 'possible',
        details: { during: 'session' },
        evidence: [
          evidence('The client closed the connection when the browser reported that it was offline.', failure),
        ],
      };
    }
    if (before?.event !== 'offline') return undefined;
    // Anything that got through after the event disproves it.
    const isDisproved = facts.signals.some(
      (signal) =>
        signal.at > before.at + 50 && signal.at < until && ['handshake', 'connected', 'upgraded'].includes(signal.kind),
    );
    if (isDisproved) return undefined;
    // A device without a network can still reach itself: only a change during the session explains a failure there.
    const sawItGo = facts.signals[0] !== before;
    return {
      certainty: sawItGo || !isLoopback(facts.target.host) ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { during: facts.closing ? 'session' : 'connect' },
      evidence: [evidence('The browser reported that it was offline when the connection failed.', before)],
    };
  },
};

export const text: Text = {
  summary:
    'The device lost its network connection. Socket.IO closes the connection as soon as the browser reports this and reconnects by itself once the network is back.',
  remedy: () =>
    'Nothing is broken on the server. Show users that they are offline, and decide what happens to their actions in the meantime: Socket.IO buffers emitted events until it is connected again, unless they are volatile.',
  snippet: () => "socket.volatile.emit('position', position); // not buffered while offline",
  see: [
    { title: 'Offline behavior', url: 'https://socket.io/docs/v4/client-offline-behavior/' },
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
  ],
};
