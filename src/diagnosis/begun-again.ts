import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** The handshake of another session in response to a poll of a session; from a cache, it would be of the same session. */
export function begunAgain({ all }: Facts): SignalOf<'handshake'> | undefined {
  const begun = all('handshake').filter(({ transport, late }) => transport === 'polling' && !late);
  return begun.find((one, at) => !one.repeatedSid && begun[at - 1]?.attempt === one.attempt);
}
