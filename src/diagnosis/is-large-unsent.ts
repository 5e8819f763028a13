import type { Closing } from './facts.js';

/** A message worth suspecting: servers and proxies are set to limits from this size on. */
const LARGE_BYTES = 100_000;

/** No message of a few kilobytes is limited by anybody; from here on somebody may have set `maxHttpBufferSize` or a proxy so low. */
export const SMALL_LIMIT_BYTES = 10_000;

/** Whether a large message was on its way when the connection ended: then whatever ended it may have been about the message. */
export function isLargeUnsent(closing: Closing): boolean {
  return (closing.signal.unsentBytes ?? 0) >= LARGE_BYTES;
}
