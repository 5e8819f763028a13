import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/**
 * An earlier connection that ended before the client's `auth` function had called back. When the call finally comes, it writes a second
 * CONNECT into the current connection, which Socket.IO closes for that (socket.io lib/client.ts, ondecoded: "invalid state").
 */
export function lateAuth({ closing, all }: Facts): SignalOf<'disconnected'> | undefined {
  if (!closing) return undefined;
  return all('disconnected').find(
    ({ attempt, sent, hadConnected }) => attempt < closing.signal.attempt && sent === 'no' && !hadConnected,
  );
}
