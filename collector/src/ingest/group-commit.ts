import type { ReceivedBatch, Store, StoreChanges } from '../stores/store.js';
import { StoreFailure } from '../stores/store-failure.js';

/** How long a request waits for others to share its transaction: one sync to disk then serves all of them. */
const WINDOW_MS = 5;

/** A transaction holds up everything else while it runs; 256 batches of the SDK's 60,000 bytes are some 15 MB. */
const MAX_GROUP = 256;

export interface GroupCommit {
  /** Resolves once the batch is on disk. */
  commit(batch: ReceivedBatch): Promise<void>;
  /** Resolves once nothing is waiting any more. */
  drain(): Promise<void>;
}

/** Told after each transaction that is on disk. */
export interface Committed {
  readonly changes: StoreChanges;
  /** How many records were in it, those that were already stored too. */
  readonly records: number;
  readonly durationMs: number;
}

interface Waiting {
  readonly batch: ReceivedBatch;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function createGroupCommit(store: Store, onCommitted: (committed: Committed) => void): GroupCommit {
  let waiting: Waiting[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const startedAt = performance.now();
    let changes: StoreChanges;
    try {
      changes = await store.write(group.map(({ batch }) => batch));
    } catch (error) {
      // One batch that cannot be written must not take its neighbours with it; a store that cannot write takes them all.
      if (group.length > 1 && !(error instanceof StoreFailure)) {
        for (const one of group) await write([one]);
      } else {
        for (const { reject } of group) reject(error);
      }
      return;
    }
    for (const { resolve } of group) resolve();
    onCommitted({ changes, records: countRecords(group), durationMs: performance.now() - startedAt });
  };

  const writeWaiting = () => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MAX_GROUP) {
      const group = all.slice(from, from + MAX_GROUP);
      // A turn of the event loop between two transactions, so that questions and health checks are answered, too.
      writing = writing.then(() => new Promise((resolve) => setImmediate(() => resolve(write(group)))));
    }
  };

  return {
    commit: (batch) =>
      new Promise((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        if (waiting.length === 1) setTimeout(writeWaiting, WINDOW_MS);
      }),
    async drain() {
      while (waiting.length > 0) {
        writeWaiting();
        await writing;
      }
      await writing;
    },
  };
}

function countRecords(group: readonly Waiting[]): number {
  return group.reduce(
    (sum, { batch }) => sum + batch.incidents.length + batch.sessions.length + batch.others.length,
    0,
  );
}
