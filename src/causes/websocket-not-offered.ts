import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export type Details = Record<never, never>;

export const rule: Rule<'websocket-not-offered', Details> = {
  code: 'websocket-not-offered',
  title: 'The server does not offer WebSocket',
  phase: 'upgrade',
  fixedBy: 'server',
  severity: 'info',
  frequency: 'rare',
  aspect: 'upgrade-offer',
  since: '0.1.0',
  docs: '/docs/v4/server-options/#allowupgrades',
  needs: [],
  yieldsTo: [],
  match({ options, last, all }) {
    if (!options.upgrade || !options.transports.includes('websocket')) return undefined;
    const connected = last('connected');
    const handshake = all('handshake').find(({ attempt }) => attempt === connected?.attempt);
    // An engine that started with WebSocket has nothing to upgrade to.
    if (handshake?.transport !== 'polling' || handshake.late || handshake.upgrades.includes('websocket'))
      return undefined;
    return {
      certainty: 'confirmed',
      details: {},
      evidence: [
        evidence('The handshake over HTTP long-polling did not list WebSocket among its upgrades.', handshake),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection works over HTTP long-polling and stays there: the client would upgrade to WebSocket, but the server does not offer it, because of `allowUpgrades: false` or because its `transports` do not include `websocket`. This is for information only: nothing fails, but every message costs HTTP requests.',
  remedy: () =>
    'If this is intended, do nothing, or set `upgrade: false` in the client to make that explicit. Otherwise, include `websocket` in `transports` on the server and leave `allowUpgrades` at its default.',
  snippet: () => "const io = new Server(httpServer, { transports: ['polling', 'websocket'], allowUpgrades: true });",
  see: [
    { title: 'Server option allowUpgrades', url: 'https://socket.io/docs/v4/server-options/#allowupgrades' },
    { title: 'Server option transports', url: 'https://socket.io/docs/v4/server-options/#transports' },
  ],
};
