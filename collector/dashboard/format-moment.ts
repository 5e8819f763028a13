/** A moment of a timeline, to the millisecond: `118 ms`, `3.42 s`, `1:00:00.402`. */
export function formatMoment(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1000) return `${whole} ms`;
  if (whole < 60_000) return `${whole / 1000} s`;
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = `${pad(Math.floor(whole / 1000) % 60)}.${pad(whole % 1000, 3)}`;
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${pad(minutes)}:${seconds}`;
}
