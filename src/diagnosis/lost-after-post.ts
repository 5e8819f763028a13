import type { ConnectFailure, Facts } from './facts.js';
import { isSendError } from './is-send-error.js';

/**
 * A poll right after the handshake that found its session unknown: another server got it, or the session has ended with the first POST, which
 * Engine.IO 4 sends at once. Clients before 4.5 and the fetch transports tell the status alone.
 */
export function lostAfterPost({ connecting, client }: Facts): ConnectFailure | undefined {
  if (!connecting?.handshake || connecting.transport !== 'polling' || client.protocol !== 4) return undefined;
  const { message, status, body } = connecting.error;
  const isLost = body === undefined ? status === 400 : body.is === 'engineio-error' && body.code === 1;
  return isLost && !isSendError(message) ? connecting : undefined;
}
