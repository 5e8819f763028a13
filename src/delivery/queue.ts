import type { Runtime, TextStorage } from '../runtime/runtime.js';
import { allowanceOf } from './allowance.js';
import { createBacklog, FULL_RECORDS } from './backlog.js';
import { createBackoff } from './backoff.js';
import { type Batch, batchOf, hasCounts } from './batch.js';
import { createCopies } from './copies.js';
import type { Entry, Origin } from './entry.js';
import type { DropReason } from './envelope.js';
import { createFlushes } from './flushes.js';
import type { Left } from './persistence.js';
import { sendBatch } from './send-batch.js';
import type { SendResult, Sink } from './sink.js';
import { countsIn, createTallies } from './tallies.js';
import { MAX_BYTES, MAX_RECORDS } from './trim-entries.js';

/** What is to be delivered to one sink. No method throws; internal errors are counted. */
export interface Queue {
  /** Takes a record that is to leave within `withinMs`. */
  add(entry: Entry, withinMs: number): void;
  /** Counts records that were not sent; the next acknowledged batch reports them. */
  drop(reason: DropReason, records: number): void;
  /**
   * Sends what is waiting now (with `isCapped`, no more than may leave in this minute); true if all of it is safe, false if some must be
   * retried later.
   */
  flush(isCapped?: boolean): Promise<boolean>;
  /** Sends and stores what is not acknowledged, by means that survive the page. With `isGone`, others may take over the copies at once. */
  leaving(isGone: boolean): void;
  /** The network or the page is back: retries what waits only because of failures, and what earlier page loads left. */
  wake(): void;
  /** Flushes, keeps copies of the rest, and accepts no more. */
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly sink: Sink;
  readonly runtime: Runtime;
  /** The origin under which drops are counted here. */
  readonly origin: Origin;
  /** Where copies are kept until they are acknowledged; absent: nowhere. */
  readonly storage?: TextStorage | undefined;
  /** Records that may leave per minute, unless the page is being left or the app flushes. */
  readonly recordsPerMinute: number;
  /** Called once when something seems to block the receiver, and again only after it was reached in between. */
  readonly onBlocked: () => void;
}

const MAX_RECORD_BYTES = 59_000;

/** The queue of one sink: sends one batch at a time, retries, and keeps copies until they are acknowledged. */
export function createQueue({ sink, runtime, origin, storage, recordsPerMinute, onBlocked }: QueueOptions): Queue {
  const backlog = createBacklog();
  const allowance = allowanceOf(runtime, sink.name, recordsPerMinute);
  const backoff = createBackoff(runtime, () => guarded(onBlocked));
  const flushes = createFlushes();
  const tallies = createTallies(
    origin,
    () => runtime.uuid(),
    () => copies.plan(),
  );
  const batches: Batch[] = [];
  /** The page may be gone at any moment. */
  let left = false;
  let closed = false;
  let cancelTimer: () => void = () => {};
  const copies = createCopies({
    runtime,
    storage,
    // Another app of the same origin may have another key, with which the receiver would refuse the records of this one.
    name: sink.name && [sink.name, origin.app?.name].join(' ').trim(),
    held() {
      noticeTakeover();
      return { tallies: tallies.copy(batches), entries: held(), waitMs: backoff.askedMs() };
    },
    isLeft: () => left,
    adopt,
    onClaimed: schedule,
    onError: () => count('internal-error', 1),
  });
  const { count } = tallies;

  function guarded(task: () => void): void {
    try {
      task();
    } catch {
      count('internal-error', 1);
    }
  }

  function underWay(): Entry[] {
    return ([] as Entry[]).concat(...batches.map(({ entries }) => entries));
  }

  function held(): Entry[] {
    return [...underWay(), ...backlog.entries];
  }

  function isSending(): boolean {
    return batches.some(({ open }) => open);
  }

  function enqueue(entry: Entry, dueMs: number): void {
    // What has to make room is chosen from everything held, not only from what is in no batch yet.
    if (isFull(held(), entry)) thaw();
    const sent = underWay();
    count('queue-full', backlog.add(entry, dueMs, { records: sent.length, bytes: bytesOf(sent) }).length);
  }

  /** Dissolves batches that are not in flight. */
  function thaw(): void {
    for (const batch of batches.filter(({ open, entries }) => !open && entries.length)) {
      batches.splice(batches.indexOf(batch), 1);
      tallies.inherit(batch);
      for (const entry of batch.entries) backlog.add(entry, 0, NOTHING_TAKEN);
    }
  }

  function form(maxRecords?: number): boolean {
    // What another tab took over in the meantime must not leave under the same id with other counters.
    if (hasCounts(tallies.next)) copies.keep();
    const entries = backlog.take(maxRecords);
    if (!entries) return false;
    allowance.spend(entries.length);
    batches.push(...tallies.takeInherited().map((old) => batchOf(old, [])));
    batches.push(batchOf(tallies.take(entries[0]?.origin ?? origin), entries));
    return true;
  }

  /** When the next batch may leave, in milliseconds of the monotonic clock; undefined if nothing is waiting. */
  function nextMs(): number | undefined {
    if (batches.length) return backoff.resumeMs;
    const dueMs = backlog.dueMs();
    if (dueMs === undefined) return undefined;
    const wanted = Math.min(backlog.entries.length, FULL_RECORDS, recordsPerMinute);
    const waitMs = flushes.isCapped() ? allowance.waitMs(wanted) : 0;
    return Math.max(dueMs, backoff.resumeMs, waitMs && runtime.monotonicMs() + waitMs);
  }

  function schedule(): void {
    cancelTimer();
    if (closed || isSending()) return;
    const atMs = nextMs();
    if (atMs === undefined) return;
    const waitMs = Math.max(0, atMs - runtime.monotonicMs());
    // Whatever resets the timer meanwhile, the lease of the copies must not run out.
    cancelTimer = runtime.delay(() => guarded(run), Math.min(waitMs, copies.renewMs()));
  }

  /** Sends the oldest batch if it is due, otherwise sets the timer for it. */
  function run(): void {
    cancelTimer();
    if (closed || isSending()) return;
    const atMs = nextMs();
    if (atMs === undefined) return;
    if (!backoff.restsOffline() && atMs <= runtime.monotonicMs()) {
      if (!batches.length) form(flushes.isCapped() ? allowance.left() : undefined);
      const [oldest] = batches;
      if (oldest) {
        send(oldest, false);
        return;
      }
    }
    copies.keep();
    schedule();
  }

  function send(batch: Batch, leaving: boolean): void {
    backoff.tried();
    sendBatch(sink, runtime, batch, leaving, (result) => {
      guarded(() => conclude(batch, result));
      guarded(schedule);
      guarded(() => flushes.answer(held(), !result.ok && result.retry !== false));
    });
  }

  function conclude(batch: Batch, result: SendResult): void {
    const at = batches.indexOf(batch);
    // An earlier send of the same batch has been answered, or another one still has to be.
    if (at < 0 || (!result.ok && batch.open)) return;
    if (!result.ok && result.retry !== false) {
      backoff.failed(result.afterMs, result.blocked);
      copies.keep();
      return;
    }
    noticeTakeover();
    batches.splice(at, 1);
    if (result.ok) {
      const { rejected = [] } = result;
      count('rejected', Math.min(typeof rejected === 'number' ? rejected : rejected.length, batch.entries.length));
      backoff.succeeded();
    } else {
      keepCounts(batch);
      if (result.reason === 'too-large' && batch.entries.length > 1) {
        const middle = batch.entries.length >> 1;
        const halves = [batch.entries.slice(0, middle), batch.entries.slice(middle)];
        batches.splice(at, 0, ...halves.map((entries) => batchOf(tallies.empty(batch.origin), entries)));
      } else count(result.reason, batch.entries.length);
    }
    copies.keep();
  }

  /** The counters of a rejected batch wait for the next one, under their old id if an earlier try may have arrived. */
  function keepCounts(batch: Batch): void {
    if (batch.isShared || !batch.entries.length) tallies.inherit(batch);
    else for (const [reason, records] of countsIn(batch.dropped)) count(reason, records);
  }

  function noticeTakeover(): void {
    if (!copies.isTakenOver()) return;
    for (const batch of batches) batch.isShared = true;
    tallies.forgetCopied();
  }

  function adopt({ entries, tallies: counted, waitMs, missing, expired }: Left): void {
    // First, because what is taken over may have been taken over from here.
    noticeTakeover();
    backoff.waitFor(waitMs);
    for (const entry of entries) {
      const newer = ({ record: { id, revision } }: Entry) =>
        id === entry.record.id && revision >= entry.record.revision;
      if (!held().some(newer)) enqueue(entry, 0);
    }
    tallies.adopt(counted, batches);
    count('storage-full', missing);
    count('expired', expired);
    if (entries.length || counted.length || missing || expired) copies.keep();
  }

  function flush(isCapped = false): Promise<boolean> {
    return new Promise((done) => {
      if (!held().length) return done(true);
      if (closed || !backoff.mayTry()) return done(false);
      backoff.hurry();
      backlog.hurry();
      flushes.add(held(), isCapped, done);
      guarded(run);
      if (!isSending()) flushes.answer(held(), true);
    });
  }

  copies.claim();

  return {
    add(entry, withinMs) {
      guarded(() => {
        if (closed) return;
        if (entry.bytes > MAX_RECORD_BYTES) return count('too-large', 1);
        enqueue(entry, runtime.monotonicMs() + withinMs);
        copies.plan();
        schedule();
      });
    },
    drop: count,
    flush,
    leaving(isGone) {
      guarded(() => {
        if (closed) return;
        // A page that is left is reported as hidden after that (HTML standard, "unload a document").
        left ||= isGone;
        const mayTry = backoff.mayTry() && !backoff.isBlocked();
        if (mayTry) while (form()) {}
        copies.keep();
        if (mayTry) for (const batch of [...batches]) if (!batch.surviving) send(batch, true);
      });
    },
    wake() {
      guarded(() => {
        left = false;
        backoff.wake();
        copies.claim();
        schedule();
      });
    },
    async close() {
      if (closed) return;
      await flush();
      closed = true;
      cancelTimer();
      left = true;
      copies.close();
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
