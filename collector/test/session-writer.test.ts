import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import type { NewSession, ReceivedBatch } from '../src/stores/store.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';
import { temporaryFolder } from './started-collector.js';

const NOW_MS = Date.now();

const COLUMNS = `id, revision, started_at_ms AS startedAtMs, connected, failed, upgrade_wanted AS upgradeWanted, upgraded,
  time_to_connect_ms AS timeToConnectMs, weight, record`;

function batchOf(sessions: readonly NewSession[]): ReceivedBatch {
  return {
    id: crypto.randomUUID(),
    receivedAtMs: NOW_MS,
    correctionMs: 0,
    app: 'chat-web',
    release: '1.0.0',
    environment: 'production',
    clientSessionId: 'page',
    runtime: 'browser',
    engine: 'chromium',
    engineVersion: '131',
    networkType: 'wifi',
    context: '{}',
    dropped: {},
    incidents: [],
    sessions,
    others: [],
  };
}

function sessionOf(id: string, revision: number, random: SeededRandom): NewSession {
  const flag = () => random.chance(0.5);
  const time = () => (flag() ? random.below(60_000) : null);
  return {
    kind: 'session',
    id,
    revision,
    text: JSON.stringify({ id, revision, salt: random.next() }),
    startedAtMs: NOW_MS - random.below(1e9),
    updatedAtMs: NOW_MS,
    connected: flag(),
    failed: flag(),
    timeToConnectMs: time(),
    timeToUpgradeMs: time(),
    transport: 'websocket',
    upgradeWanted: flag(),
    weight: flag() ? 1 : 1 + random.below(1e9) / 1000,
    clientVersion: '4.8+',
  };
}

it('stores sessions of batches of any size as if they had come one by one', async () => {
  const random = seededRandom(7);
  const folder = temporaryFolder();
  const store = openSqliteStore(folder);
  const expected = new Map<string, NewSession>();

  for (const size of [1, 2, 3, 5, 15, 16, 17, 31, 32, 40, 100, 20, 20, 20]) {
    let changed = 0;
    const sessions = Array.from({ length: size }, () => {
      // Few enough ids that many come again, also within a batch.
      const session = sessionOf(`s${random.below(90)}`, 1 + random.below(4), random);
      const known = expected.get(session.id);
      if (known === undefined || session.revision > known.revision) {
        expected.set(session.id, session);
        changed += 1;
      }
      return session;
    });
    expect((await store.write([batchOf(sessions)])).sessions).toBe(changed);
  }
  await store.close();

  const db = new Database(join(folder, 'collector.db'));
  onTestFinished(() => void db.close());
  const stored = db.prepare(`SELECT ${COLUMNS} FROM sessions ORDER BY id`).all();
  const wanted = [...expected.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, revision, startedAtMs, timeToConnectMs, ...session }) => ({
      id,
      revision,
      startedAtMs,
      connected: Number(session.connected),
      failed: Number(session.failed),
      upgradeWanted: Number(session.upgradeWanted),
      upgraded: Number(session.upgradeWanted && session.timeToUpgradeMs !== null),
      timeToConnectMs,
      weight: Math.round(session.weight * 1000),
      record: session.text,
    }));
  expect(stored).toEqual(wanted);
});
