/** Percentage points from one share to another, computed from both as shown, with one digit, so that readers can check the difference. */
export function pointsBetween(before: number, now: number): number {
  return (Math.round(now * 1000) - Math.round(before * 1000)) / 10;
}
