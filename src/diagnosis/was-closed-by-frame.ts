interface WebSocketEnd {
  readonly closeCode?: number | undefined;
  readonly wasClean?: boolean | undefined;
}

/** What a client says itself of an end without a frame, of frames that it does not take, and of TLS (RFC 6455, section 7.4.1). */
const OWN_WORDS: readonly number[] = [1002, 1003, 1006, 1007, 1009, 1010, 1015];

/**
 * Whether a WebSocket ended by a closing frame of the other side. Firefox calls that unclean where the connection ends before its own closing
 * frame is out (153): a code that it does not say itself came in a frame all the same.
 */
export function wasClosedByFrame({ closeCode, wasClean }: WebSocketEnd): boolean | undefined {
  return wasClean === false && closeCode !== undefined ? !OWN_WORDS.includes(closeCode) : wasClean;
}
