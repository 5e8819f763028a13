import type { Dropped, Entry, Tally } from './entry.js';

/** Frozen once formed, so that sending it again is the same batch. */
export interface Batch extends Tally {
  /** None in a batch that only repeats the counters of one whose fate is unknown. */
  readonly entries: readonly Entry[];
  /** Its records may have arrived by another way than the last send: from an earlier one, or from another tab. */
  isShared: boolean;
  wasSent: boolean;
  /** Sends that have not been answered. */
  open: number;
  /** One of them survives the page. */
  surviving: boolean;
}

/** A batch that was not sent yet. */
export function batchOf({ id, origin, dropped }: Tally, entries: readonly Entry[]): Batch {
  return { id, origin, dropped, entries, wasSent: false, isShared: false, open: 0, surviving: false };
}

/** Whether there is anything to tell beside the records. */
export function hasCounts({ dropped }: { readonly dropped: Dropped }): boolean {
  return Object.keys(dropped).length > 0;
}
