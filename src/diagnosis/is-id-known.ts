import type { Facts } from './facts.js';

/**
 * Whether an id that the SDK was given was made by a server, whatever it looks like: of several requests that named it, or others like it,
 * not all were unknown. An id that a filter has put in its place is known to nobody.
 */
export function isIdKnown({ probe }: Facts): boolean {
  const { asked = 0, lost = 0 } = probe('session')?.rounds ?? {};
  return lost < asked;
}
