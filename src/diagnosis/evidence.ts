import type { Signal } from '../signals/signal.js';
import type { Evidence } from './rule.js';

/** States a fact and names the signal that shows it. */
export function evidence(claim: string, signal: Signal): Evidence {
  return { claim, signal: signal.kind, at: signal.at };
}
