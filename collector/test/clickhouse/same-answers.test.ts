import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_DATA } from '../../src/start-collector.js';
import type { Scope, Store } from '../../src/stores/store.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from '../sample-envelope.js';
import { temporaryFolder } from '../started-collector.js';
import { batchOf, opened } from '../store-contract.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

const HOUR_MS = 3_600_000;

let clickHouse: ClickHouse;
beforeAll(async () => {
  clickHouse = await startClickHouse();
});
afterAll(() => clickHouse.close());

/** Envelopes of every kind, some of them with revisions of what came before; few enough that SQLite counts them one by one. */
function envelopes(count: number): object[] {
  // As good as random and the same in every run.
  let state = 7;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T;
  const pages = Array.from({ length: 60 }, () => {
    const { session } = sampleEnvelope();
    const runtime = {
      kind: 'browser',
      engine: pick(['chromium', 'gecko', 'webkit']),
      ...(below(3) > 0 && { engineVersion: String(120 + below(3)) }),
      ...(below(3) > 0 && { networkType: pick(['wifi', '4g']) }),
    };
    const app = {
      name: pick(['chat', 'shop']),
      ...(below(4) > 0 && { release: pick(['1', '2', '3']) }),
      environment: 'live',
    };
    return { session: { ...session, runtime }, app, incidents: [] as object[] };
  });
  return Array.from({ length: count }, () => {
    const page = pick(pages);
    const openedAt = ago(below(96) * HOUR_MS + below(HOUR_MS));
    const { diagnosis } = sampleIncident();
    const code = `cause-${below(6)}`;
    const incident = sampleIncident({
      openedAt,
      status: pick(['open', 'resolved']),
      transport: pick(['polling', 'websocket']),
      diagnosis: { ...diagnosis, code, title: `Title of ${code}`, certainty: pick(['confirmed', 'suspected']) },
    });
    const again =
      below(3) === 0 ? [{ ...incident, ...(page.incidents[0] as object), revision: 2, status: 'resolved' }] : [];
    page.incidents.unshift(incident);
    const connected = below(5) > 0;
    const { timeToConnectMs: _, timeToUpgradeMs: __, ...plain } = sampleSession({ connected, startedAt: openedAt });
    const session = {
      ...plain,
      weight: pick([1, 4, 2.5]),
      ...(connected && { timeToConnectMs: below(900) }),
      upgradeWanted: below(2) > 0,
    };
    return {
      ...sampleEnvelope({ dropped: below(4) === 0 ? { 'queue-full': 1 + below(5) } : {} }),
      app: page.app,
      session: page.session,
      records: [...again, incident, ...(below(2) > 0 ? [session] : [])],
    };
  });
}

it('answers every question as SQLite does', { timeout: 180_000 }, async () => {
  const stores = [await opened(await clickHouse.newStore()), await opened(`${temporaryFolder()}/${DEFAULT_DATA}`)];
  const batches = envelopes(300).map((envelope, i) => batchOf(envelope, Date.now() - 300 + i));
  for (let from = 0; from < batches.length; from += 50) {
    for (const store of stores) await store.write(batches.slice(from, from + 50));
  }
  const now = Date.now();
  const scopes: readonly Scope[] = [
    {},
    { sinceMs: now - 48 * HOUR_MS },
    { sinceMs: now - 90 * HOUR_MS, untilMs: now - 20 * HOUR_MS },
    { app: 'chat', release: '2' },
    { engine: 'gecko', networkType: '4g', sinceMs: now - 72 * HOUR_MS },
  ];
  const questions: readonly ((store: Store, scope: Scope) => Promise<unknown>)[] = [
    async (store, scope) => {
      const { by, ...overview } = await store.overview(scope);
      // Of equals, which comes first is nobody's promise.
      const sorted = Object.entries(by).map(([name, values]) => [
        name,
        [...values].sort((a, b) => (a.value < b.value ? -1 : 1)),
      ]);
      return { ...overview, by: sorted };
    },
    (store, scope) => store.rankCauses(scope),
    (store, scope) => store.readCause('cause-3', scope),
    (store, scope) => store.compareReleases(scope),
    async (store, scope) => (await store.listIncidents({ ...scope, limit: 100 })).incidents,
    async (store, scope) => (await store.listIncidents({ ...scope, limit: 100, search: 'OF CAUSE-2' })).incidents,
    (store) => store.listFirstSeen(0).then((rows) => rows.map((row) => JSON.stringify(row)).sort()),
    (store) => store.facets(),
  ];
  for (const scope of scopes) {
    for (const ask of questions) {
      const [clickHouseSays, sqliteSays] = await Promise.all(stores.map((store) => ask(store, scope)));
      expect(rounded(clickHouseSays), `${JSON.stringify(scope)} ${ask}`).toEqual(rounded(sqliteSays));
    }
  }
});

/** Sums of fractions are not the same in every order. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, part) =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(9)) : part,
  );
}
