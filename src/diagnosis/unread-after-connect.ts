import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** A server that refuses does so as soon as it has connected the namespace; an app hardly sends its first message any later. */
const AT_ONCE_MS = 500;

/**
 * The end of a connection by a packet that the client could not read, instead of the first reply or right after it. python-socketio with
 * `always_connect` connects first and then refuses with a DISCONNECT packet that carries its reason, which JavaScript clients consider
 * invalid (socket.io-parser lib/index.ts, isPayloadValid), and servers in other languages put something into a refusal that is not an
 * object.
 */
export function unreadAfterConnect({ during }: Facts): SignalOf<'disconnected'> | undefined {
  return during('disconnected').find(
    ({ reason, hadConnected, sessionMs = 0 }) => reason === 'parse error' && (!hadConnected || sessionMs < AT_ONCE_MS),
  );
}
