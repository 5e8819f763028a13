import { navigate } from './navigate.js';
import { hrefChanged } from './scope.js';

/** Two minutes are as fine as a trend gets. */
const MIN_LENGTH_MS = 2 * 120_000;

/** Shows a page for a stretch of time only; undefined where it is narrow already. */
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
