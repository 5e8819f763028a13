import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** A server that refuses does it in the moment it has connected the namespace; an app sends its first message hardly later. */
const AT_ONCE_MS = 500;

/**
 * The end of a connection by a packet that the client could not read, in place of the first answer or right behind it. python-socketio with
 * `always_connect` connects first and then refuses with a DISCONNECT packet that carries its reason, which JavaScript clients take for
 * invalid (socket.io-parser lib/index.ts, isPayloadValid), and servers in other languages put into a refusal what is no object.
 */
export function unreadAfterConnect({ during }: Facts): SignalOf<'disconnected'> | undefined {
  return during('disconnected').find(
    ({ reason, hadConnected, sessionMs = 0 }) => reason === 'parse error' && (!hadConnected || sessionMs < AT_ONCE_MS),
  );
}
