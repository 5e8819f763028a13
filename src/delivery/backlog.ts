import type { Entry, Origin } from './entry.js';
import { trimEntries } from './trim-entries.js';

/** Entries waiting for a batch: one per record id, the newest revision. */
export interface Backlog {
  readonly entries: readonly Entry[];
  /** Adds an entry that is to leave by `dueMs`; returns what had to make room. `taken` is what batches in flight occupy. */
  add(entry: Entry, dueMs: number, taken: { readonly records: number; readonly bytes: number }): Entry[];
  /** When the next batch is due; undefined if nothing is waiting. */
  dueMs(): number | undefined;
  /** Makes everything due. */
  hurry(): void;
  /** Takes out the entries of one batch, all from one origin, at most `maxRecords`; undefined if nothing is waiting. */
  take(maxRecords?: number): Entry[] | undefined;
}

interface Waiting extends Entry {
  dueMs: number;
}

/** Records of a full batch. */
export const FULL_RECORDS = 20;
const FULL_BYTES = 16_384;
/** Leaves room for the envelope in a body of 60,000 bytes. */
const MAX_BATCH_BYTES = 50_000;

/** An empty `Backlog`. */
export function createBacklog(): Backlog {
  let waiting: Waiting[] = [];

  return {
    get entries() {
      return waiting;
    },
    add(entry, dueMs, taken) {
      const added: Waiting = { ...entry, dueMs };
      const at = waiting.findIndex(({ record }) => record.id === entry.record.id);
      const older = waiting[at];
      if (!older) waiting.push(added);
      else if (older.record.revision < entry.record.revision) {
        waiting[at] = { ...added, dueMs: Math.min(dueMs, older.dueMs), since: older.since };
      }
      // What an earlier page load left arrives late but is the oldest.
      waiting.sort((a, b) => a.since - b.since);
      return trimEntries(waiting, ({ bytes }) => bytes, taken);
    },
    dueMs() {
      const bytes = waiting.reduce((sum, entry) => sum + entry.bytes, 0);
      if (waiting.length >= FULL_RECORDS || bytes >= FULL_BYTES) return 0;
      return waiting.length ? Math.min(...waiting.map(({ dueMs }) => dueMs)) : undefined;
    },
    hurry() {
      for (const entry of waiting) entry.dueMs = 0;
    },
    take(maxRecords = FULL_RECORDS) {
      const batch: Waiting[] = [];
      const rest: Waiting[] = [];
      let bytes = 0;
      for (const entry of waiting) {
        const first = batch[0] ?? entry;
        const fits =
          batch.length < Math.min(maxRecords, FULL_RECORDS) &&
          (!batch.length || bytes + entry.bytes <= MAX_BATCH_BYTES);
        if (fits && isSameOrigin(entry.origin, first.origin)) {
          batch.push(entry);
          bytes += entry.bytes;
        } else rest.push(entry);
      }
      waiting = rest;
      return batch.length ? batch : undefined;
    },
  };
}

/** Two page loads may have the same session id if the app sets it. */
function isSameOrigin(one: Origin, other: Origin): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
