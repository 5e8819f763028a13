import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { latest } from './latest.js';

/** The end of the latest session, where it had begun and nobody was connected in it yet. */
export function endBeforeConnect({ about, all, during }: Facts): SignalOf<'engine-closed'> | undefined {
  const ended = about.phase === 'connect' ? latest(during('engine-closed')) : undefined;
  return ended?.opened && !all('connected').some(({ attempt }) => attempt === ended.attempt) ? ended : undefined;
}
