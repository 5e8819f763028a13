import { hasCounts } from './batch.js';
import type { Dropped, Origin, Tally } from './entry.js';
import type { DropReason } from './envelope.js';

/** Counters of what was not sent, under the ids of batches: of the next one, and of earlier ones that may have arrived. */
export interface Tallies {
  /** Counters of a batch from `origin` for which nothing has been counted. */
  empty(origin: Origin): Tally;
  /** Of the batch to be formed next. */
  readonly next: Tally;
  count(reason: DropReason, records: number): void;
  /** Id and counters for a batch from `origin`: what was counted here leaves with the records from here. */
  take(origin: Origin): Tally;
  /** Takes out the counters of batches that may have arrived. */
  takeInherited(): Tally[];
  /** Keeps counters that may have arrived: only under the old id are they counted once. */
  inherit(tally: Tally): void;
  /** Takes over counters that another page load left, except those that are known here, also from `batches`. */
  adopt(left: readonly Tally[], batches: readonly Tally[]): void;
  /** Everything to be reported, including that of `batches`: what the copies contain from now on. */
  copy(batches: readonly Tally[]): readonly Tally[];
  /** Whoever took over the copies reports the counters in them: only what was counted since is reported from here. */
  forgetCopied(): void;
}

/** If a collector is down for weeks, each page load may leave counters behind: the oldest are merged. */
const MAX_TALLIES = 20;

/** Counters of one queue. `onCount` is called after each change that is not being sent yet. */
export function createTallies(origin: Origin, uuid: () => string, onCount: () => void): Tallies {
  const empty = (from: Origin): Tally => ({ id: uuid(), origin: from, dropped: {} });
  let next = empty(origin);
  let inherited: Tally[] = [];
  let copied: readonly Tally[] = [];

  function count(reason: DropReason, records: number): void {
    if (!(records > 0)) return;
    next = { ...next, dropped: sum(next.dropped, { [reason]: records }) };
    onCount();
  }

  function inherit({ id, origin, dropped }: Tally): void {
    if (hasCounts({ dropped })) inherited.push({ id, origin, dropped });
  }

  return {
    empty,
    get next() {
      return next;
    },
    count,
    take(from) {
      const taken = from === origin ? next : empty(from);
      if (taken === next) next = empty(origin);
      return taken;
    },
    takeInherited: () => inherited.splice(0),
    inherit,
    adopt(left, batches) {
      for (const old of left) {
        if (![next, ...inherited, ...batches].some(({ id }) => id === old.id)) inherited.push(old);
      }
      while (inherited.length > MAX_TALLIES) {
        const [oldest, older] = inherited.splice(0, 2) as [Tally, Tally];
        inherited.push({ ...oldest, id: uuid(), dropped: sum(older.dropped, oldest.dropped) });
      }
    },
    copy(batches) {
      copied = [next, ...inherited, ...batches]
        .filter(hasCounts)
        .map(({ id, origin, dropped }) => ({ id, origin, dropped }));
      return copied;
    },
    forgetCopied() {
      const taken = copied;
      copied = [];
      inherited = inherited.filter(({ id }) => !taken.some((old) => old.id === id));
      const told = taken.find(({ id }) => id === next.id)?.dropped;
      if (!told) return;
      const { dropped } = next;
      next = empty(origin);
      for (const [reason, records] of countsIn(dropped)) count(reason, records - (told[reason] ?? 0));
    },
  };
}

/** What was counted, one reason after the other. */
export function countsIn(dropped: Dropped): [DropReason, number][] {
  return Object.entries(dropped) as [DropReason, number][];
}

function sum(one: Dropped, other: Dropped): Dropped {
  const total = { ...one };
  for (const [reason, records] of countsIn(other)) total[reason] = (total[reason] ?? 0) + records;
  return total;
}
