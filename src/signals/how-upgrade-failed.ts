import type { SignalOf } from './signal.js';

/** Why an upgrade failed. engine.io-client flattens the cause into the message (lib/socket.js, probe): only its beginning is fixed. */
export function howUpgradeFailed(error: unknown): Exclude<SignalOf<'upgrade-failed'>['how'], 'fallback'> {
  const message = String(Object(error).message ?? error);
  if (message.includes('socket closed')) return 'engine-closed';
  if (message.includes('transport closed')) return 'closed';
  if (message.includes('websocket error') || message.includes('webtransport error')) return 'refused';
  // After these words comes the transport's error; unless it is one of those above, it is what the constructor threw.
  return /^probe error: ./.test(message) ? 'threw' : 'other';
}
