import type { Dropped, Entry, Tally } from './entry.js';

/** Frozen once formed, so that a repeated send is the same batch. */
export interface Batch extends Tally {
  /** None in a batch that only repeats counters of one whose outcome is unknown. */
  readonly entries: readonly Entry[];
  /** Its records may have arrived in another way than by the last send: from an earlier one, or from another tab. */
  isShared: boolean;
  wasSent: boolean;
  /** Sends that have not been answered yet. */
  open: number;
  /** One of them survives the page. */
  surviving: boolean;
}

/** A batch that has not been sent yet. */
export function batchOf({ id, origin, dropped }: Tally, entries: readonly Entry[]): Batch {
  return { id, origin, dropped, entries, wasSent: false, isShared: false, open: 0, surviving: false };
}

/** Whether there is anything to report besides the records. */
export function hasCounts({ dropped }: { readonly dropped: Dropped }): boolean {
  return Object.keys(dropped).length > 0;
}
