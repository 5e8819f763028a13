const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export function formatNumber(value: number): string {
  return whole.format(value);
}

export function formatShare(share: number | undefined): string {
  return share === undefined ? '–' : percent.format(share);
}
