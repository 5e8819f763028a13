/** How many records may leave now: a certain number per minute, and no more than that at once. */
export interface Allowance {
  /** Records that may leave now. */
  left(): number;
  /** Milliseconds until that many may leave. */
  waitMs(records: number): number;
  spend(records: number): void;
}

/** Keyed by the runtime of the page, then by receiver: queues may come and go with the sockets, but the minute continues. */
const allowances = /* @__PURE__ */ new WeakMap<object, Map<string, Allowance>>();

/** The one allowance of a page for a named receiver; a nameless one has an allowance of its own in each queue. */
export function allowanceOf(
  page: { monotonicMs(): number },
  receiver: string | undefined,
  perMinute: number,
): Allowance {
  const clock = () => page.monotonicMs();
  if (receiver === undefined) return createAllowance(perMinute, clock);
  const known = allowances.get(page) ?? new Map<string, Allowance>();
  allowances.set(page, known);
  const key = `${perMinute} ${receiver}`;
  const allowance = known.get(key) ?? createAllowance(perMinute, clock);
  known.set(key, allowance);
  return allowance;
}

/** A token bucket that starts full. */
function createAllowance(perMinute: number, monotonicMs: () => number): Allowance {
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
