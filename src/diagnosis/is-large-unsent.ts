import type { Closing } from './facts.js';

/** The size from which a message is worth suspecting: limits of servers and proxies start here. */
const LARGE_BYTES = 100_000;

/** Nobody limits messages to a few kilobytes; from here on, somebody may have set `maxHttpBufferSize` or a proxy this low. */
export const SMALL_LIMIT_BYTES = 10_000;

/** Whether a large message was in transit when the connection ended: whatever ended it may then have been about the message. */
export function isLargeUnsent(closing: Closing): boolean {
  return (closing.signal.unsentBytes ?? 0) >= LARGE_BYTES;
}
