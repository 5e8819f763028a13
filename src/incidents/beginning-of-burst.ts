import type { Signal } from '../signals/signal.js';

const BURST: readonly string[] = [
  'engine-failed',
  'engine-closed',
  'transport-failed',
  'transport-unopened',
  'websocket-closed',
  'disconnected',
  'connect-error',
  'upgrade-failed',
  'upgrade-overdue',
  'connect-overdue',
  'reconnect-failed',
];

/** What failed longer ago was another failure; only transports that are tried one after the other take time. */
const MAX_PAUSE_MS = 1_000;

/** The signals of one failure come in one burst, the engine's own before the socket's: the first of them is its beginning. */
export function beginningOfBurst(signals: readonly Signal[], at: number): number {
  let since = at;
  for (let index = signals.length - 1; index >= 0; index -= 1) {
    const signal = signals[index];
    if (!signal || !BURST.includes(signal.kind)) break;
    if (since - signal.at > MAX_PAUSE_MS && !signal.kind.startsWith('transport-')) break;
    since = signal.at;
  }
  return since;
}
