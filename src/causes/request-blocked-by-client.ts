import { evidence } from '../diagnosis/evidence.js';
import { isPage } from '../diagnosis/is-page.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Which of its transports do not leave the browser, as far as asked. */
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
    // A request that asks for nothing but an answer gets one: nobody holds requests to this path back.
    if (reachable && (reachable.answer !== 'no' || reachable.http?.result === 'timeout')) return undefined;
    const result = websocket?.websocket?.result;
    // What answers over WebSocket is there: then a filter goes by the host, for HTTP alone.
    if (root?.answer === 'no' && result !== 'engineio') return undefined;
    if (result === 'timeout' || result === 'silent' || result === 'other') return undefined;
    const isBoundToPath = reachable !== undefined && root?.answer === 'yes';
    return {
      certainty: 'suspected',
      likelihood: isBoundToPath ? 'likely' : 'possible',
      details: { transports: result === 'engineio' ? 'polling' : result === 'rejected' ? 'all' : 'unknown' },
      evidence: [
        evidence('The request failed without an answer.', reachable ?? failure.signal),
        ...(isBoundToPath ? [evidence('Another path of the same server answers.', root)] : []),
        ...(result === 'engineio' && websocket
          ? [evidence('A WebSocket to the same path reaches Socket.IO.', websocket)]
          : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Requests to the path of Socket.IO get no answer, while the same server answers at another path: an ad blocker or another extension, an antivirus program, a parental or company filter recognises the address and drops the request before it reaches the server. A firewall in front of the server that resets connections by path looks the same.',
  remedy: ({ transports }) =>
    `Try a private window without extensions, and another network. Filters go by words in the address: another \`path\` on both sides, or another host name, is not on their lists.${transports === 'polling' ? ' WebSocket gets through: `transports: ["websocket", "polling"]` lets these users in.' : ''}`,
  snippet: () => "const socket = io(url, { path: '/live/' }); // and the same path in the options of the server",
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Client option path', url: 'https://socket.io/docs/v4/client-options/#path' },
  ],
};
