/** Browsers fail a keepalive request when more than 64 KiB of them are under way on the page (Fetch standard, 4.5 step 8.10). */
const MAX_BYTES = 60_000;
/** Chromium takes fewer than ten at a time. */
const MAX_REQUESTS = 8;

let usedBytes = 0;
let usedRequests = 0;

/** Takes a share of the one budget of the page; returns what gives it back, or undefined when it is used up. */
export function keepaliveBudget(bytes: number): (() => void) | undefined {
  if (usedRequests >= MAX_REQUESTS || usedBytes + bytes > MAX_BYTES) return undefined;
  usedBytes += bytes;
  usedRequests++;
  let returned = false;
  return () => {
    if (returned) return;
    returned = true;
    usedBytes -= bytes;
    usedRequests--;
  };
}
