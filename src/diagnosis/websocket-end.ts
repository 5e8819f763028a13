import type { SignalOf } from '../signals/signal.js';

export interface WebSocketEnd {
  readonly closeCode: number | undefined;
  /** Whether it ended with a closing frame from the other side; `undefined` if unknown. */
  readonly wasClean: boolean | undefined;
}

/**
 * What a client itself says about an end without a frame, about frames that it does not accept, and about TLS (RFC 6455, section 7.4.1).
 */
const OWN_WORDS: readonly number[] = [1002, 1003, 1006, 1007, 1009, 1010, 1015];

/**
 * How the WebSocket of an engine ended; clients before 4.5 leave it to the WebSocket itself to report that. Firefox calls an end by a
 * closing frame unclean if the connection ends before its own one is out (153): a code that it does not produce itself still came in a
 * frame.
 */
export function websocketEnd(
  told: readonly SignalOf<'websocket-closed'>[],
  ended: SignalOf<'engine-closed'>,
): WebSocketEnd {
  const socket = told.find(({ attempt }) => attempt === ended.attempt);
  const closeCode = ended.closeCode ?? socket?.closeCode;
  const wasClean = ended.wasClean ?? socket?.wasClean;
  return {
    closeCode,
    wasClean: wasClean === false && closeCode !== undefined ? !OWN_WORDS.includes(closeCode) : wasClean,
  };
}
