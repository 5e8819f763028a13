const digits = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A duration for people: `240 ms`, `1.2 s`, `3 min 5 s`, `2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${digits.format(ms / 1000)} s`;
  if (ms < 3_600_000) return twoUnits(ms, 60_000, 'min', 1000, 's');
  if (ms < 86_400_000) return twoUnits(ms, 3_600_000, 'h', 60_000, 'min');
  return twoUnits(ms, 86_400_000, 'd', 3_600_000, 'h');
}

function twoUnits(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rounded = Math.round(ms / smallMs) * smallMs;
  const rest = Math.round((rounded % largeMs) / smallMs);
  return `${Math.floor(rounded / largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
