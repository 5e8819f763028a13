import type { ProbeName, Signal, SignalOf } from '../signals/signal.js';
import type { FailureScope, Timeline } from '../signals/timeline.js';
import { isUnknownSession } from './is-unknown-session.js';

/** Probes by a WebSocket that names no session. */
const BARE: readonly ProbeName[] = ['websocket-handshake', 'websocket-again', 'websocket-other-protocol'];

export function isBareWebSocket(name: ProbeName): boolean {
  return BARE.includes(name);
}

/**
 * What to probe before a WebSocket that names no session, or `never` if none may be opened.
 *
 * Two Socket.IO servers on one HTTP server with one copy of ws both accept such a WebSocket, and the second `handleUpgrade` throws, which
 * ends the process unexpectedly (ws 8, lib/websocket-server.js, completeUpgrade). A client that starts with polling never does that to
 * them: its upgrade names a session, which one of the two does not know and rejects. So after a refused upgrade, the first probe is for a
 * session that was started over HTTP, or for a path that nobody serves; a client that does not learn who refuses, such as a page, needs
 * both.
 */
export function beforeBareWebSocket(
  { signals, runtime }: Pick<Timeline, 'signals' | 'runtime'>,
  { phase, since, askedSince = since }: FailureScope,
): ProbeName | 'never' | undefined {
  if (phase !== 'upgrade' || !signals.some((signal) => signal.kind === 'upgrade-failed' && signal.how === 'refused'))
    return undefined;
  // Of two servers on one HTTP server, only one responds over HTTP, and it knows its sessions.
  if (signals.some(isSessionLost)) return undefined;
  const answerTo = (name: ProbeName) =>
    signals.find(
      (signal): signal is SignalOf<'probe'> =>
        signal.kind === 'probe' && signal.name === name && signal.at >= askedSince,
    );
  const isTold = runtime.kind === 'node';
  if (!isTold) {
    const unused = answerTo('unused-path');
    if (!unused) return 'unused-path';
    // Unknown, as on a page that was busy meanwhile, is no permission.
    if (unused.answer === 'no') return undefined;
  }
  const named = answerTo('session-upgrade');
  if (!named) return 'session-upgrade';
  // Without a response, or if it is unknown who refuses, it may be one of the two.
  const { result, body } = named.websocket ?? {};
  const isOfTwo = result === 'rejected' && (!isTold || isUnknownSession(body));
  return result === undefined || isOfTwo ? 'never' : undefined;
}

function isSessionLost(signal: Signal): boolean {
  return signal.kind !== 'probe' && 'error' in signal && isUnknownSession(signal.error?.body);
}
