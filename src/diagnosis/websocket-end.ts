import type { SignalOf } from '../signals/signal.js';

export interface WebSocketEnd {
  readonly closeCode: number | undefined;
  /** Whether it ended by a closing frame of the other side; `undefined` where nobody tells. */
  readonly wasClean: boolean | undefined;
}

/** What a client says itself of an end without a frame, of frames that it does not take, and of TLS (RFC 6455, section 7.4.1). */
const OWN_WORDS: readonly number[] = [1002, 1003, 1006, 1007, 1009, 1010, 1015];

/**
 * How the WebSocket of an engine ended; clients before 4.5 leave that to the WebSocket itself to tell. Firefox calls an end by a closing frame
 * unclean where the connection ends before its own one is out (153): a code that it does not say itself came in a frame all the same.
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
