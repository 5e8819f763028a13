/** A bucket of tokens for each name: `rate` of them are refilled each second, up to `burst`. */
export interface TokenBuckets {
  /** Takes one token; otherwise returns the whole seconds until there is one again. */
  take(name: string, nowMs: number): number;
}

/** About 10 MB. Beyond this, the least recently used bucket is forgotten, which is full again in most cases. */
const MAX_BUCKETS = 100_000;

/** Seconds' worth of the rate that may come at once: pages come in waves, for example when a server is back. */
const BURST_S = 10;

export function createTokenBuckets(ratePerSecond: number): TokenBuckets {
  const burst = ratePerSecond * BURST_S;
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(name, nowMs) {
      if (ratePerSecond === 0) return 0;
      const { tokens, atMs } = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
      const filled = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) / 1000) * ratePerSecond);
      const allowed = filled >= 1;
      // Inserted again, so that the map is ordered by use.
      buckets.delete(name);
      buckets.set(name, { tokens: allowed ? filled - 1 : filled, atMs: nowMs });
      if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      return allowed ? 0 : Math.max(1, Math.ceil((1 - filled) / ratePerSecond));
    },
  };
}
