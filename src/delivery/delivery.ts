import type { Runtime, TextStorage } from '../runtime/runtime.js';
import type { Origin } from './entry.js';
import type { DiagnosticsRecord, DropReason } from './envelope.js';
import { createQueue } from './queue.js';
import type { Sink } from './sink.js';
import { utf8Bytes } from './utf8-bytes.js';

/** Delivers records to all sinks, each at its own pace. Nothing here throws or rejects. */
export interface Delivery {
  /**
   * `urgent` is for records that somebody may be waiting to see: they leave after 250 ms instead of 5 s. The record must not change
   * afterwards.
   */
  add(record: DiagnosticsRecord, urgent: boolean): void;
  /** Counts records that are deliberately not sent. */
  drop(reason: DropReason, records?: number): void;
  /**
   * Sends what is waiting now (with `isCapped`, no more than may leave in this minute) and keeps a Node process alive meanwhile; resolves
   * with true if all of it is safe at every sink.
   */
  flush(isCapped?: boolean): Promise<boolean>;
  /**
   * Call this when the page is hidden, frozen or left, after the last records were added. Other tabs may take over what is kept at once if
   * the page `isGone`, otherwise once it has not been heard of for two minutes.
   */
  leaving(isGone?: boolean): void;
  /** Call this when the page is visible or restored, the network is back, or the socket connects again. */
  wake(): void;
  /** Flushes and stops; what could not be sent is kept for the next page load if there is storage. */
  close(): Promise<void>;
}

export interface DeliveryOptions {
  readonly sinks: readonly Sink[];
  readonly runtime: Runtime;
  /** Who the records are from. */
  readonly origin: Origin;
  /** Where unacknowledged records are kept; `false` for nowhere. Default: the storage of the page. */
  readonly storage?: TextStorage | false | undefined;
  readonly limits?: DeliveryLimits | undefined;
  /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to prevent a sink from being reached. */
  readonly onBlocked?: (event: { readonly sink: Sink }) => void;
}

/** Upper limits for what a page sends, however much goes wrong on it. */
export interface DeliveryLimits {
  /** Records that may leave per minute; further ones wait, with the newest revision of each. Default: 60. */
  readonly recordsPerMinute?: number;
  /** Incidents and sessions per page load; further ones are only counted. Default: 1,000; no limit in Node, where a process lives long. */
  readonly recordsPerSession?: number;
}

const URGENT_MS = 250;
const CALM_MS = 5000;
/** About as many as the queue holds: what a page may send in a burst without keeping a collector busy. */
const RECORDS_PER_MINUTE = 60;
const RECORDS_PER_SESSION = 1000;

/** Of the incidents and sessions so far, whichever delivery they were passed to. */
const idsByPage = /* @__PURE__ */ new WeakMap<Runtime, Set<string>>();

/** Creates one queue per sink and sends what earlier page loads could not. */
export function createDelivery({ sinks, runtime, origin, storage, limits, onBlocked }: DeliveryOptions): Delivery {
  const { recordsPerMinute = RECORDS_PER_MINUTE, recordsPerSession } = limits ?? {};
  const maxIds = recordsPerSession ?? (runtime.kind === 'node' ? Number.POSITIVE_INFINITY : RECORDS_PER_SESSION);
  const ids = idsByPage.get(runtime) ?? new Set<string>();
  idsByPage.set(runtime, ids);
  const queues = sinks.map((sink) =>
    createQueue({
      sink,
      runtime,
      origin,
      storage: storage === undefined ? runtime.storage : storage || undefined,
      recordsPerMinute,
      onBlocked() {
        onBlocked?.({ sink });
        sink.onBlocked?.();
      },
    }),
  );

  function drop(reason: DropReason, records = 1): void {
    for (const queue of queues) queue.drop(reason, records);
  }

  function isOverLimit(id: string): boolean {
    if (maxIds === Number.POSITIVE_INFINITY || ids.has(id)) return false;
    if (ids.size >= maxIds) return true;
    ids.add(id);
    return false;
  }

  async function held<T>(work: Promise<T>): Promise<T> {
    const release = runtime.holdProcess();
    try {
      return await work;
    } finally {
      release();
    }
  }

  return {
    add(record, urgent) {
      if (!queues.length) return;
      try {
        if (isOverLimit(record.id)) return drop('rate-limited');
        const entry = { record, origin, bytes: utf8Bytes(JSON.stringify(record)), since: runtime.now() };
        for (const queue of queues) queue.add(entry, urgent ? URGENT_MS : CALM_MS);
      } catch {
        drop('internal-error');
      }
    },
    drop,
    async flush(isCapped) {
      const safe = await held(Promise.all(queues.map((queue) => queue.flush(isCapped))));
      return safe.every(Boolean);
    },
    leaving(isGone = false) {
      for (const queue of queues) queue.leaving(isGone);
    },
    wake() {
      for (const queue of queues) queue.wake();
    },
    async close() {
      await held(Promise.all(queues.map((queue) => queue.close())));
    },
  };
}
