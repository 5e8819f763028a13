import type { ReceivedBatch, Store, StoreChanges } from '../stores/store.js';

/** How long a request waits for others to share its transaction: one sync to disk then serves all of them. */
const WINDOW_MS = 5;

export interface GroupCommit {
  /** Resolves once the batch is on disk. */
  commit(batch: ReceivedBatch): Promise<void>;
  /** Resolves once nothing is waiting any more. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly batch: ReceivedBatch;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function createGroupCommit(store: Store, onChanges: (changes: StoreChanges) => void): GroupCommit {
  let waiting: Waiting[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (group: readonly Waiting[]) => {
    try {
      const changes = await store.write(group.map(({ batch }) => batch));
      for (const { resolve } of group) resolve();
      onChanges(changes);
    } catch (error) {
      if (group.length === 1) {
        group[0]?.reject(error);
        return;
      }
      // One batch that cannot be written must not take its neighbours with it.
      for (const one of group) await write([one]);
    }
  };

  const writeWaiting = () => {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    writing = writing.then(() => write(group));
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
