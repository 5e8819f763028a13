const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export function formatNumber(value: number): string {
  return whole.format(value);
}

export function formatShare(share: number | undefined): string {
  return share === undefined ? '–' : percent.format(share);
}

/** A rate: a whole number from 100 up, with one decimal below. */
export function formatRate(rate: number | undefined): string {
  if (rate === undefined) return '–';
  return rate >= 100 ? whole.format(rate) : tenths.format(rate);
}
