import type { Facts } from './facts.js';

/**
 * Whether a refusal without a message is rather a middleware's that gave `next()` what is no Error: no server is known that says nothing of
 * an unknown namespace to a client up to 2.x, nor any that does so in an object (measured on 3.1 and each minor of 4.x).
 */
export function isBareNext({ refusal, client }: Pick<Facts, 'refusal' | 'client'>): boolean {
  return refusal?.noMessage === true && (client.protocol === 3 || refusal.bareText === false);
}
