/** How many records may leave now: so many a minute, no more than that at once. */
export interface Allowance {
  /** Records that may leave now. */
  left(): number;
  /** Milliseconds until so many may leave. */
  waitMs(records: number): number;
  spend(records: number): void;
}

/** By the runtime of the page, and there by the receiver: queues may come and go with the sockets, the minute goes on. */
const allowances = /* @__PURE__ */ new WeakMap<object, Map<string, Allowance>>();

/** The one allowance of a page for a receiver that has a name; a nameless one has its own in each queue. */
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

/** A token bucket that is full at first. */
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
