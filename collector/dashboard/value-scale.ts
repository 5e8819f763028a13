/** A vertical axis: from `min` to `max`, both of which are labeled. */
export interface ValueScale {
  readonly min: number;
  readonly max: number;
}

/** From zero to a round number that no value exceeds. */
export function countScale(values: readonly number[]): ValueScale {
  return { min: 0, max: niceCeiling(Math.max(0, ...values)) };
}

/** Shares up to 100 %, from a step below the lowest: if nearly everything is fine, an axis from zero would show nothing. */
export function shareScale(values: readonly number[]): ValueScale {
  const lowest = Math.min(1, ...values);
  const steps = [0.98, 0.95, 0.9, 0.8, 0.5];
  return { min: steps.find((step) => step <= lowest) ?? 0, max: 1 };
}

/** Half of it is a whole number as well, because the middle is labeled, too. */
function niceCeiling(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  const factors = power === 1 ? [2, 4, 6, 8, 10] : [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10];
  return (factors.find((one) => one * power >= value) ?? 10) * power;
}
