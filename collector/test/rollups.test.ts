import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAsk } from '../src/stores/sqlite/ask.js';
import { binOf, valuesOfBins } from '../src/stores/sqlite/connect-time-bins.js';
import type { Counts, CountsKey } from '../src/stores/sqlite/counts.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { createRawCounts } from '../src/stores/sqlite/raw-counts.js';
import { createRollupCounts } from '../src/stores/sqlite/rollup-counts.js';
import type { NewIncident, NewSession, ReceivedBatch, Scope } from '../src/stores/store.js';
import { temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const OPERATIONS = 250;

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below * 0.999999);
  };
}

/** Batches in which ids, revisions and sessions come again and again, with other causes, times and networks. */
function createBatches(random: (below: number) => number) {
  const pick = <T>(...values: T[]) => values[random(values.length)] as T;
  const at = () => NOW_MS - random(15 * DAY_MS);
  // What is told of an incident or session stays on its page, whose app and engine do not change; its network does.
  const pageOf = (number: number) => ({
    clientSessionId: `page-${number}`,
    app: `app-${number % 2}`,
    release: `${number % 3}`,
    environment: number % 5 === 0 ? 'staging' : 'production',
    engine: number % 4 === 0 ? 'gecko' : 'chromium',
  });
  const incident = (): NewIncident => ({
    kind: 'incident',
    id: `incident-${random(120)}`,
    revision: 1 + random(6),
    text: '{}',
    code: pick('cors', 'blocked', 'down', 'unclassified'),
    title: pick('One title', 'Another title'),
    phase: 'connect',
    status: pick('open', 'resolved', 'abandoned', 'paused'),
    certainty: pick('confirmed', 'suspected'),
    severity: 'error',
    fixedBy: 'server',
    openedAtMs: at(),
    updatedAtMs: NOW_MS,
    closedAtMs: null,
    failedAttempts: 1,
    transport: 'polling',
    namespace: '/',
    host: 'api.example.com',
    clientVersion: '4.8+',
  });
  const session = (connected = pick(true, false)): NewSession => ({
    kind: 'session',
    id: `session-${random(80)}`,
    revision: 1 + random(6),
    text: '{}',
    startedAtMs: at(),
    updatedAtMs: NOW_MS,
    connected,
    failed: !connected && pick(true, false),
    timeToConnectMs: pick(null, 0, 7, random(20_000), random(300)),
    timeToUpgradeMs: pick(null, 20),
    transport: 'polling',
    upgradeWanted: pick(true, false),
    weight: pick(1, 10, 1 / 0.3),
    clientVersion: '4.8+',
  });
  return (): ReceivedBatch => ({
    id: `batch-${random(1e6)}`,
    receivedAtMs: NOW_MS - random(15 * DAY_MS),
    ...pageOf(random(24)),
    runtime: 'browser',
    correctionMs: 0,
    engineVersion: '131',
    networkType: pick('wifi', '4g', ''),
    context: `{"session":${random(3)}}`,
    dropped: {},
    incidents: Array.from({ length: random(4) }, incident),
    sessions: Array.from({ length: random(3) }, () => session()),
    others: [],
  });
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** Everything that can be asked of counts, in an order of its own. */
function everything(counts: Counts, keys: readonly CountsKey[]) {
  const lines = new Map<string, number>();
  const add = (line: string, value: number) => {
    if (value !== 0) lines.set(line, rounded((lines.get(line) ?? 0) + value));
  };
  for (const by of keys) {
    for (const { key, times, ...sums } of counts.sessions(by)) {
      for (const [name, value] of Object.entries(sums)) add(`${by} ${key} ${name}`, value ?? 0);
      for (const { value, weight } of times) add(`${by} ${key} bin ${binOf(value)}`, weight);
    }
    for (const codes of ['any', 'each'] as const) {
      for (const { key, code, sessions, ...sums } of counts.incidents(by, codes)) {
        for (const [name, value] of Object.entries(sums)) add(`${by} ${key} ${code} ${name}`, value ?? 0);
        if (by !== 'bucket') add(`${by} ${key} ${code} affected`, sessions);
      }
    }
  }
  return Object.fromEntries([...lines].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const scopes: readonly Scope[] = [
  {},
  { sinceMs: NOW_MS - 25 * HOUR_MS },
  { sinceMs: NOW_MS - 9 * DAY_MS - 5 * HOUR_MS, untilMs: NOW_MS - 3 * DAY_MS + 2 * HOUR_MS },
  { sinceMs: NOW_MS - 13 * DAY_MS, untilMs: NOW_MS - DAY_MS },
];

/** Bars of days where the scope is of whole days. */
const hoursOf = ({ sinceMs = 0, untilMs = 0 }: Scope) => ((sinceMs - untilMs) % DAY_MS === 0 ? DAY_MS : HOUR_MS);

const filters: readonly (Scope & { readonly fine?: boolean })[] = [
  {},
  { app: 'app-1' },
  { app: 'app-0', release: '2', environment: 'production' },
  { app: 'nobody' },
  { networkType: 'wifi', fine: true },
  { engine: 'gecko', networkType: '4g', app: 'app-0', fine: true },
];

describe('rollups', () => {
  it.each([1, 2, 3, 4])(
    'tell what the records tell, after revisions, repetitions, deletions and restarts (%i)',
    async (seed) => {
      const random = randomOf(seed);
      const nextBatch = createBatches(random);
      const data = temporaryFolder();
      let store = openSqliteStore(data);
      onTestFinished(() => store.close());
      let last = nextBatch();
      const compare = () => {
        const db = new Database(join(data, 'collector.db'));
        const ask = createAsk(db);
        for (const scope of scopes) {
          for (const { fine = false, ...filter } of filters) {
            const options = { nowMs: NOW_MS, fine, bucketMs: hoursOf(scope) };
            const asked = { ...scope, ...filter };
            const rollups = createRollupCounts(ask, asked, options);
            const raw = createRawCounts(ask, asked, { ...options, bucketMs: rollups.bucketMs });
            const keys: CountsKey[] = ['all', 'bucket', 'segment'];
            expect(everything(rollups, keys), JSON.stringify(asked)).toEqual(everything(raw, keys));
          }
          // A page whose network changed counts once for each of the two.
          const options = { nowMs: NOW_MS, fine: true, bucketMs: hoursOf(scope) };
          expect(everything(createRollupCounts(ask, scope, options), ['segment'])).toEqual(
            everything(createRawCounts(ask, scope, options), ['segment']),
          );
        }
        db.close();
      };
      for (let operation = 1; operation <= OPERATIONS; operation += 1) {
        const choice = random(20);
        if (choice === 0) await store.retention.deleteOlderThan(NOW_MS - random(15 * DAY_MS), 1 + random(30));
        else if (choice === 1) await store.retention.deleteOldest(NOW_MS, random(10));
        else if (choice === 2) {
          await store.close();
          store = openSqliteStore(data);
        } else if (choice === 3) await store.write([last, last]);
        else if (choice === 4) {
          // As an import does beside a running collector.
          const other = openSqliteStore(data);
          await other.write([nextBatch(), nextBatch()]);
          await other.close();
        } else {
          last = nextBatch();
          await store.write([last, ...Array.from({ length: random(4) }, nextBatch)]);
        }
        if (operation % 50 === 0) compare();
      }
      for (let deleted = 1; deleted > 0; ) deleted = await store.retention.deleteOlderThan(NOW_MS + DAY_MS, 50);
      const db = new Database(join(data, 'collector.db'));
      const left = ['incidents', 'sessions', 'clients', 'session_rollups', 'incident_rollups', 'incident_returns'].map(
        (table) => (db.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get() as { count: number }).count,
      );
      db.close();
      expect(left).toEqual([0, 0, 0, 0, 0, 0]);
    },
  );

  it('are not changed by a transaction that fails', async () => {
    const data = temporaryFolder();
    const store = openSqliteStore(data);
    onTestFinished(() => store.close());
    const batch = { ...createBatches(randomOf(5))(), sessions: [] };
    const [good] = [...Array(50)]
      .map(() => createBatches(randomOf(6))())
      .filter(({ incidents }) => incidents.length > 0);
    const bad = { ...(good ?? batch), dropped: { full: {} as number } };
    await expect(store.write([good ?? batch, bad])).rejects.toThrow();
    expect((await store.overview({})).incidents).toBe(0);
    await store.write([good ?? batch]);
    const { incidents, affectedSessions } = await store.overview({});
    expect([incidents, affectedSessions]).toEqual([new Set(good?.incidents.map(({ id }) => id)).size, 1]);
  });
});

describe('bins of times to connect', () => {
  it('are at most 5 % off, or half a millisecond', () => {
    for (let ms = 0; ms < 100_000; ms += 1 + Math.floor(ms / 50)) {
      const [told] = valuesOfBins(new Map([[binOf(ms), 1]]));
      expect(Math.abs((told?.value ?? Number.NaN) - ms), `${ms} ms`).toBeLessThanOrEqual(
        Math.max(0.5, ms * 0.05 + 0.5),
      );
    }
  });
});
