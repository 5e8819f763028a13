const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A factor: `3.2×`, `14×`. */
export function formatTimes(factor: number): string {
  return `${factor >= 10 ? whole.format(factor) : tenths.format(factor)}×`;
}
