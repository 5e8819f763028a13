import { isLoopback } from './is-loopback.js';

/** How far an address is from the page, judged by its name alone: the same machine, the local network, or anywhere. */
export type AddressSpace = 'loopback' | 'local' | 'public';

/**
 * RFC 1918, 3927, 6598, 4193 and 4291 section 2.5.6 for addresses; RFC 6762 (`.local`), 8375 (`.home.arpa`) and ICANN's `.internal` for
 * names. A name without a dot is only ever resolved on the local network. A public name may still lead to a private address.
 */
const LOCAL =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[?(f[cd][\da-f]{2}|fe[89ab][\da-f]):)|\.(local|lan|home\.arpa|internal)\.?$|^[a-z\d-]+$/i;

export function addressSpace(host: string): AddressSpace {
  // Connecting to the unspecified address reaches the same machine on Linux and macOS.
  if (isLoopback(host) || host === '0.0.0.0' || host === '[::]') return 'loopback';
  return LOCAL.test(host) ? 'local' : 'public';
}
