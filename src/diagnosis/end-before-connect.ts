import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { latest } from './latest.js';

/**
 * A server that closes a session because of the CONNECT does so within this time, as clients send it as soon as the session is open. Later,
 * it may be its `connectTimeout`, which can end the SDK's session at any moment.
 */
export const CLOSED_AT_ONCE_MS = 1_000;

/** The end of the latest session, if it had started and nobody was connected in it yet. */
export function endBeforeConnect({ about, all, during }: Facts): SignalOf<'engine-closed'> | undefined {
  const ended = about.phase === 'connect' ? latest(during('engine-closed')) : undefined;
  return ended?.opened && !all('connected').some(({ attempt }) => attempt === ended.attempt) ? ended : undefined;
}
