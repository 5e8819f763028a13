export interface WeightedValue {
  readonly value: number;
  readonly weight: number;
}

/**
 * For each share, the smallest value such that at least this share of the total weight does not exceed it. `values` come in ascending
 * order.
 */
export function weightedPercentiles(
  values: readonly WeightedValue[],
  shares: readonly number[],
): readonly (number | undefined)[] {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map((share) => {
    let reached = 0;
    for (const { value, weight } of values) {
      reached += weight;
      if (reached >= share * total) return value;
    }
    return values.at(-1)?.value;
  });
}
