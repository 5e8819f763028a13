import type { Scope } from '../store.js';
import type { Ask } from './ask.js';
import type { Counts, CountsOptions } from './counts.js';
import { createRawCounts } from './raw-counts.js';
import { createRollupCounts } from './rollup-counts.js';

const HOUR_MS = 3_600_000;

/** Shorter periods would be widened by too much. Two hours, and the minute that devices may be ahead. */
const MAX_RAW_MS = 2 * HOUR_MS + 60_000;

/** Counted one by one in a few milliseconds, and then exactly. */
const MAX_RAW_RECORDS = 2000;

/**
 * Up to two hours or 2,000 records are counted exactly, record by record. Longer periods come from rollups: they are widened to whole
 * hours, or to whole days if bars are days, and times to connect are at most 5 % off.
 */
export function createCounts(ask: Ask, scope: Scope, options: CountsOptions): Counts {
  const { sinceMs, untilMs = options.nowMs } = scope;
  const isShort = sinceMs !== undefined && untilMs - sinceMs <= MAX_RAW_MS;
  return isShort || isSmall(ask, scope, options)
    ? createRawCounts(ask, scope, options)
    : createRollupCounts(ask, scope, options);
}

/** Whether this little happened in this time, whatever the filters leave of it. */
function isSmall(ask: Ask, { sinceMs, untilMs }: Scope, options: CountsOptions): boolean {
  const time = { ...(sinceMs === undefined ? {} : { sinceMs }), ...(untilMs === undefined ? {} : { untilMs }) };
  return !createRollupCounts(ask, time, { ...options, fine: false }).hasMoreThan(MAX_RAW_RECORDS);
}
