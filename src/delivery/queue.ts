import type { Runtime } from '../runtime/runtime.js';
import { createBacklog } from './backlog.js';
import type { Entry } from './entry.js';
import type { DropReason, Envelope } from './envelope.js';
import { ENVELOPE_SCHEMA } from './envelope.js';
import { createPersistence } from './persistence.js';
import type { SendResult, Sink } from './sink.js';

/** What is on its way to one sink. No method throws; what goes wrong inside is counted. */
export interface Queue {
  /** Takes a record that is to leave within `withinMs`. */
  add(entry: Entry, withinMs: number): void;
  /** Counts records that were not sent; the next acknowledged batch tells. */
  drop(reason: DropReason, records: number): void;
  /** Sends what waits now; true when all of it is safe, false when some must be tried again later. */
  flush(): Promise<boolean>;
  /** Sends and stores what is not acknowledged, by means that survive the page. */
  leaving(): void;
  /** The network or the page is back: tries again what waits for no reason but failures, and what earlier page loads left. */
  wake(): void;
  /** Flushes, keeps copies of the rest, and takes no more. */
  close(): Promise<void>;
}

type Dropped = Partial<Record<DropReason, number>>;

/** Frozen once formed, so that sending it again is the same batch. */
interface Batch {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly dropped: Dropped;
  /** Sends that have not been answered. */
  open: number;
  /** One of them survives the page. */
  surviving: boolean;
}

const MAX_RECORD_BYTES = 59_000;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;
/** A sink of the app may hang; longer than any time limit of ours. */
const SEND_LIMIT_MS = 30_000;
/** With full jitter about a minute of failures: a collector that restarts is not taken for a blocked one. */
const BLOCKED_AFTER_FAILURES = 8;
const BLOCKED_PAUSE_MS = 600_000;
/** Timers longer than 2^31 ms fire at once. */
const MAX_TIMER_MS = 3_600_000;

/** The queue of one sink: batches one at a time, tries again, and keeps copies until they are acknowledged. */
export function createQueue({
  sink,
  runtime,
  persist,
  onBlocked,
}: {
  readonly sink: Sink;
  readonly runtime: Runtime;
  readonly persist: boolean;
  /** Called once when something seems to block the receiver, and again only after it had been reached. */
  readonly onBlocked: () => void;
}): Queue {
  const backlog = createBacklog();
  const batches: Batch[] = [];
  let counts: Dropped = {};
  let failures = 0;
  let blockedFailures = 0;
  let announced = false;
  let resumeMs = 0;
  /** The receiver itself named the time to resume. */
  let told = false;
  /** The page may be gone any moment: other pages may take the copies over at once. */
  let left = false;
  let closed = false;
  let cancelTimer: () => void = () => {};
  let flushes: { readonly entries: ReadonlySet<Entry>; readonly done: (safe: boolean) => void }[] = [];

  const storage = persist && sink.name ? runtime.storage : undefined;
  const persistence =
    storage &&
    createPersistence({
      storage,
      runtime,
      name: sink.name ?? '',
      lost: (reason, entries) => count(reason, entries.filter(({ record }) => !holds(record.id)).length),
    });

  function guarded(task: () => void): void {
    try {
      task();
    } catch {
      count('internal-error', 1);
    }
  }

  function count(reason: DropReason, records: number): void {
    if (records) counts[reason] = (counts[reason] ?? 0) + records;
  }

  function restore(dropped: Dropped): void {
    for (const [reason, records] of Object.entries(dropped)) count(reason as DropReason, records);
  }

  function underWay(): Entry[] {
    return batches.flatMap(({ entries }) => entries);
  }

  function held(): Entry[] {
    return [...underWay(), ...backlog.entries];
  }

  function holds(id: string): boolean {
    return held().some(({ record }) => record.id === id);
  }

  function enqueue(entry: Entry, dueMs: number): void {
    const sent = underWay();
    const taken = { records: sent.length, bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0) };
    count('queue-full', backlog.add(entry, dueMs, taken).length);
  }

  function form(): Batch | undefined {
    const entries = backlog.take();
    if (!entries) return undefined;
    const batch = batchOf(entries, counts);
    counts = {};
    batches.push(batch);
    return batch;
  }

  function batchOf(entries: readonly Entry[], dropped: Dropped): Batch {
    return { id: runtime.uuid(), entries, dropped, open: 0, surviving: false };
  }

  function schedule(): void {
    cancelTimer();
    if (closed || batches.some(({ open }) => open)) return;
    const dueMs = batches.length ? 0 : backlog.dueMs();
    if (dueMs === undefined) return;
    const waitMs = Math.max(dueMs, resumeMs) - runtime.monotonicMs();
    cancelTimer = runtime.delay(() => guarded(run), Math.min(Math.max(0, waitMs), MAX_TIMER_MS));
  }

  /** Sends the oldest batch if it is due, otherwise sets the timer for it. */
  function run(): void {
    cancelTimer();
    if (closed || batches.some(({ open }) => open)) return;
    const nowMs = runtime.monotonicMs();
    const dueMs = batches.length ? 0 : backlog.dueMs();
    if (dueMs === undefined) return;
    // No attempt while offline: each would leave an error in the console. `wake()` tells when that is over.
    if (runtime.isOnline() === false) resumeMs = Math.max(resumeMs, nowMs + MAX_BACKOFF_MS);
    const batch = Math.max(dueMs, resumeMs) > nowMs ? undefined : (batches[0] ?? form());
    if (batch) send(batch, false);
    else schedule();
  }

  function send(batch: Batch, leaving: boolean): void {
    const [first] = batch.entries;
    if (!first) return;
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
    const envelope: Omit<Envelope, 'records'> = {
      schema: ENVELOPE_SCHEMA,
      ...first.origin,
      batch: batch.id,
      sentAt: new Date(runtime.now()).toISOString(),
      dropped: batch.dropped,
    };
    try {
      cancelLimit = runtime.delay(failed, SEND_LIMIT_MS);
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
    if (result.ok) {
      batches.splice(at, 1);
      count('rejected', result.rejected?.length ?? 0);
      failures = blockedFailures = resumeMs = 0;
      announced = told = false;
      persistence?.forget(batch.entries);
    } else if (result.retry !== false) {
      postpone(result.afterMs, result.blocked);
    } else if (result.reason === 'too-large' && batch.entries.length > 1) {
      const middle = batch.entries.length >> 1;
      batches.splice(
        at,
        1,
        batchOf(batch.entries.slice(0, middle), batch.dropped),
        batchOf(batch.entries.slice(middle), {}),
      );
    } else {
      batches.splice(at, 1);
      restore(batch.dropped);
      count(result.reason, batch.entries.length);
      persistence?.forget(batch.entries);
    }
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
      if (blockedFailures >= BLOCKED_AFTER_FAILURES) {
        resumeMs = nowMs + BLOCKED_PAUSE_MS;
        if (!announced) guarded(onBlocked);
        announced = true;
      }
    }
    keepCopies();
  }

  function keepCopies(): void {
    persistence?.keep(held(), { leaving: left, told, holdMs: Math.max(0, resumeMs - runtime.monotonicMs()) });
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
    const { entries, waitMs } = await persistence.claim();
    if (waitMs) {
      told = true;
      resumeMs = Math.max(resumeMs, runtime.monotonicMs() + waitMs);
    }
    for (const entry of entries) {
      const newer = ({ record: { id, revision } }: Entry) =>
        id === entry.record.id && revision >= entry.record.revision;
      if (!held().some(newer)) enqueue(entry, 0);
    }
    schedule();
  }

  function startReplay(): void {
    replay().catch(() => count('internal-error', 1));
  }

  function flush(): Promise<boolean> {
    return new Promise((done) => {
      if (!held().length) return done(true);
      if (closed || !mayTryNow()) return done(false);
      if (!told) resumeMs = 0;
      backlog.hurry();
      flushes.push({ entries: new Set(held()), done });
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
        schedule();
      });
    },
    drop: count,
    flush,
    leaving() {
      guarded(() => {
        if (closed) return;
        left = true;
        keepCopies();
        if (!mayTryNow()) return;
        while (form()) {}
        for (const batch of [...batches]) if (!batch.surviving) send(batch, true);
      });
    },
    wake() {
      guarded(() => {
        left = false;
        if (!told) resumeMs = 0;
        startReplay();
        schedule();
      });
    },
    async close() {
      if (closed) return;
      await flush();
      closed = true;
      cancelTimer();
      left = true;
      guarded(keepCopies);
      guarded(() => void Promise.resolve(sink.close?.()).catch(() => {}));
    },
  };
}
