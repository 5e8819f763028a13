import type { SignalOf } from '../signals/signal.js';

/** Whether a WebSocket of the SDK opened and then broke at once, before or right after its first message, without any reason given. */
export function isBrokenAtOnce(probe: SignalOf<'probe'> | undefined): boolean {
  const { result, closeCode } = probe?.websocket ?? {};
  return result === 'closed' ? (closeCode ?? 1006) === 1006 : result === 'engineio' && closeCode === 1006;
}
