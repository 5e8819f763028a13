const DAY_MS = 86_400_000;

const precise = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minute = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A moment to the second, with its year; a dash if no calendar has it. */
export function formatTime(ms: number): string {
  return isMoment(ms) ? precise.format(ms) : '–';
}

/** A moment to the minute: `Nov 20, 14:02`. */
export function formatMinute(ms: number): string {
  return isMoment(ms) ? minute.format(ms) : '–';
}

/** A bucket of a trend, as precise as its length: `Nov 20` or `Nov 20, 14:00`. */
export function formatBucket(ms: number, bucketMs: number): string {
  if (!isMoment(ms)) return '–';
  // Buckets are cut in UTC: their days need not start at midnight here.
  return bucketMs >= DAY_MS ? day.format(ms) : minute.format(ms);
}

/** A label for an axis that spans this much time. */
export function formatTick(ms: number, spanMs: number): string {
  if (!isMoment(ms)) return '';
  return spanMs <= 1.3 * DAY_MS ? clock.format(ms) : day.format(ms);
}

function isMoment(ms: number): boolean {
  return Math.abs(ms) <= 8.64e15;
}
