const HOUR_MS = 3_600_000;
export const HOURS_PER_DAY = 24;

/** Which rollup: how long its buckets are, and whether its segments are fine. */
export const LEVELS = [
  { level: 0, hours: 1, fine: false },
  { level: 1, hours: HOURS_PER_DAY, fine: false },
  { level: 2, hours: 1, fine: true },
  { level: 3, hours: HOURS_PER_DAY, fine: true },
] as const;

/** Stands for all causes in the rollups. */
export const ANY_CODE = 0;

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}
