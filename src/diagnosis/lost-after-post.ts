import type { SignalOf } from '../signals/signal.js';
import type { ConnectFailure, Facts } from './facts.js';
import { isSendError } from './is-send-error.js';
import { isUnknownSession } from './is-unknown-session.js';

/**
 * A poll right after the handshake that found its session unknown: another server got it, or the session ended with the first POST, which
 * Engine.IO 4 sends at once. Clients before 4.5 and the fetch transports report only the status.
 */
export function lostAfterPost({ connecting, client }: Facts): ConnectFailure | undefined {
  if (!connecting?.handshake || connecting.transport !== 'polling' || client.protocol !== 4) return undefined;
  const { message, status, body } = connecting.error;
  const isLost = body === undefined ? status === 400 : isUnknownSession(body);
  return isLost && !isSendError(message) ? connecting : undefined;
}

/**
 * The same if the poll was there before the POST: Engine.IO closes the session in it. A middleware, or a server with another parser, may
 * have closed it as well.
 */
export function closedAfterPost({
  all,
  client,
  connecting,
  probe,
  unanswered,
}: Facts): SignalOf<'engine-closed'> | undefined {
  if (connecting || unanswered?.ended !== 'orderly' || client.protocol !== 4) return undefined;
  if (unanswered.sent !== 'default' || unanswered.alike.some(({ kind }) => kind === 'connect-overdue'))
    return undefined;
  // Over WebSocket, which has no POST, such a server responds.
  const asked = probe('namespace-connect');
  if (asked && asked.connects?.own !== 'connected') return undefined;
  const closed = all('engine-closed').find(({ attempt }) => attempt === unanswered.signal.attempt);
  return closed?.transport === 'polling' ? closed : undefined;
}
