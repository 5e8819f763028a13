import { evidence } from '../diagnosis/evidence.js';
import { isPage } from '../diagnosis/is-page.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Which of its transports do not leave the browser, as far as that was asked. */
  readonly transports: 'polling' | 'all' | 'unknown';
}

export const rule: Rule<'request-blocked-by-client', Details> = {
  code: 'request-blocked-by-client',
  title: 'Something in the browser or on the device blocks the request',
  phase: 'connect',
  fixedBy: 'user',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-root'],
  yieldsTo: ['network-offline', 'csp-blocked', 'mixed-content-blocked', 'browser-port-blocked'],
  match(facts) {
    const failure = facts.connecting;
    if (!isPage(facts) || !failure?.blind || failure.timedOut || failure.handshake) return undefined;
    const reachable = facts.probe('http-reachable');
    const root = facts.probe('http-root');
    const websocket = facts.probe('websocket-handshake');
    // A request that only asks for any response gets one: nothing holds requests to this path back.
    if (reachable && (reachable.answer !== 'no' || reachable.http?.result === 'timeout')) return undefined;
    const result = websocket?.websocket?.result;
    // What responds over WebSocket exists: then a filter goes by the host, for HTTP only.
    if (root?.answer === 'no' && result !== 'engineio') return undefined;
    if (result === 'timeout' || result === 'silent' || result === 'other') return undefined;
    const isBoundToPath = reachable !== undefined && root?.answer === 'yes';
    return {
      certainty: 'suspected',
      likelihood: isBoundToPath ? 'likely' : 'possible',
      details: { transports: result === 'engineio' ? 'polling' : result === 'rejected' ? 'all' : 'unknown' },
      evidence: [
        evidence('The request failed without a response.', reachable ?? failure.signal),
        ...(isBoundToPath ? [evidence('Another path on the same server responds.', root)] : []),
        ...(result === 'engineio' && websocket
          ? [evidence('A WebSocket to the same path reaches Socket.IO.', websocket)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Requests to the Socket.IO path get no response, although the same server responds at another path: an ad blocker or other extension, antivirus software, or a parental or corporate filter recognizes the URL and drops the request before it reaches the server. A firewall in front of the server that resets connections by path looks the same.',
  remedy: ({ transports }) =>
    `Try a private window without extensions, and another network. Filters match words in the URL: a different \`path\` on both sides, or a different host name, is not on their lists.${transports === 'polling' ? ' WebSocket gets through: `transports: ["websocket", "polling"]` lets these users connect.' : ''}`,
  snippet: () => "const socket = io(url, { path: '/live/' }); // and the same path in the server options",
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Client option path', url: 'https://socket.io/docs/v4/client-options/#path' },
  ],
};
