import { evidence } from '../diagnosis/evidence.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** It came within a second of `connect`: the server rejects this client in its connection handler. */
  readonly onConnect: boolean;
}

const ON_CONNECT_MS = 1_000;

export const rule: Rule<'server-disconnected-socket', Details> = {
  code: 'server-disconnected-socket',
  title: 'The server disconnected this socket',
  phase: 'session',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-gets-disconnected',
  needs: [],
  yieldsTo: [],
  match(facts) {
    if (facts.about.phase !== 'session') return undefined;
    const told = latest(facts.during('disconnected').filter((signal) => signal.reason === 'io server disconnect'));
    if (!told) return undefined;
    const onConnect = told.sessionMs !== undefined && told.sessionMs <= ON_CONNECT_MS;
    return {
      certainty: 'confirmed',
      details: { namespace: told.namespace, onConnect },
      evidence: [
        evidence('The server sent a DISCONNECT packet for this namespace.', told),
        ...(onConnect ? [evidence('It came right after the connection.', told)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The server called `socket.disconnect()` for this client, or `io.disconnectSockets()` for many. The client does not reconnect by itself after that.',
  remedy: ({ onConnect }) =>
    onConnect
      ? "The server's connection handler disconnects the client right away: look for `disconnect()` in it, and reject clients in a middleware instead, which can give them a reason."
      : 'Find out why the server does this (the Admin UI can help). If the client should come back, call `socket.connect()` in the `disconnect` handler.',
  snippet: () =>
    "socket.on('disconnect', (reason) => {\n  if (reason === 'io server disconnect') socket.connect();\n});",
  see: [
    { title: 'Disconnect reasons', url: 'https://socket.io/docs/v4/client-socket-instance/#disconnect' },
    { title: 'Admin UI', url: 'https://socket.io/docs/v4/admin-ui/' },
  ],
};
