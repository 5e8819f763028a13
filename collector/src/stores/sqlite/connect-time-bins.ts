import type { WeightedValue } from '../weighted-percentiles.js';

/** Each bin reaches 10 % further than the one before: its middle is at most 4.9 % from every time in it. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** The bin of a time in milliseconds; bin 0 has everything below one. */
export function binOf(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / LOG_GROWTH);
}

/** Bins with their weights, in a histogram as it is stored: `[bin, weight, bin, weight, …]`. */
export type Bins = Map<number, number>;

/** Adds a stored histogram to `bins`. */
export function addBins(bins: Bins, stored: string): void {
  const pairs = JSON.parse(stored) as number[];
  for (let i = 0; i < pairs.length; i += 2) {
    const bin = pairs[i] ?? 0;
    bins.set(bin, (bins.get(bin) ?? 0) + (pairs[i + 1] ?? 0));
  }
}

/** All of them in one. */
export function sumOfBins(all: Iterable<Bins>): Bins {
  const sum: Bins = new Map();
  for (const bins of all) {
    for (const [bin, weight] of bins) sum.set(bin, (sum.get(bin) ?? 0) + weight);
  }
  return sum;
}

/** As it is stored; bins without weight are left out. */
export function storedBins(bins: Bins): string {
  const pairs: number[] = [];
  for (const [bin, weight] of bins) if (weight > 0) pairs.push(bin, weight);
  return JSON.stringify(pairs);
}

/** The middle of each bin with its weight, in ascending order. */
export function valuesOfBins(bins: Bins): WeightedValue[] {
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, weight]) => ({ value: bin === 0 ? 0 : Math.round(GROWTH ** (bin - 0.5)), weight }));
}
