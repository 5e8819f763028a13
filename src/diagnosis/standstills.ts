import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** Moments at which page or process is known to have stood still: what it missed then was not lost by others. */
export function standstills(facts: Facts): readonly Signal[] {
  return facts.signals.filter(
    (signal) =>
      signal.kind === 'timer-gap' ||
      (signal.kind === 'page' && ['frozen', 'resumed', 'returned'].includes(signal.event)),
  );
}
