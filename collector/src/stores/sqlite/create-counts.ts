import type { Scope } from '../store.js';
import type { Ask } from './ask.js';
import type { Counts, CountsOptions } from './counts.js';
import { createRawCounts } from './raw-counts.js';
import { createRollupCounts } from './rollup-counts.js';

const HOUR_MS = 3_600_000;

/** What is shorter would be widened by too much. Two hours, and the minute that devices may be ahead. */
const MAX_RAW_MS = 2 * HOUR_MS + 60_000;

/** Counted one by one in some milliseconds, and then exactly. */
const MAX_RAW_RECORDS = 2000;

/**
 * Up to two hours or 2,000 records are counted exactly, record by record. What is more comes from rollups: it is widened to whole hours,
 * where bars are days to whole days, and times to connect are at most 5 % off.
 */
export function createCounts(ask: Ask, scope: Scope, options: CountsOptions): Counts {
  const { sinceMs, untilMs = options.nowMs } = scope;
  const isShort = sinceMs !== undefined && untilMs - sinceMs <= MAX_RAW_MS;
  return isShort || isSmall(ask, scope, options)
    ? createRawCounts(ask, scope, options)
    : createRollupCounts(ask, scope, options);
}

/** Whether so little happened in this time, whatever the filters leave of it. */
function isSmall(ask: Ask, { sinceMs, untilMs }: Scope, options: CountsOptions): boolean {
  const time = { ...(sinceMs === undefined ? {} : { sinceMs }), ...(untilMs === undefined ? {} : { untilMs }) };
  return !createRollupCounts(ask, time, { ...options, fine: false }).hasMoreThan(MAX_RAW_RECORDS);
}
