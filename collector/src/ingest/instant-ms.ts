const ZERO = 0x30;

/**
 * Milliseconds since 1970 of an ISO 8601 time with a date and at least seconds, otherwise `NaN`. The format of `toISOString`, in which the
 * SDK sends forty of them with a full batch, is parsed here: `Date.parse` takes twice as long for the same result.
 */
export function instantMs(text: string): number {
  const year = digits(text, 0, 4, '-');
  const month = digits(text, 5, 2, '-');
  const day = digits(text, 8, 2, 'T');
  const hour = digits(text, 11, 2, ':');
  const minute = digits(text, 14, 2, ':');
  const second = digits(text, 17, 2, '.');
  const ms = digits(text, 20, 3, 'Z');
  const isDate = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  // No comparison with NaN is true.
  if (isDate && hour <= 23 && minute <= 59 && second <= 59 && ms >= 0 && text.length === 24) {
    return Date.UTC(year, month - 1, day, hour, minute, second, ms);
  }
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
}

/** `NaN` unless there are exactly this many digits, followed by this. */
function digits(text: string, from: number, count: number, behind: string): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return text[from + count] === behind ? value : Number.NaN;
}
