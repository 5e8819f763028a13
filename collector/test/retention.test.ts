import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRetention } from '../src/create-retention.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A closed store with incidents and sessions that happened and came this long ago, the oldest first. */
async function storeOf(agesMs: readonly number[]): Promise<{ data: string; ids: string[] }> {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
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

function retentionOf(data: string, options: { keepDays?: number; maxBytes?: number }) {
  const store = openSqliteStore(data);
  const told: string[] = [];
  const deleted: number[] = [];
  const retention = createRetention({
    store: store.retention,
    keepDays: options.keepDays,
    maxBytes: options.maxBytes,
    logger: { info: (text) => void told.push(text), error: (text) => void told.push(text) },
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
  return rows.map(({ id }) => id);
}

describe('retention', () => {
  it('deletes what is older than the days that are kept', async () => {
    const { data, ids } = await storeOf([9, 8, 5, 3, 0].map((days) => days * DAY_MS));
    const { retention, told } = retentionOf(data, { keepDays: 7 });
    await retention.sweep();
    expect(idsIn(data).sort()).toEqual(ids.slice(2).sort());
    expect(told).toEqual(['Retention deleted 2 rows for their age and 0 for the size of the store.']);
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
    const { retention: bounded, deleted: rows } = retentionOf(data, { maxBytes });
    await bounded.sweep();

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
    expect(idsIn(data).sort()).toEqual(ids.sort());
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
