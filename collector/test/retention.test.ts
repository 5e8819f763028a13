import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRetention } from '../src/create-retention.js';
import { createRetentionClock } from '../src/retention-clock.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A closed store with incidents and sessions that happened and came this long ago, the oldest first, of a collector that ran until now. */
async function storeOf(agesMs: readonly number[]): Promise<{ data: string; ids: string[] }> {
  const data = temporaryFolder();
  const collector = await startedCollector({ data, keepDays: 999 });
  const ids: string[] = [];
  for (let from = 0; from < agesMs.length; from += 20) {
    const records = agesMs.slice(from, from + 20).map((ageMs, index) => {
      const at = { updatedAt: ago(ageMs), openedAt: ago(ageMs), startedAt: ago(ageMs) };
      const record = index % 2 === 0 ? sampleIncident(at) : sampleSession(at);
      ids.push(record.id);
      return record;
    });
    await post(collector, sampleEnvelope({ records }));
  }
  await collector.close();
  const db = new Database(join(data, 'collector.db'));
  db.exec('UPDATE incidents SET received_at_ms = opened_at_ms; UPDATE sessions SET received_at_ms = started_at_ms');
  db.close();
  return { data, ids };
}

function retentionOf(
  data: string,
  options: { keepDays?: number; maxBytes?: number; now?: () => number; steadyNow?: () => number },
) {
  const store = openSqliteStore(data);
  const told: string[] = [];
  const deleted: number[] = [];
  const logger = { info: (text: string) => void told.push(text), error: (text: string) => void told.push(text) };
  const retention = createRetention({
    store: store.retention,
    keepDays: options.keepDays,
    maxBytes: options.maxBytes,
    clock: createRetentionClock({ ...options, ...store, ...store.retention, logger }),
    logger,
    onDeleted: (rows) => void deleted.push(rows),
  });
  onTestFinished(async () => {
    await retention.stop();
    await store.close();
  });
  return { store, retention, told, deleted };
}

function idsIn(data: string): string[] {
  const db = new Database(join(data, 'collector.db'));
  const rows = db.prepare('SELECT id FROM incidents UNION ALL SELECT id FROM sessions').all() as { id: string }[];
  db.close();
  return rows.map(({ id }) => id).sort();
}

describe('retention', () => {
  it('deletes what is older than the days that are kept', async () => {
    const { data, ids } = await storeOf([9, 8, 5, 3, 0].map((days) => days * DAY_MS));
    const { retention, told } = retentionOf(data, { keepDays: 7 });
    await retention.sweep();
    expect(idsIn(data)).toEqual(ids.slice(2).sort());
    expect(told).toEqual(['Retention deleted 2 rows because of their age and 0 because of the size of the store.']);
  });

  it('keeps what began long ago and came again lately', async () => {
    const data = temporaryFolder();
    const collector = await startedCollector({ data, keepDays: 7 });
    const old = sampleIncident({ openedAt: ago(30 * DAY_MS) });
    await post(collector, sampleEnvelope({ records: [old] }));
    await collector.close();
    const { retention } = retentionOf(data, { keepDays: 7 });
    await retention.sweep();
    expect(idsIn(data)).toEqual([old.id]);
  });

  it('deletes the oldest until the size is kept, and gives the space back', async () => {
    const { data, ids } = await storeOf(Array.from({ length: 600 }, (_, index) => (602 - index) * HOUR_MS));
    const { store, retention, deleted } = retentionOf(data, {});
    await retention.sweep();
    const before = await store.retention.usedBytes();
    const maxBytes = Math.round(before / 2);
    const { retention: bounded, deleted: rows, told } = retentionOf(data, { maxBytes });
    await bounded.sweep();
    const sum = rows.reduce((all, some) => all + some, 0);
    expect(told).toEqual([
      `Retention deleted 0 rows because of their age and ${sum} because of the size of the store.`,
    ]);

    const left = idsIn(data);
    expect(deleted).toEqual([]);
    expect(rows.length).toBeGreaterThan(1);
    expect(await store.retention.usedBytes()).toBeLessThanOrEqual(maxBytes);
    expect(left.length).toBeGreaterThan(0);
    expect(left.sort()).toEqual(ids.slice(-left.length).sort());
    const db = new Database(join(data, 'collector.db'));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    expect(statSync(join(data, 'collector.db')).size).toBeLessThanOrEqual(maxBytes);
  });

  it('never deletes what came within the last hour, and says that it is too much', async () => {
    const { data, ids } = await storeOf([0, 1000, 2000]);
    const { retention, told } = retentionOf(data, { maxBytes: 1 });
    await retention.sweep();
    await retention.sweep();
    expect(idsIn(data)).toEqual(ids.sort());
    expect(told).toEqual([expect.stringContaining('larger than --max-size-mb')]);
  });

  it('takes records between its steps and counts in the metrics', async () => {
    const { data } = await storeOf(Array.from({ length: 900 }, () => 9 * DAY_MS));
    const collector = await startedCollector({ data, keepDays: 7, ratePerAddress: 0 });
    const fresh = sampleIncident();
    expect((await post(collector, sampleEnvelope({ records: [fresh] }))).status).toBe(200);
    await vi.waitFor(
      async () => {
        const text = await (await fetch(`${collector.url}/metrics`)).text();
        expect(text).toContain('retention_deleted_total{rule="age"} 900');
      },
      { timeout: 20_000 },
    );
    expect(idsIn(data)).toEqual([fresh.id]);
  });
});

/** A clock that may be set, beside one that nobody sets. */
function clocks() {
  let clockMs = Date.now();
  let steadyMs = 1000;
  return {
    now: () => clockMs,
    steadyNow: () => steadyMs,
    set(ms: number) {
      clockMs = ms;
    },
    pass(ms: number) {
      clockMs += ms;
      steadyMs += ms;
    },
    /** The machine is off, or does not run. */
    sleep(ms: number) {
      clockMs += ms;
    },
  };
}

const FAR = Date.parse('2099-01-01T00:00:00Z');
const HELD =
  /^The clock says 2099-01-01T\d\d:\d\dZ, 7\d years later than retention expects .* Nothing is deleted by this clock until/;

describe('a clock that is wrong deletes nothing', () => {
  it('while the collector runs, nor when it is mended; then what is old by it goes', async () => {
    const { data, ids } = await storeOf([6.9 * DAY_MS, 3 * DAY_MS, 0]);
    const time = clocks();
    const { retention, told } = retentionOf(data, { keepDays: 7, ...time });
    await retention.sweep();
    const rightMs = time.now();
    time.set(FAR);
    for (let minutes = 0; minutes < 90; minutes += 1) {
      await retention.sweep();
      time.pass(60_000);
    }
    expect(idsIn(data)).toEqual([...ids].sort());
    expect(told).toEqual([expect.stringMatching(HELD)]);
    time.set(rightMs + 90 * 60_000);
    await retention.sweep();
    expect(idsIn(data)).toEqual([...ids].sort());
    expect(told.slice(1)).toEqual(['The clock is right again, and retention follows it.']);
    for (let hours = 0; hours < 4; hours += 1) {
      time.pass(HOUR_MS);
      await retention.sweep();
    }
    expect(idsIn(data)).toEqual(ids.slice(1).sort());
  });

  it('from the start on, with what a collector before it knew, or what came last where none did', async () => {
    for (const isKnown of [true, false]) {
      const { data, ids } = await storeOf([5 * DAY_MS, 0]);
      if (!isKnown) {
        const db = new Database(join(data, 'collector.db'));
        db.exec('DELETE FROM state');
        db.close();
      }
      const time = clocks();
      time.set(FAR);
      for (let start = 0; start < 3; start += 1) {
        const { retention, store, told } = retentionOf(data, { keepDays: 7, ...time });
        await retention.sweep();
        expect(told).toEqual([expect.stringMatching(HELD)]);
        await retention.stop();
        await store.close();
        time.pass(60_000);
      }
      expect(idsIn(data)).toEqual([...ids].sort());
    }
  });

  it('nor one that is put back from one wrong time to another', async () => {
    const { data, ids } = await storeOf([5 * DAY_MS, 0]);
    const time = clocks();
    const { retention, told } = retentionOf(data, { keepDays: 30, ...time });
    await retention.sweep();
    for (let jump = 1; jump <= 10; jump += 1) {
      time.set(FAR - jump * 30 * DAY_MS);
      await retention.sweep();
      for (let hours = 0; hours < 20; hours += 1) {
        time.pass(HOUR_MS);
        await retention.sweep();
      }
    }
    expect(idsIn(data)).toEqual([...ids].sort());
    expect(told).toHaveLength(10);
  });

  it('nor what came within the last hour by the size', async () => {
    const { data, ids } = await storeOf([0, 0]);
    const time = clocks();
    const { retention } = retentionOf(data, { maxBytes: 1, ...time });
    await retention.sweep();
    time.set(FAR);
    await retention.sweep();
    expect(idsIn(data)).toEqual([...ids].sort());
  });
});

describe('a clock that jumped', () => {
  it('is believed after a day of running, over restarts, as after a long stop', async () => {
    const { data, ids } = await storeOf([5 * DAY_MS, 0]);
    const time = clocks();
    time.sleep(4 * DAY_MS);
    let runs = 0;
    for (; idsIn(data).length === 2 && runs < 10; runs += 1) {
      const { retention, store } = retentionOf(data, { keepDays: 7, ...time });
      for (let hours = 0; hours <= 8; hours += 1) {
        await retention.sweep();
        if (hours < 8) time.pass(HOUR_MS);
      }
      await retention.stop();
      await store.close();
      time.sleep(16 * HOUR_MS);
    }
    // Eight hours of each day: the third day is the last of waiting.
    expect([idsIn(data), runs]).toEqual([ids.slice(1), 3]);
  });

  it.each(['sleeps', 'is off'])('is believed after a day of running of a machine that %s at night', async (how) => {
    const { data, ids } = await storeOf([5 * DAY_MS, 0]);
    const time = clocks();
    let running = retentionOf(data, { keepDays: 7, ...time });
    await running.retention.sweep();
    let days = 0;
    for (; idsIn(data).length === 2 && days < 12; days += 1) {
      time.sleep(16 * HOUR_MS);
      if (how === 'is off') {
        await running.retention.stop();
        await running.store.close();
        running = retentionOf(data, { keepDays: 7, ...time });
      }
      for (let minutes = 0; minutes <= 8 * 60; minutes += 20) {
        await running.retention.sweep();
        if (minutes < 8 * 60) time.pass(20 * 60_000);
      }
    }
    // What was there is a week old after two days; the third day is the last of the waiting.
    expect([idsIn(data), days]).toEqual([ids.slice(1), 3]);
  });

  it('back deletes less, is told, and is no reason to wait once it is right', async () => {
    const { data, ids } = await storeOf([7.5 * DAY_MS, 6.9 * DAY_MS, 0]);
    const time = clocks();
    const rightMs = time.now();
    time.set(0);
    const { retention, told } = retentionOf(data, { keepDays: 7, ...time });
    await retention.sweep();
    expect(idsIn(data)).toEqual([...ids].sort());
    expect(told).toEqual([
      expect.stringMatching(
        /^The clock says 1970-01-01T00:00Z, 5\d years earlier than .* Incoming records are dated by it: if it is wrong, set it/,
      ),
    ]);
    time.set(rightMs);
    await retention.sweep();
    expect(idsIn(data)).toEqual(ids.slice(1).sort());
  });

  it('by less than an hour is as good as right', async () => {
    const { data, ids } = await storeOf([7 * DAY_MS - 30 * 60_000, 0]);
    const time = clocks();
    time.set(time.now() + 50 * 60_000);
    const { retention, told } = retentionOf(data, { keepDays: 7, ...time });
    await retention.sweep();
    expect(idsIn(data)).toEqual(ids.slice(1).sort());
    expect(told).toEqual(['Retention deleted 1 rows because of their age and 0 because of the size of the store.']);
  });
});

describe('retention that is stopped', () => {
  /** A store that never runs out of what is too old and too much. */
  function endless() {
    const steps: string[] = [];
    let onStep = (_count: number) => {};
    const step = (name: string) => async () => {
      steps.push(name);
      onStep(steps.length);
      return 1;
    };
    const told: string[] = [];
    const retention = createRetention({
      store: {
        deleteOlderThan: step('age'),
        deleteOldest: step('size'),
        newestReceivedMs: async () => undefined,
        usedBytes: async () => 10,
        releaseSpace: async () => (await step('space')()) > 0,
      },
      clock: { read: async () => Date.now() },
      keepDays: 1,
      maxBytes: 1,
      logger: { info: (text) => void told.push(text), error: (text) => void told.push(text) },
      onDeleted() {},
    });
    return {
      steps,
      told,
      retention,
      at(count: number) {
        return new Promise<void>((resolve) => {
          onStep = (reached) => {
            if (reached === count) resolve();
          };
        });
      },
    };
  }

  it('in the middle of a sweep ends after the step that runs, and begins no other', async () => {
    const { steps, told, retention, at } = endless();
    const third = at(3);
    let isSwept = false;
    retention.sweep().then(() => {
      isSwept = true;
    });
    await third;
    await retention.stop();
    // Whoever closes the store next must not meet it.
    expect(isSwept).toBe(true);
    expect(steps).toEqual(['age', 'age', 'age']);
    // What it did is told; what it did not find out, such as whether the rest is too large, is not.
    expect(told).toEqual(['Retention deleted 3 rows because of their age and 0 because of the size of the store.']);
  });

  it('sweeps no more', async () => {
    const { steps, retention } = endless();
    await retention.stop();
    await retention.sweep();
    expect(steps).toEqual([]);
  });

  it('with its collector in the middle of a sweep goes on where it was at the next start', async () => {
    const { data } = await storeOf(Array.from({ length: 1500 }, () => 9 * DAY_MS));
    const first = retentionOf(data, { keepDays: 7 });
    const sweeping = first.retention.sweep();
    await vi.waitFor(() => expect(first.deleted.length).toBeGreaterThan(0));
    await first.retention.stop();
    await sweeping;
    const left = idsIn(data).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBe(1500 - first.deleted.reduce((sum, rows) => sum + rows, 0));
    await retentionOf(data, { keepDays: 7 }).retention.sweep();
    expect(idsIn(data)).toEqual([]);
  });
});
