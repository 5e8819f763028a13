import type { Facts } from './facts.js';

/** Scheme and host of the page, as a server must allow it. */
export function pageOrigin({ runtime }: Facts): string {
  return `${runtime.pageScheme ?? ''}//${runtime.pageHost ?? ''}`;
}
