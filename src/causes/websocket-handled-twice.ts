import { evidence } from '../diagnosis/evidence.js';
import { isBareRefused } from '../diagnosis/is-bare-refused.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** A WebSocket of its own broke right after its first message. */
  readonly isReproduced: boolean;
}

const HTTP_AS_CLOSE_CODE = 0x5450;

export const rule: Rule<'websocket-handled-twice', Details> = {
  code: 'websocket-handled-twice',
  title: 'Two upgrade handlers answer the same WebSocket',
  phase: 'upgrade',
  fixedBy: 'server',
  severity: 'warning',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#express-status-monitor-runs-its-own-socketio-instance',
  needs: ['websocket-handshake', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { upgrading } = facts;
    if (upgrading?.kind !== 'upgrade-failed' || upgrading.how === 'fallback') return undefined;
    const plain = facts.probe('websocket-handshake');
    const { result, closeCode } = plain?.websocket ?? {};
    // The second answer begins with "HTTP": read as a frame that is a close frame, its code the letters "TP".
    if (plain && closeCode === HTTP_AS_CLOSE_CODE) {
      return {
        certainty: facts.client.protocol === 4 ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { isReproduced: true },
        evidence: [evidence('A WebSocket opened, and then a second HTTP answer came through it.', plain)],
      };
    }
    const isBroken = result === 'closed' ? (closeCode ?? 1006) === 1006 : result === 'engineio' && closeCode === 1006;
    // What two handlers write may also come too soon for the handshake to count (always so in Firefox 153): to a page a refusal like any.
    const isRefusal = facts.runtime.kind !== 'node' && result === 'rejected' && closeCode === 1006;
    const isOpen = plain === undefined || plain.answer === 'unknown' || isRefusal || isBareRefused(facts);
    if (!isOpen && plain.answer !== 'yes' && !isBroken) return undefined;
    return {
      certainty: 'suspected',
      likelihood: isBroken ? 'likely' : 'possible',
      details: { isReproduced: isBroken },
      evidence: [
        evidence('The upgrade to WebSocket failed while polling works.', upgrading),
        ...(plain?.answer === 'yes' ? [evidence('A WebSocket that begins a session of its own works.', plain)] : []),
        ...(plain && isBroken ? [evidence('A WebSocket of the SDK opened and broke at once.', plain)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Two handlers on the same HTTP server answer a WebSocket upgrade: two Socket.IO servers, or a package that brings one of its own, such as express-status-monitor. What both write into the connection is no valid frame ("Invalid frame header").',
  remedy: () =>
    'Let one server handle the path: give the second Socket.IO instance another `path`, hand express-status-monitor the existing instance with its `websocket` option, and make other WebSocket servers ignore `/socket.io/`.',
  snippet: () => 'app.use(statusMonitor({ websocket: io }));',
  see: [
    {
      title: 'express-status-monitor runs its own Socket.IO instance',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#express-status-monitor-runs-its-own-socketio-instance',
    },
  ],
};
