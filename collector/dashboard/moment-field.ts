const MINUTE_MS = 60_000;

/** A moment in the format of a `datetime-local` field: to the minute, in the time zone of this device. */
export function toField(ms: number): string {
  const at = new Date(Math.floor(ms / MINUTE_MS) * MINUTE_MS);
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const day = [pad(at.getFullYear(), 4), pad(at.getMonth() + 1), pad(at.getDate())].join('-');
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The moment in such a field; undefined if it is incomplete. */
export function fromField(text: string): number | undefined {
  const ms = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
