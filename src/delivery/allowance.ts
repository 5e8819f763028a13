/** How many records may leave now: so many a minute, no more than that at once. */
export interface Allowance {
  /** Records that may leave now. */
  left(): number;
  /** Milliseconds until so many may leave. */
  waitMs(records: number): number;
  spend(records: number): void;
}

/** A token bucket that is full at first. */
export function createAllowance(perMinute: number, monotonicMs: () => number): Allowance {
  let tokens = perMinute;
  let atMs = monotonicMs();

  const left = () => {
    const nowMs = monotonicMs();
    if (perMinute < Number.POSITIVE_INFINITY)
      tokens = Math.min(perMinute, tokens + ((nowMs - atMs) * perMinute) / 60_000);
    atMs = nowMs;
    return Math.floor(tokens + 1e-6);
  };
  return {
    left,
    waitMs: (records) => (left() >= records ? 0 : Math.ceil(((records - tokens) * 60_000) / perMinute)),
    spend(records) {
      tokens = Math.max(0, tokens - records);
    },
  };
}
