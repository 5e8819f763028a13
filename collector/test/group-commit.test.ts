import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../src/ingest/group-commit.js';
import type { ReceivedBatch, Store } from '../src/stores/store.js';
import { StoreFailure } from '../src/stores/store-failure.js';

const batch = (id: string) => ({ id, incidents: [], sessions: [], others: [] }) as unknown as ReceivedBatch;

/** A store that remembers what it was given at once, and whose `write` is what the test says. */
function groupCommitOn(write: (ids: readonly string[]) => Promise<void>) {
  const groups: (readonly string[])[] = [];
  const store = {
    writes: { gatherMs: 1, maxBatches: 100 },
    async write(batches: readonly ReceivedBatch[]) {
      const ids = batches.map(({ id }) => id);
      groups.push(ids);
      await write(ids);
      return { incidentIds: [], sessions: 0, others: 0 };
    },
  } as unknown as Store;
  return { groups, groupCommit: createGroupCommit(store, () => {}) };
}

describe('batches that are written together', () => {
  it('do not fall with one that cannot be written', async () => {
    const { groups, groupCommit } = groupCommitOn(async (ids) => {
      if (ids.includes('bad')) throw new Error('a constraint failed');
    });
    const ends = await Promise.allSettled(['one', 'bad', 'two'].map((id) => groupCommit.commit(batch(id))));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(groups).toEqual([['one', 'bad', 'two'], ['one'], ['bad'], ['two']]);
  });

  it('are given up together, and once, when it is the store that cannot write', async () => {
    const failure = new StoreFailure('disk-full', 'no space left');
    const { groups, groupCommit } = groupCommitOn(() => Promise.reject(failure));
    const ends = await Promise.allSettled(['one', 'two'].map((id) => groupCommit.commit(batch(id))));
    expect(ends).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    expect(groups).toHaveLength(1);
  });

  it('are all answered before it is drained, those that came meanwhile too', async () => {
    let release: () => void = () => {};
    const { groups, groupCommit } = groupCommitOn(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const answered: string[] = [];
    const commit = (id: string) => groupCommit.commit(batch(id)).then(() => answered.push(id));
    const first = commit('one');
    await expect.poll(() => groups.length).toBe(1);
    const second = commit('two');
    const drained = groupCommit.drain().then(() => answered.push('drained'));
    release();
    await first;
    await expect.poll(() => groups.length).toBe(2);
    release();
    await Promise.all([second, drained]);
    expect(answered).toEqual(['one', 'two', 'drained']);
  });
});
