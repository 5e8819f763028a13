import type { Entry } from './entry.js';

const MAX_RECORDS = 100;
const MAX_BYTES = 262_144;

/** Removes entries from the list until it is within bounds, the oldest session records before any incident; returns what was removed. */
export function trimEntries<E extends Entry>(
  entries: E[],
  weigh: (entry: E) => number,
  taken: { readonly records: number; readonly bytes: number },
): E[] {
  const removed: E[] = [];
  let bytes = taken.bytes + entries.reduce((sum, entry) => sum + weigh(entry), 0);
  while (entries.length + taken.records > MAX_RECORDS || bytes > MAX_BYTES) {
    const oldestSession = entries.findIndex(({ record }) => record.kind === 'session');
    const [gone] = entries.splice(Math.max(0, oldestSession), 1);
    if (!gone) break;
    bytes -= weigh(gone);
    removed.push(gone);
  }
  return removed;
}
