import type { Facts } from './facts.js';

/**
 * Whether a refusal without a message more likely comes from a middleware that passed `next()` something that is not an Error: no server is
 * known that says nothing about an unknown namespace to a client up to 2.x, or that does so in an object (measured on 3.1 and each minor of
 * 4.x).
 */
export function isBareNext({ refusal, client }: Pick<Facts, 'refusal' | 'client'>): boolean {
  return refusal?.noMessage === true && (client.protocol === 3 || refusal.bareText === false);
}
