import type { Runtime, TextStorage } from '../runtime/runtime.js';
import { allowanceOf } from './allowance.js';
import { createBacklog, FULL_RECORDS } from './backlog.js';
import type { Dropped, Entry, Origin, Tally } from './entry.js';
import type { DropReason } from './envelope.js';
import { createPersistence } from './persistence.js';
import type { SendResult, Sink } from './sink.js';
import { MAX_BYTES, MAX_RECORDS } from './trim-entries.js';

/** What is on its way to one sink. No method throws; what goes wrong inside is counted. */
export interface Queue {
  /** Takes a record that is to leave within `withinMs`. */
  add(entry: Entry, withinMs: number): void;
  /** Counts records that were not sent; the next acknowledged batch tells. */
  drop(reason: DropReason, records: number): void;
  /**
   * Sends what waits now, with `isCapped` no more than may leave in this minute; true when all of it is safe, false when some must be
   * tried again later.
   */
  flush(isCapped?: boolean): Promise<boolean>;
  /** Sends and stores what is not acknowledged, by means that survive the page. With `isGone` others may take the copies over at once. */
  leaving(isGone: boolean): void;
  /** The network or the page is back: tries again what waits for no reason but failures, and what earlier page loads left. */
  wake(): void;
  /** Flushes, keeps copies of the rest, and takes no more. */
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly sink: Sink;
  readonly runtime: Runtime;
  /** Who counts what is dropped here. */
  readonly origin: Origin;
  /** Where copies are kept until they are acknowledged; absent: nowhere. */
  readonly storage?: TextStorage | undefined;
  /** Records that may leave in a minute, unless the page is left or the app flushes. */
  readonly recordsPerMinute: number;
  /** Called once when something seems to block the receiver, and again only after it had been reached. */
  readonly onBlocked: () => void;
}

/** Frozen once formed, so that sending it again is the same batch. */
interface Batch extends Tally {
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

interface Flush {
  readonly entries: ReadonlySet<Entry>;
  readonly isCapped: boolean;
  readonly done: (safe: boolean) => void;
}

const MAX_RECORD_BYTES = 59_000;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;
/** A sink of the app may hang; longer than any time limit of ours. */
const SEND_LIMIT_MS = 30_000;
/**
 * With full jitter eight failures take a minute on average, but often less: a collector that was down for a minute must not wait for ten
 * more, as four of ten would have (bench:delivery, `refused-60`).
 */
const BLOCKED_AFTER_FAILURES = 8;
const BLOCKED_AFTER_MS = 180_000;
const BLOCKED_PAUSE_MS = 600_000;
/** Copies are written at once, and then no more often than this: a burst must not become a burst of writes. */
const KEEP_MS = 250;
/** A tab that holds records writes its copies at least this often. */
const RENEW_MS = 60_000;
/** With a collector that is down for weeks each page load may leave counters behind: the oldest become one. */
const MAX_TALLIES = 20;
/** Two renewals: what a crashed tab left is taken over after it. */
const LEASE_MS = 2 * RENEW_MS;

/** The queue of one sink: batches one at a time, tries again, and keeps copies until they are acknowledged. */
export function createQueue({ sink, runtime, origin, storage, recordsPerMinute, onBlocked }: QueueOptions): Queue {
  const backlog = createBacklog();
  const allowance = allowanceOf(runtime, sink.name, recordsPerMinute);
  const batches: Batch[] = [];
  /** Counters of batches that may have arrived: only under the old id they are added up once. */
  let inherited: Tally[] = [];
  /** Id and counters of the batch to be formed next. */
  let tally = newTally();
  let failures = 0;
  let blockedFailures = 0;
  let blockedSinceMs = 0;
  let announced = false;
  let resumeMs = 0;
  /** The receiver itself named the time to resume. */
  let told = false;
  /** The page may be gone any moment: other pages may take the copies over at once. */
  let left = false;
  let closed = false;
  let triedMs = 0;
  let keptMs = Number.NEGATIVE_INFINITY;
  let isKeepPlanned = false;
  /** Counters that the copies tell. */
  let kept: readonly Tally[] = [];
  let cancelTimer: () => void = () => {};
  let cancelKeep: () => void = () => {};
  let cancelClaim: () => void = () => {};
  let flushes: readonly Flush[] = [];
  const persistence = storage && sink.name ? createPersistence({ storage, runtime, name: sink.name }) : undefined;

  function guarded(task: () => void): void {
    try {
      task();
    } catch {
      count('internal-error', 1);
    }
  }

  function newTally(from = origin): Tally {
    return { id: runtime.uuid(), origin: from, dropped: {} };
  }

  function count(reason: DropReason, records: number): void {
    if (!(records > 0)) return;
    tally = { ...tally, dropped: { ...tally.dropped, [reason]: (tally.dropped[reason] ?? 0) + records } };
    planKeep();
  }

  function underWay(): Entry[] {
    return ([] as Entry[]).concat(...batches.map(({ entries }) => entries));
  }

  function held(): Entry[] {
    return [...underWay(), ...backlog.entries];
  }

  function enqueue(entry: Entry, dueMs: number): void {
    // What has to make room is chosen from all that is held, not only from what is in no batch yet.
    if (isFull(held(), entry)) thaw();
    const sent = underWay();
    count('queue-full', backlog.add(entry, dueMs, { records: sent.length, bytes: bytesOf(sent) }).length);
  }

  /** Takes batches that are not under way apart. */
  function thaw(): void {
    for (const batch of batches.filter(({ open, entries }) => !open && entries.length)) {
      batches.splice(batches.indexOf(batch), 1);
      const { id, origin, dropped } = batch;
      if (hasCounts(batch)) inherited.push({ id, origin, dropped });
      for (const entry of batch.entries) backlog.add(entry, 0, NOTHING_TAKEN);
    }
  }

  function form(maxRecords?: number): Batch | undefined {
    // What another tab took over in the meantime must not leave under the same id with other counters.
    if (hasCounts(tally)) keep();
    const entries = backlog.take(maxRecords);
    if (!entries) return undefined;
    allowance.spend(entries.length);
    for (const old of inherited.splice(0)) batches.push(batchOf(old, []));
    const from = entries[0]?.origin ?? origin;
    const batch = batchOf(from === origin ? tally : newTally(from), entries);
    if (from === origin) tally = newTally();
    batches.push(batch);
    return batch;
  }

  function batchOf({ id, origin, dropped }: Tally, entries: readonly Entry[]): Batch {
    return { id, origin, dropped, entries, wasSent: false, isShared: false, open: 0, surviving: false };
  }

  /** When the next batch may leave, in milliseconds of the monotonic clock; undefined when nothing waits. */
  function nextMs(): number | undefined {
    if (batches.length) return resumeMs;
    const dueMs = backlog.dueMs();
    if (dueMs === undefined) return undefined;
    const wanted = Math.min(backlog.entries.length, FULL_RECORDS, recordsPerMinute);
    const waitMs = isCapped() ? allowance.waitMs(wanted) : 0;
    return Math.max(dueMs, resumeMs, waitMs && runtime.monotonicMs() + waitMs);
  }

  function isCapped(): boolean {
    return flushes.every((flush) => flush.isCapped);
  }

  function schedule(): void {
    cancelTimer();
    if (closed || batches.some(({ open }) => open)) return;
    const atMs = nextMs();
    if (atMs === undefined) return;
    const nowMs = runtime.monotonicMs();
    const waitMs = Math.max(0, atMs - nowMs);
    // Whatever sets the timer anew meanwhile, the copies' lease must not run out.
    const renewMs = persistence ? Math.max(0, keptMs + RENEW_MS - nowMs) : RENEW_MS;
    cancelTimer = runtime.delay(() => guarded(run), Math.min(waitMs, renewMs));
  }

  /** Sends the oldest batch if it is due, otherwise sets the timer for it. */
  function run(): void {
    cancelTimer();
    if (closed || batches.some(({ open }) => open)) return;
    const nowMs = runtime.monotonicMs();
    const atMs = nextMs();
    if (atMs === undefined) return;
    // No attempt while offline: each would leave an error in the console. `wake()` tells when that is over.
    const isOffline = runtime.isOnline() === false;
    if (isOffline) resumeMs = Math.max(resumeMs, nowMs + MAX_BACKOFF_MS);
    if (!isOffline && atMs <= nowMs) {
      if (!batches.length) form(isCapped() ? allowance.left() : undefined);
      const [oldest] = batches;
      if (oldest) {
        send(oldest, false);
        return;
      }
    }
    keep();
    schedule();
  }

  function send(batch: Batch, leaving: boolean): void {
    triedMs = runtime.monotonicMs();
    batch.isShared ||= batch.wasSent;
    batch.wasSent = true;
    batch.open++;
    batch.surviving = leaving;
    let over = false;
    const settle = (result: SendResult) => {
      if (over) return;
      over = true;
      cancelLimit();
      batch.open--;
      if (leaving) batch.surviving = false;
      guarded(() => conclude(batch, result));
      guarded(schedule);
      guarded(() => answerFlushes(!result.ok && result.retry !== false));
    };
    const failed = () => settle({ ok: false, retry: true });
    let cancelLimit = () => {};
    try {
      cancelLimit = runtime.delay(failed, SEND_LIMIT_MS);
      const { schema, ...who } = batch.origin;
      const sentAt = new Date(runtime.now()).toISOString();
      const envelope = { schema, ...who, batch: batch.id, sentAt, dropped: batch.dropped };
      const records = batch.entries.map(({ record }) => record);
      Promise.resolve(sink.send(records, { envelope, leaving, runtime })).then(
        (result: SendResult | undefined) => settle(result?.ok === false ? result : { ...result, ok: true }),
        failed,
      );
    } catch {
      failed();
    }
  }

  function conclude(batch: Batch, result: SendResult): void {
    const at = batches.indexOf(batch);
    // An earlier send of the same batch has been answered, or another one is still to be.
    if (at < 0 || (!result.ok && batch.open)) return;
    if (!result.ok && result.retry !== false) {
      postpone(result.afterMs, result.blocked);
      keep();
      return;
    }
    noticeTakeover();
    batches.splice(at, 1);
    if (result.ok) {
      const { rejected = [] } = result;
      count('rejected', Math.min(typeof rejected === 'number' ? rejected : rejected.length, batch.entries.length));
      failures = blockedFailures = resumeMs = 0;
      announced = told = false;
    } else {
      keepCounts(batch);
      if (result.reason === 'too-large' && batch.entries.length > 1) {
        const middle = batch.entries.length >> 1;
        const halves = [batch.entries.slice(0, middle), batch.entries.slice(middle)];
        batches.splice(at, 0, ...halves.map((entries) => batchOf(newTally(batch.origin), entries)));
      } else count(result.reason, batch.entries.length);
    }
    keep();
  }

  /** The counters of a refused batch wait for the next one, under their old id when an earlier try may have arrived. */
  function keepCounts({ id, origin, dropped, isShared, entries }: Batch): void {
    if (isShared || !entries.length) {
      if (hasCounts({ dropped })) inherited.push({ id, origin, dropped });
    } else for (const [reason, records] of Object.entries(dropped)) count(reason as DropReason, records);
  }

  function postpone(afterMs: number | undefined, blocked: boolean | undefined): void {
    const nowMs = runtime.monotonicMs();
    const limitMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 6));
    const backoffMs = runtime.random() * limitMs;
    if (afterMs !== undefined) {
      failures++;
      blockedFailures = 0;
      told = true;
      // `Retry-After: 0` for ever must not become a loop.
      resumeMs = Math.max(resumeMs, nowMs + Math.max(afterMs || 0, backoffMs));
    } else if (resumeMs <= nowMs) {
      // Only once for several batches that fail together as the page is left.
      failures++;
      told = false;
      resumeMs = nowMs + backoffMs;
      blockedFailures = blocked && runtime.isOnline() !== false ? blockedFailures + 1 : 0;
      if (blockedFailures <= 1) blockedSinceMs = nowMs;
      if (blockedFailures >= BLOCKED_AFTER_FAILURES && nowMs - blockedSinceMs >= BLOCKED_AFTER_MS) {
        resumeMs = nowMs + BLOCKED_PAUSE_MS;
        if (!announced) guarded(onBlocked);
        announced = true;
      }
    }
  }

  /** The copies follow soon, at once where there was none for a while. */
  function planKeep(): void {
    if (!persistence || isKeepPlanned || closed) return;
    isKeepPlanned = true;
    const waitMs = keptMs + KEEP_MS - runtime.monotonicMs();
    const due = () => {
      if (isKeepPlanned) guarded(keep);
    };
    if (waitMs > 0) cancelKeep = runtime.delay(due, waitMs);
    else void Promise.resolve().then(due);
  }

  function keep(): void {
    if (!persistence) return;
    cancelKeep();
    isKeepPlanned = false;
    keptMs = runtime.monotonicMs();
    noticeTakeover();
    kept = [tally, ...inherited, ...batches]
      .filter(hasCounts)
      .map(({ id, origin, dropped }) => ({ id, origin, dropped }));
    persistence.keep({
      entries: held(),
      tallies: kept,
      waitMs: told ? Math.max(0, resumeMs - keptMs) : 0,
      holdMs: left ? 0 : LEASE_MS,
    });
  }

  /** Whoever took the copies over tells the counters in them: only what was counted since is told from here. */
  function noticeTakeover(): void {
    if (!persistence?.isTakenOver()) return;
    for (const batch of batches) batch.isShared = true;
    const taken = kept;
    kept = [];
    inherited = inherited.filter(({ id }) => !taken.some((old) => old.id === id));
    const told = taken.find(({ id }) => id === tally.id)?.dropped;
    if (!told) return;
    const { dropped } = tally;
    tally = newTally();
    for (const [reason, records] of Object.entries(dropped)) {
      count(reason as DropReason, records - (told[reason as DropReason] ?? 0));
    }
  }

  function answerFlushes(failed: boolean): void {
    const entries = held();
    flushes = flushes.filter((flush) => {
      const left = entries.some((entry) => flush.entries.has(entry));
      if (left && !failed) return true;
      flush.done(!left);
      return false;
    });
  }

  function mayTryNow(): boolean {
    return !(told && resumeMs > runtime.monotonicMs()) && runtime.isOnline() !== false;
  }

  async function replay(): Promise<void> {
    if (!persistence || closed) return;
    const nextMs = await persistence.claim(({ entries, tallies, waitMs, missing, expired }) => {
      // First, because what is taken over may be what was taken over from here.
      noticeTakeover();
      if (waitMs > 0) {
        told = true;
        resumeMs = Math.max(resumeMs, runtime.monotonicMs() + waitMs);
      }
      for (const entry of entries) {
        const newer = ({ record: { id, revision } }: Entry) =>
          id === entry.record.id && revision >= entry.record.revision;
        if (!held().some(newer)) enqueue(entry, 0);
      }
      for (const old of tallies) {
        if (![tally, ...inherited, ...batches].some(({ id }) => id === old.id)) inherited.push(old);
      }
      while (inherited.length > MAX_TALLIES) {
        const merged = { ...inherited.shift(), id: runtime.uuid() } as Tally;
        const dropped = { ...inherited.shift()?.dropped };
        for (const [reason, records] of Object.entries(merged.dropped)) {
          dropped[reason as DropReason] = (dropped[reason as DropReason] ?? 0) + records;
        }
        inherited.push({ ...merged, dropped });
      }
      count('storage-full', missing);
      count('expired', expired);
      if (entries.length || tallies.length || missing || expired) keep();
    });
    cancelClaim();
    if (closed) return;
    if (nextMs !== undefined) cancelClaim = runtime.delay(startReplay, Math.max(FIRST_BACKOFF_MS, nextMs));
    schedule();
  }

  function startReplay(): void {
    replay().catch(() => count('internal-error', 1));
  }

  function flush(isCapped = false): Promise<boolean> {
    return new Promise((done) => {
      if (!held().length) return done(true);
      if (closed || !mayTryNow()) return done(false);
      if (!told) resumeMs = 0;
      backlog.hurry();
      flushes = [...flushes, { entries: new Set(held()), isCapped, done }];
      guarded(run);
      if (!batches.some(({ open }) => open)) answerFlushes(true);
    });
  }

  startReplay();

  return {
    add(entry, withinMs) {
      guarded(() => {
        if (closed) return;
        if (entry.bytes > MAX_RECORD_BYTES) return count('too-large', 1);
        enqueue(entry, runtime.monotonicMs() + withinMs);
        planKeep();
        schedule();
      });
    },
    drop: count,
    flush,
    leaving(isGone) {
      guarded(() => {
        if (closed) return;
        // A page that is left is told to be hidden after that (HTML standard, "unload a document").
        left ||= isGone;
        const mayTry = mayTryNow() && !(announced && resumeMs > runtime.monotonicMs());
        if (mayTry) while (form()) {}
        keep();
        if (mayTry) for (const batch of [...batches]) if (!batch.surviving) send(batch, true);
      });
    },
    wake() {
      guarded(() => {
        left = false;
        // A blocked receiver is asked early, too, but not each time that somebody looks at the page.
        if (!told) resumeMs = announced ? Math.min(resumeMs, triedMs + MAX_BACKOFF_MS) : 0;
        startReplay();
        schedule();
      });
    },
    async close() {
      if (closed) return;
      await flush();
      closed = true;
      cancelTimer();
      cancelClaim();
      left = true;
      guarded(keep);
      guarded(() => void Promise.resolve(sink.close?.()).catch(() => {}));
    },
  };
}

const NOTHING_TAKEN = { records: 0, bytes: 0 };

function isFull(held: readonly Entry[], added: Entry): boolean {
  return held.length >= MAX_RECORDS || bytesOf(held) + added.bytes > MAX_BYTES;
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function hasCounts({ dropped }: { readonly dropped: Dropped }): boolean {
  return Object.keys(dropped).length > 0;
}
