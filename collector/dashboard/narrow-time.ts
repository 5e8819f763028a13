import { navigate } from './navigate.js';
import { hrefChanged } from './scope.js';

/** A trend gets no finer than two minutes. */
const MIN_LENGTH_MS = 2 * 120_000;

/** Narrows a page to a span of time; undefined if it is already narrow. */
export function narrowTime(
  path: string,
  query: URLSearchParams,
  bucketMs: number,
): ((sinceMs: number, untilMs: number) => void) | undefined {
  if (bucketMs < MIN_LENGTH_MS) return undefined;
  return (sinceMs, untilMs) =>
    navigate(
      hrefChanged(path, query, {
        period: '',
        since: new Date(sinceMs).toISOString(),
        until: new Date(untilMs).toISOString(),
      }),
    );
}
