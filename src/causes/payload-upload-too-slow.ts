import { evidence } from '../diagnosis/evidence.js';
import { isLargeUnsent } from '../diagnosis/is-large-unsent.js';
import type { Rule } from '../diagnosis/rule.js';
import { standstillAt } from '../diagnosis/standstills.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** What was still to be sent, in bytes. */
  readonly unsentBytes?: number;
  readonly pingTimeoutMs?: number;
}

export const rule: Rule<'payload-upload-too-slow', Details> = {
  code: 'payload-upload-too-slow',
  title: 'A large message takes longer to send than the heartbeat allows',
  phase: 'session',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-send-a-huge-payload',
  needs: [],
  yieldsTo: ['network-offline', 'page-suspended', 'payload-too-large', 'network-changed'],
  match(facts) {
    const { closing } = facts;
    if (!closing?.hadConnected) return undefined;
    // WebKit hands a message to its network process and counts it as sent (WebKitGTK 2.50).
    const isUnseen =
      facts.runtime.engine === 'webkit' && closing.transport === 'websocket' && closing.reason === 'ping timeout';
    if (!isLargeUnsent(closing) && !isUnseen) return undefined;
    if (closing.reason === 'parse error') return undefined;
    if (standstillAt(facts, closing.signal.at)) return undefined;
    const { signal, reason } = closing;
    const { pingTimeoutMs } = closing.handshake ?? {};
    // The server gives up earlier than the client: it waits for a reply that is queued behind the message.
    const isByPatience = reason === 'ping timeout' || signal.ageMs >= (pingTimeoutMs ?? 20_000);
    if (!isByPatience) return undefined;
    const { unsentBytes } = signal;
    return {
      certainty: 'suspected',
      likelihood: isLargeUnsent(closing) ? 'likely' : 'possible',
      details: {
        ...(unsentBytes !== undefined && { unsentBytes }),
        ...(pingTimeoutMs !== undefined && { pingTimeoutMs }),
      },
      evidence: [
        evidence(
          unsentBytes === undefined
            ? 'No heartbeat arrived in time, and this browser does not report how much was still to be sent.'
            : reason === 'ping timeout'
              ? `${unsentBytes} bytes were still to be sent when the heartbeat timed out.`
              : `${unsentBytes} bytes were still to be sent when the connection ended.`,
          signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A large message was still being sent when the connection timed out: heartbeats are queued behind it, and the other side hears nothing for longer than `pingTimeout`.',
  remedy: ({ pingTimeoutMs }) =>
    `Send large data in chunks, waiting for the acknowledgement of each, or upload it over plain HTTP. Raising the server's \`pingTimeout\` (currently ${pingTimeoutMs ?? 'unknown'} ms) helps slow networks, too.`,
  snippet: () =>
    "for (const chunk of chunks) await socket.timeout(60_000).emitWithAck('chunk', chunk); // 64 KiB each, not several megabytes",
  see: [
    {
      title: 'You are trying to send a huge payload',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-send-a-huge-payload',
    },
    { title: 'Server option pingTimeout', url: 'https://socket.io/docs/v4/server-options/#pingtimeout' },
  ],
};
