import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { isUnknownSession } from '../diagnosis/is-unknown-session.js';
import type { Rule } from '../diagnosis/rule.js';
import { serverlessPlatform } from '../diagnosis/serverless-platform.js';
import type { Text } from '../diagnosis/text.js';
import type { Hosting } from '../signals/known-hosting.js';
import type { Signal } from '../signals/signal.js';

export interface Details {
  readonly platform: Hosting | 'unknown';
}

export const rule: Rule<'server-on-serverless', Details> = {
  code: 'server-on-serverless',
  title: 'The server runs on a serverless platform',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'rare',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#deployment-on-a-serverless-platform',
  needs: ['http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const known = serverlessPlatform(facts);
    // Which platform it is may be in the headers of a response that has not been requested yet.
    const isOpen = !facts.probe('http-handshake') && !facts.probe('session');
    const sign = known || isOpen ? signOf(facts) : undefined;
    if (!sign || (!known && !sign.isTypical)) return undefined;
    return {
      // Some of them support WebSocket today (Vercel since 2026), and a regular server may be reached under such a name.
      certainty: 'suspected',
      likelihood: known && sign.isTypical ? 'likely' : 'possible',
      details: { platform: known ?? 'unknown' },
      evidence: [evidence(sign.claim, sign.signal)],
    };
  },
};

function signOf(facts: Facts): { claim: string; signal: Signal; isTypical: boolean } | undefined {
  const { upgrading, connecting, closing } = facts;
  if (upgrading) {
    return { claim: 'The upgrade to WebSocket did not happen.', signal: upgrading, isTypical: true };
  }
  const lost = [closing, connecting].find((one) => isUnknownSession(one?.error?.body));
  if (lost) {
    return { claim: 'The next request reached a server without the session.', signal: lost.signal, isTypical: true };
  }
  // Clients before 4.5 report only the status.
  if (connecting?.handshake && connecting.error.status === 400) {
    return { claim: 'The session was rejected after its handshake.', signal: connecting.signal, isTypical: true };
  }
  const isWebSocketOnly = connecting?.transport === 'websocket' && !connecting.handshake && !connecting.systemError;
  if (isWebSocketOnly && facts.probe('websocket-handshake')?.answer !== 'yes') {
    return {
      claim: 'A client that starts with WebSocket could not connect.',
      signal: connecting.signal,
      isTypical: true,
    };
  }
  // A function that serves other paths: the app's server is not started there.
  if (connecting && !connecting.handshake && connecting.error.status === 404) {
    return { claim: 'Nothing is served at the Socket.IO path.', signal: connecting.signal, isTypical: false };
  }
  return undefined;
}

export const text: Text<Details> = {
  summary:
    'The server seems to run as functions, which the platform starts for a request and stops after it. A Socket.IO session lives in the memory of one process, across many requests or on one long-lived connection: the next request reaches a process that does not know the session.',
  remedy: ({ platform }) =>
    `Run the Socket.IO server in a long-running process (a container, a virtual machine, a platform with long-running services), and leave the rest of the app where it is.${platform === 'vercel' ? ' Vercel functions have supported WebSocket since 2026 (beta): on Vercel, use `transports: ["websocket"]` and expect disconnections after the maximum duration.' : ''}`,
  snippet: () => "const socket = io('https://sockets.example.com'); // a separate server, next to the functions",
  see: [
    {
      title: 'Deployment on a serverless platform',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#deployment-on-a-serverless-platform',
    },
  ],
};
