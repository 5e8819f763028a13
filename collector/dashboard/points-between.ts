/** Percentage points from one share to another, as both are shown: with one digit, whose difference readers can check. */
export function pointsBetween(before: number, now: number): number {
  return (Math.round(now * 1000) - Math.round(before * 1000)) / 10;
}
