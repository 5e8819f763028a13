import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { unreadAfterConnect } from '../diagnosis/unread-after-connect.js';

export interface Details {
  /** Which protocol could not be parsed: the Socket.IO packets, or the Engine.IO packets that carry them. */
  readonly level: 'socket.io' | 'engine.io';
  /** Clients 4.5.0 to 4.5.2 report an exception in one of the app's own listeners in the same way. */
  readonly maybeListener: boolean;
}

export const rule: Rule<'packet-invalid', Details> = {
  code: 'packet-invalid',
  title: 'A packet from the server could not be parsed',
  phase: 'session',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/client-socket-instance/#disconnect',
  needs: [],
  yieldsTo: ['network-offline'],
  match(facts) {
    if (facts.about.phase === 'connect') return matchFirst(facts);
    if (facts.about.phase !== 'session') return undefined;
    const maybeListener = facts.client.version === '4.5';
    // Since 4.5.0, the Manager ends the connection by itself (socket.io-client lib/manager.ts, ondata).
    const unread = facts
      .during('disconnected')
      .find(({ reason, hadConnected }) => hadConnected && reason === 'parse error');
    if (unread) {
      return {
        certainty: 'confirmed',
        // As a class: right after the connection it may be the packet with which the server rejects the client.
        ...(unreadAfterConnect(facts) && { asClass: true as const }),
        details: { level: 'socket.io', maybeListener },
        evidence: [evidence('The client ended the connection with "parse error".', unread)],
      };
    }
    const { closing } = facts;
    // engine.io-client lib/socket.ts, onPacket: a packet of type `error`, which is how its parser reports what it cannot read.
    if (!closing?.hadConnected || closing.error?.message !== 'server error') return undefined;
    const body = closing.error.body ?? facts.during('engine-failed')[0]?.error.body;
    // A page instead of packets comes from something in front of the server, and a body that could not be decoded shows as empty (WebKitGTK
    // 2.50).
    const isPage = body?.is === 'html';
    const isForeign = isPage || body?.is === 'empty';
    return {
      certainty: isForeign ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      details: { level: 'engine.io', maybeListener: false },
      evidence: [
        evidence(
          isPage
            ? 'A polling request of the session was answered with an HTML page.'
            : 'The client could not parse what the server sent.',
          closing.signal,
        ),
      ],
    };
  },
};

/** An unreadable packet may arrive before the client has reported that it is connected. */
function matchFirst(facts: Facts): Verdict<Details> | undefined {
  const unread = unreadAfterConnect(facts);
  if (!unread || unread.hadConnected) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'possible',
    details: { level: 'socket.io', maybeListener: false },
    evidence: [evidence("The client could not parse one of the server's first packets.", unread)],
  };
}

export const text: Text<Details> = {
  summary:
    'In the middle of a session, something arrived that is not a valid protocol packet, so the client closed the connection and opened a new one. Either the server or other code wrote to the connection directly, a proxy or filter altered a message, or the two sides use different versions of a custom parser.',
  remedy: ({ level, maybeListener }) =>
    [
      level === 'engine.io'
        ? "In the network panel, look at the last response or frame before the connection ended: is it truncated, a proxy's error page, or a message in another protocol? Exclude the Socket.IO path from filters that rewrite or scan bodies."
        : 'Look for code that writes to `socket.conn` directly, for a second server on the same path, and for filters that rewrite messages. If you use a custom parser, use the same version on both sides.',
      maybeListener
        ? 'In socket.io-client 4.5.0 to 4.5.2, an exception in one of your own event listeners looks the same: check the console, and update the client.'
        : '',
    ]
      .filter(Boolean)
      .join(' '),
  see: [
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
    { title: 'Custom parser', url: 'https://socket.io/docs/v4/custom-parser/' },
  ],
};
