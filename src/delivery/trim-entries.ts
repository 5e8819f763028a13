import type { Entry } from './entry.js';

/** Limits of a queue and of the storage. */
export const MAX_RECORDS = 100;
export const MAX_BYTES = 262_144;
const RANKS = ['session', 'info', 'warning', 'error'];

/**
 * Removes entries from the list until it is within limits: session records first, then incidents from the mildest severity up, oldest
 * first. Returns what was removed.
 */
export function trimEntries<E extends Entry>(
  entries: E[],
  weigh: (entry: E) => number,
  taken: { readonly records: number; readonly bytes: number },
): E[] {
  const removed: E[] = [];
  let bytes = taken.bytes + entries.reduce((sum, entry) => sum + weigh(entry), 0);
  while (entries.length && (entries.length + taken.records > MAX_RECORDS || bytes > MAX_BYTES)) {
    let least = 0;
    entries.forEach((entry, at) => {
      if (rank(entry) < rank(entries[least])) least = at;
    });
    for (const gone of entries.splice(least, 1)) {
      bytes -= weigh(gone);
      removed.push(gone);
    }
  }
  return removed;
}

/** By name, because whatever was in the storage is trimmed, too. */
function rank(entry: Entry | undefined): number {
  const { kind, diagnosis } = (entry?.record ?? {}) as { kind?: string; diagnosis?: { severity?: string } };
  const found = RANKS.indexOf(kind === 'session' ? kind : (diagnosis?.severity ?? ''));
  return found < 0 ? RANKS.length : found;
}
