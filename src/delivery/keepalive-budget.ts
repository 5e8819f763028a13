/** Browsers fail a keepalive request when more than 64 KiB of them are in flight on the page (Fetch standard, 4.5 step 8.10). */
const MAX_BYTES = 60_000;
/** Chromium accepts fewer than ten at a time. */
const MAX_REQUESTS = 8;

/** Keyed by the runtime of the page: one for all of its sinks. */
const used = /* @__PURE__ */ new WeakMap<object, { bytes: number; requests: number }>();

/** Takes a share of the page's one budget; returns a function that gives it back, or undefined if the budget is used up. */
export function keepaliveBudget(page: object, bytes: number): (() => void) | undefined {
  const budget = used.get(page) ?? { bytes: 0, requests: 0 };
  used.set(page, budget);
  if (budget.requests >= MAX_REQUESTS || budget.bytes + bytes > MAX_BYTES) return undefined;
  budget.bytes += bytes;
  budget.requests++;
  let returned = false;
  return () => {
    if (returned) return;
    returned = true;
    budget.bytes -= bytes;
    budget.requests--;
  };
}
