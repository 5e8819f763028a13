import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** How long the socket was disconnected, in milliseconds. */
  readonly gapMs: number;
  /** `no-event-before`: the server had not sent any event that could mark where to resume. */
  readonly reason: 'no-event-before' | 'unknown';
}

/** Default of `maxDisconnectionDuration`: a longer gap is not meant to be recovered. */
const RECOVERABLE_MS = 120_000;
/** After these the server keeps the state (socket.io lib/socket.ts, RECOVERABLE_DISCONNECT_REASONS), as the client names them. */
const RECOVERABLE_REASONS = ['transport close', 'transport error', 'ping timeout'];

export const rule: Rule<'recovery-failed', Details> = {
  code: 'recovery-failed',
  title: 'The connection state was not recovered',
  phase: 'session',
  fixedBy: 'server',
  severity: 'info',
  frequency: 'rare',
  aspect: 'recovery',
  since: '0.1.0',
  docs: '/docs/v4/connection-state-recovery',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const { namespace } = facts.about;
    const sessions = facts.all('connected').filter((signal) => signal.namespace === namespace);
    const [before, back] = sessions.slice(-2);
    // `recovered` is only set if the server provided an id by which the session can be found again (socket.io-client 4.6).
    if (!before || !back || before.recovered === undefined || back.recovered !== false) return undefined;
    const lost = facts
      .all('disconnected')
      .filter((signal) => signal.namespace === namespace && signal.at >= before.at && signal.at <= back.at)[0];
    if (!lost || !RECOVERABLE_REASONS.includes(lost.reason)) return undefined;
    const gapMs = back.at - lost.at;
    if (gapMs > RECOVERABLE_MS) return undefined;
    return {
      certainty: 'confirmed',
      details: { gapMs, reason: lost.recoverable === false ? 'no-event-before' : 'unknown' },
      evidence: [
        evidence('The server offered connection state recovery.', before),
        evidence(`The socket was back after ${gapMs} ms, in a new session.`, back),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The server offers connection state recovery, and the socket came back soon enough, but in a new session: its rooms and its data on the server are gone, and events sent in the meantime are lost. This is for information only: the socket works.',
  remedy: ({ reason }) =>
    reason === 'no-event-before'
      ? 'The server had not sent any event to this socket before: only an event marks the position from which to resume. If the state matters from the very start, emit one event right after the connection.'
      : 'Either the server process that knew the session is gone or another one took over: the in-memory adapter loses its state on a restart, and several nodes need an adapter that supports recovery (MongoDB, Redis Streams; not Redis pub/sub). Or the gap was longer than `maxDisconnectionDuration`. If `socket.recovered` is false, the app must reload its state.',
  snippet: () => "socket.on('connect', () => {\n  if (!socket.recovered) reloadState();\n});",
  see: [
    { title: 'Connection state recovery', url: 'https://socket.io/docs/v4/connection-state-recovery' },
    {
      title: 'Compatibility with existing adapters',
      url: 'https://socket.io/docs/v4/connection-state-recovery#compatibility-with-existing-adapters',
    },
  ],
};
