import type { Runtime, TextStorage } from '../runtime/runtime.js';
import type { Origin } from './entry.js';
import type { DiagnosticsRecord, DropReason } from './envelope.js';
import { createQueue } from './queue.js';
import type { Sink } from './sink.js';
import { utf8Bytes } from './utf8-bytes.js';

/** Carries records to all sinks, each at its own pace. Nothing here throws or rejects. */
export interface Delivery {
  /** `urgent` for what someone may be waiting to see: it leaves after 250 ms instead of 5 s. The record must not change afterwards. */
  add(record: DiagnosticsRecord, urgent: boolean): void;
  /** Counts records that were decided not to be sent. */
  drop(reason: DropReason, records?: number): void;
  /**
   * Sends what waits now, with `isCapped` no more than may leave in this minute, and keeps a Node process alive meanwhile; true when all
   * of it is safe at every sink.
   */
  flush(isCapped?: boolean): Promise<boolean>;
  /**
   * To call when the page is hidden, frozen or left, after the last records were added. Other tabs may take what is kept over at once
   * when the page `isGone`, and otherwise when it was not heard of for two minutes.
   */
  leaving(isGone?: boolean): void;
  /** To call when the page is visible or restored, the network is back, or the socket connects again. */
  wake(): void;
  /** Flushes and stops; what could not be sent is kept for the next page load where there is storage. */
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
  /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to keep a sink from being reached. */
  readonly onBlocked?: (event: { readonly sink: Sink }) => void;
}

/** What a page sends at most, however much goes wrong on it. */
export interface DeliveryLimits {
  /** Records that leave in a minute; more wait, the newest revision of each. Default: 60. */
  readonly recordsPerMinute?: number;
  /** Incidents and sessions of one page load; more are counted. Default: 1,000; in Node, where a process lives long, no limit. */
  readonly recordsPerSession?: number;
}

const URGENT_MS = 250;
const CALM_MS = 5000;
/** About as many as the queue holds: what a page may send in a burst without keeping a collector busy. */
const RECORDS_PER_MINUTE = 60;
const RECORDS_PER_SESSION = 1000;

/** Of incidents and sessions so far, whichever delivery they were handed to. */
const idsByPage = /* @__PURE__ */ new WeakMap<Runtime, Set<string>>();

/** Makes one queue per sink and sends what earlier page loads could not. */
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
