import { formatNumber } from './format-number.js';

/** A number with its noun: `1 incident`, `1,204 incidents`. */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
