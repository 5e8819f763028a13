/** Who holds something that only one may hold, as JSON in the store. */
export interface Lease {
  readonly holder: string;
  readonly untilMs: number;
  /** From its start to its end: one that lasts longer was started by a clock that has been set back since. */
  readonly forMs: number;
}

export function parseLease(text: string | undefined): Lease | undefined {
  try {
    return JSON.parse(text ?? '') as Lease;
  } catch {
    return undefined;
  }
}

/** Whether `holder` may have it now. */
export function isFree(lease: Lease | undefined, holder: string, nowMs: number): boolean {
  if (lease === undefined || lease.holder === holder) return true;
  return nowMs >= lease.untilMs || lease.untilMs - nowMs > lease.forMs;
}
