import type { Runtime } from '../runtime/runtime.js';
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
  /** Sends what waits now, and keeps a Node process alive meanwhile; true when all of it is safe at every sink. */
  flush(): Promise<boolean>;
  /** To call when the page is hidden or left, after the last records were added. */
  leaving(): void;
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
  /** Whether unacknowledged records may be kept in the page's storage. Default: true. */
  readonly persist?: boolean;
  /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to keep a sink from being reached. */
  readonly onBlocked?: (event: { readonly sink: Sink }) => void;
}

const URGENT_MS = 250;
const CALM_MS = 5000;

/** Makes one queue per sink and sends what earlier page loads could not. */
export function createDelivery({ sinks, runtime, origin, persist = true, onBlocked }: DeliveryOptions): Delivery {
  const queues = sinks.map((sink) => createQueue({ sink, runtime, persist, onBlocked: () => onBlocked?.({ sink }) }));

  function drop(reason: DropReason, records = 1): void {
    for (const queue of queues) queue.drop(reason, records);
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
        const entry = { record, origin, bytes: utf8Bytes(JSON.stringify(record)), since: runtime.now() };
        for (const queue of queues) queue.add(entry, urgent ? URGENT_MS : CALM_MS);
      } catch {
        drop('internal-error');
      }
    },
    drop,
    async flush() {
      const safe = await held(Promise.all(queues.map((queue) => queue.flush())));
      return safe.every(Boolean);
    },
    leaving() {
      for (const queue of queues) queue.leaving();
    },
    wake() {
      for (const queue of queues) queue.wake();
    },
    async close() {
      await held(Promise.all(queues.map((queue) => queue.close())));
    },
  };
}
