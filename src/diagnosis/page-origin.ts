import type { Facts } from './facts.js';

/** Scheme and host of the page, as a server must allow it: `null` for a file and for a sandboxed frame, which have no host. */
export function pageOrigin({ runtime }: Facts): string {
  return runtime.pageHost ? `${runtime.pageScheme ?? ''}//${runtime.pageHost}` : 'null';
}
