import { setTimeout as pause } from 'node:timers/promises';
import type { ReceivedBatch, Store, StoreChanges } from '../stores/store.js';
import { StoreFailure } from '../stores/store-failure.js';

export interface GroupCommit {
  /** Resolves once the batch is on disk. */
  commit(batch: ReceivedBatch): Promise<void>;
  /** Resolves once nothing is waiting any more. */
  drain(): Promise<void>;
}

/** Called after each transaction that is on disk. */
export interface Committed {
  readonly changes: StoreChanges;
  /** How many records were in it, including those that were already stored. */
  readonly records: number;
  readonly durationMs: number;
}

interface Waiting {
  readonly batch: ReceivedBatch;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function createGroupCommit(store: Store, onCommitted: (committed: Committed) => void): GroupCommit {
  const { gatherMs, maxBatches } = store.writes;
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const startedAt = performance.now();
    let changes: StoreChanges;
    try {
      changes = await store.write(group.map(({ batch }) => batch));
    } catch (error) {
      // One batch that cannot be written must not take its neighbors with it; a store that cannot write takes them all.
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

  /** Ends after a turn of the event loop that brought nothing: whoever was last answered has then sent what comes next. */
  const gather = async () => {
    if (gatherMs > 0 && waiting.length < maxBatches) await pause(gatherMs);
    let before: number;
    do {
      before = waiting.length;
      // Queries and health checks are answered in these turns, too.
      await turn();
    } while (waiting.length > before && waiting.length < maxBatches);
  };

  const run = async () => {
    do {
      await gather();
      await write(waiting.splice(0, maxBatches));
    } while (waiting.length > 0);
    running = undefined;
  };

  return {
    commit: (batch) =>
      new Promise((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        running ??= run();
      }),
    async drain() {
      while (running !== undefined) await running;
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function countRecords(group: readonly Waiting[]): number {
  return group.reduce(
    (sum, { batch }) => sum + batch.incidents.length + batch.sessions.length + batch.others.length,
    0,
  );
}
