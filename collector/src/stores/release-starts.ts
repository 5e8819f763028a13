import type { ReleaseStart, Scope } from './store.js';

/** A trend has no room for more marks. */
const MAX_STARTS = 12;

/**
 * Those of the known releases, of any time, that started within a scope, oldest first. An app's first release is left out: nobody knows
 * what was before it.
 */
export function releaseStarts(known: readonly ReleaseStart[], { sinceMs, untilMs, release }: Scope): ReleaseStart[] {
  const firsts = new Map<string, number>();
  for (const { app, firstAtMs } of known) firsts.set(app, Math.min(firstAtMs, firsts.get(app) ?? firstAtMs));
  return known
    .filter(
      (one) =>
        one.firstAtMs >= (sinceMs ?? one.firstAtMs) &&
        one.firstAtMs < (untilMs ?? Number.POSITIVE_INFINITY) &&
        one.firstAtMs > (firsts.get(one.app) ?? one.firstAtMs) &&
        (!release || one.release === release),
    )
    .sort((a, b) => a.firstAtMs - b.firstAtMs)
    .slice(-MAX_STARTS);
}
