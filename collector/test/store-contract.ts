import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Envelope } from '../../src/index.js';
import { parseEnvelope } from '../src/ingest/parse-envelope.js';
import { openStore } from '../src/stores/open-store.js';
import type { IncidentQuery, ReceivedBatch, Store } from '../src/stores/store.js';
import { exportTo, importFrom } from '../src/transfer.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

export interface StoreKind {
  /** Where an empty store is: what `openStore` takes. */
  newPlace(): Promise<string>;
  /** Deletes what is older than seven days, at once. */
  expire(place: string): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The batch that the collector makes of an envelope. */
export function batchOf(envelope: object, receivedAtMs = Date.now()): ReceivedBatch {
  const { batch, rejected } = parseEnvelope(JSON.stringify(envelope), receivedAtMs);
  expect(rejected).toEqual([]);
  return batch;
}

/** An incident of a cause with a title of its own. */
export function incidentOf(code: string, overrides = {}) {
  const { diagnosis } = sampleIncident();
  return sampleIncident({ diagnosis: { ...diagnosis, code, title: `Title of ${code}` }, ...overrides });
}

/** A store that is closed when the test ends. */
export async function opened(place: string): Promise<Store> {
  const store = await openStore(place);
  onTestFinished(() => store.close());
  return store;
}

/** What every store must do, with the same answers. */
export function storeContract(kind: () => StoreKind): void {
  const empty = async () => opened(await kind().newPlace());
  const idsOf = async (store: Store, query: Partial<IncidentQuery> = {}) =>
    (await store.listIncidents({ limit: 100, ...query })).incidents.map(({ id }) => id);

  describe('a write', () => {
    it('stores a record once, however often it comes', async () => {
      const store = await empty();
      const batch = batchOf(
        sampleEnvelope({ dropped: { 'queue-full': 4 }, records: [sampleIncident(), sampleSession({ weight: 3 })] }),
      );
      expect(await store.write([batch, batch])).toEqual({
        incidentIds: [batch.incidents[0]?.id],
        sessions: 1,
        others: 0,
      });
      expect(await store.write([batch])).toEqual({ incidentIds: [], sessions: 0, others: 0 });
      expect(await store.overview({})).toMatchObject({ sessions: 3, incidents: 1, dropped: { 'queue-full': 4 } });
    });

    it('keeps the highest revision, in whatever order they come and whatever they say about their time', async () => {
      const store = await empty();
      const { id } = sampleIncident();
      const revision = (number: number, status: 'open' | 'resolved' = 'open') =>
        batchOf(
          sampleEnvelope({
            records: [sampleIncident({ id, revision: number, status, openedAt: ago(number * HOUR_MS) })],
          }),
        );
      const changed = async (...batches: ReceivedBatch[]) => (await store.write(batches)).incidentIds.length;
      expect(await changed(revision(3))).toBe(1);
      expect(await changed(revision(2), revision(1))).toBe(0);
      expect(await changed(revision(4), revision(9, 'resolved'), revision(5))).toBe(1);
      const { incidents } = await store.listIncidents({ limit: 10 });
      expect(incidents).toMatchObject([{ id, revision: 9, status: 'resolved' }]);
      expect((await store.overview({})).incidents).toBe(1);
      // Where the older revisions were, there is nothing left.
      expect(await idsOf(store, { sinceMs: Date.now() - 8 * HOUR_MS })).toEqual([]);
      expect(JSON.parse((await store.readIncident(id))?.record ?? '').revision).toBe(9);
    });

    it('takes a revision whose clock was put right for the same record', async () => {
      const store = await empty();
      const incident = sampleIncident({ openedAt: ago(-400 * DAY_MS), updatedAt: ago(-400 * DAY_MS) });
      await store.write([batchOf(sampleEnvelope({ sentAt: ago(-400 * DAY_MS), records: [incident] }))]);
      await store.write([
        batchOf(sampleEnvelope({ sentAt: ago(-400 * DAY_MS - 90_000), records: [{ ...incident, revision: 2 }] })),
      ]);
      const { incidents } = await store.listIncidents({ limit: 10, sinceMs: Date.now() - HOUR_MS });
      expect(incidents).toMatchObject([{ revision: 2 }]);
    });

    it('counts once what two processes write at the same time', async () => {
      const place = await kind().newPlace();
      const [one, two] = [await opened(place), await opened(place)];
      const batches = Array.from({ length: 20 }, () =>
        batchOf(sampleEnvelope({ dropped: { 'queue-full': 1 }, records: [sampleIncident(), sampleSession()] })),
      );
      const later = batches.map((batch) => ({
        ...batch,
        incidents: batch.incidents.map((incident) => ({ ...incident, revision: 2, status: 'resolved' })),
      }));
      await Promise.all([one.write(batches), two.write(later), one.write(later), two.write(batches)]);
      expect(await one.overview({})).toMatchObject({
        sessions: 20,
        incidents: 20,
        openIncidents: 0,
        dropped: { 'queue-full': 20 },
      });
      expect(new Set(await idsOf(two)).size).toBe(20);
      expect((await two.compareReleases({}))[0]).toMatchObject({ sessions: 20, incidents: 20 });
    });

    it('takes any text and any time', async () => {
      const store = await empty();
      const title = `it's \\ "quoted" %_ \n\t\u0000 ü 🚀 \ud800 {x:String} ?`;
      const { diagnosis } = sampleIncident();
      const odd = sampleIncident({
        revision: Number.MAX_SAFE_INTEGER,
        namespace: title,
        diagnosis: { ...diagnosis, code: "o'neil\\", title },
        openedAt: '0001-01-01T00:00:00Z',
      });
      const late = sampleSession({ startedAt: '9999-12-31T23:59:59Z', weight: 1e6, timeToConnectMs: 1e13 });
      const app = { name: "the 'app'", release: '\\', environment: "');" };
      await store.write([batchOf(sampleEnvelope({ app, records: [odd, late] }))]);
      const { incidents } = await store.listIncidents({
        limit: 10,
        app: app.name,
        release: '\\',
        search: 'IT\'S \\ "',
      });
      expect(incidents[0]?.title).toBe(title.replaceAll('\0', '\ufffd').replaceAll('\ud800', '\ufffd'));
      expect(incidents).toMatchObject([{ code: "o'neil\\", environment: "');", revision: Number.MAX_SAFE_INTEGER }]);
      expect(incidents[0]?.openedAtMs).toBe(Date.parse('0001-01-01T00:00:00Z'));
      expect((await store.overview({})).sessions).toBe(1e6);
      expect((await store.readCause("o'neil\\", {}))?.incidents).toBe(1);
    });

    it('keeps records of kinds that it does not know', async () => {
      const place = await kind().newPlace();
      const store = await opened(place);
      const metric = (revision: number) =>
        batchOf({ ...sampleEnvelope(), schema: '1.7', records: [{ kind: "it's", id: 'm1', revision }] });
      expect(await store.write([metric(2)])).toMatchObject({ others: 1 });
      expect(await store.write([metric(1), metric(2)])).toMatchObject({ others: 0 });
      const lines: string[] = [];
      for await (const line of store.exportLines()) lines.push(line);
      expect(lines.map((line) => JSON.parse(line).records)).toEqual([[{ kind: "it's", id: 'm1', revision: 2 }]]);
    });

    it('can be tried without a record', async () => {
      const store = await empty();
      await store.ping();
      await store.ping();
      expect(await store.sizeBytes()).toBeGreaterThan(0);
      expect((await store.overview({})).empty).toBe(true);
    });
  });

  describe('a question', () => {
    it('about a store without records has an answer', async () => {
      const store = await empty();
      const overview = await store.overview({ sinceMs: Date.now() - HOUR_MS });
      expect(overview.timeToConnectMs).toEqual({});
      expect(overview).toMatchObject({
        empty: true,
        sessions: 0,
        incidents: 0,
        previous: { sessions: 0 },
        by: { engine: [], networkType: [], release: [] },
      });
      expect((await store.overview({})).trend.length).toBeGreaterThan(0);
      expect(await store.rankCauses({})).toEqual([]);
      expect(await store.readCause('none', {})).toBeUndefined();
      expect(await store.readIncident('none')).toBeUndefined();
      expect(await store.readSession('none')).toBeUndefined();
      expect(await store.compareReleases({})).toEqual([]);
      expect(await store.listFirstSeen(0)).toEqual([]);
      expect(await store.listIncidents({ limit: 5 })).toEqual({ incidents: [] });
    });

    it('weighs sessions, and takes times to connect by nearest rank', async () => {
      const store = await empty();
      const { timeToConnectMs: _, timeToUpgradeMs: __, ...failed } = sampleSession({ connected: false });
      const records = [
        sampleSession({ weight: 9, timeToConnectMs: 100 }),
        sampleSession({ weight: 2.5, timeToConnectMs: 300 }),
        sampleSession({ timeToConnectMs: 900, upgradeWanted: false }),
        { ...failed, id: crypto.randomUUID() },
        { ...failed, id: crypto.randomUUID(), failedAttempts: 2, startedAt: ago(30 * HOUR_MS) },
      ];
      await store.write([batchOf({ ...sampleEnvelope(), records })]);
      const { previous, trend, bucketMs, ...overview } = await store.overview({ sinceMs: Date.now() - DAY_MS });
      expect(overview).toMatchObject({ sessions: 13.5, timeToConnectMs: { p50: 100, p75: 300, p95: 900 } });
      expect(overview.connectedShare).toBeCloseTo(12.5 / 13.5);
      expect(overview.upgradedShare).toBeCloseTo(11.5 / 12.5);
      expect(previous).toMatchObject({ sessions: 1, connectedShare: 0, failedShare: 1 });
      expect(previous?.timeToConnectMs).toEqual({});
      expect(trend.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(13.5);
      expect(trend.find(({ sessions }) => sessions === 13.5)).toMatchObject({ timeToConnectMs: { p50: 100 } });
      expect(trend.slice(1).every(({ atMs }, i) => atMs - (trend[i]?.atMs ?? 0) === bucketMs)).toBe(true);
    });

    it('tells sessions that failed from those that were over before', async () => {
      const store = await empty();
      const { timeToConnectMs: _, timeToUpgradeMs: __, ...never } = sampleSession({ connected: false });
      const session = (of: object) => ({ ...never, id: crypto.randomUUID(), ...of });
      const left = session({ ended: 'page', weight: 4 });
      const send = (...records: object[]) => store.write([batchOf({ ...sampleEnvelope(), records })]);
      await send(
        session({ failedAttempts: 1, weight: 2.5 }),
        // A namespace that is refused: the engine opened.
        session({ incidents: 1 }),
        left,
        sampleSession({ failedAttempts: 3, incidents: 1 }),
      );
      const { sessions, connectedShare, failedShare, trend, by } = await store.overview({});
      expect([sessions, connectedShare, failedShare]).toEqual([8.5, 1 / 8.5, 3.5 / 8.5]);
      expect(trend.filter((point) => point.sessions > 0).map((point) => point.failedShare)).toEqual([failedShare]);
      expect(by.release.map((segment) => segment.failedShare)).toEqual([failedShare]);
      await send({ ...left, revision: 2, failedAttempts: 1 });
      expect((await store.overview({})).failedShare).toBeCloseTo(7.5 / 8.5);
      expect((await store.compareReleases({}))[0]?.failedShare).toBeCloseTo(7.5 / 8.5);
    });

    it('is about its scope alone', async () => {
      const store = await empty();
      const session = (engine: 'chromium' | 'gecko', networkType: string) => ({
        ...sampleEnvelope().session,
        id: crypto.randomUUID(),
        runtime: { kind: 'browser', engine, engineVersion: '131', networkType },
      });
      const send = (app: Envelope['app'], from: object, openedAt: string) =>
        store.write([
          batchOf({
            ...sampleEnvelope(),
            app,
            session: from,
            records: [incidentOf('cut', { openedAt }), sampleSession()],
          }),
        ]);
      await send({ name: 'chat', release: '1', environment: 'live' }, session('chromium', 'wifi'), ago(1000));
      await send({ name: 'chat', release: '2', environment: 'live' }, session('gecko', '4g'), ago(1000));
      await send({ name: 'shop', release: '1', environment: 'test' }, session('chromium', '4g'), ago(50 * HOUR_MS));
      const now = Date.now();
      for (const [scope, incidents, sessions] of [
        [{}, 3, 3],
        [{ app: 'chat' }, 2, 2],
        [{ release: '1' }, 2, 2],
        [{ environment: 'test' }, 1, 1],
        [{ engine: 'chromium' }, 2, 2],
        [{ networkType: '4g' }, 2, 2],
        [{ engine: 'chromium', networkType: '4g', app: 'chat' }, 0, 0],
        [{ sinceMs: now - DAY_MS }, 2, 3],
        [{ untilMs: now - DAY_MS }, 1, 0],
        [{ sinceMs: now - 60 * HOUR_MS, untilMs: now - 40 * HOUR_MS }, 1, 0],
      ] as const) {
        const found = await store.overview(scope);
        expect([scope, found.incidents, found.sessions]).toEqual([scope, incidents, sessions]);
        expect(await idsOf(store, scope)).toHaveLength(incidents);
        const [rank] = await store.rankCauses(scope);
        expect(rank?.incidents ?? 0).toBe(incidents);
        const causes = await store.compareReleases(scope);
        expect(causes.reduce((sum, release) => sum + release.incidents, 0)).toBe(incidents);
      }
      const { by } = await store.overview({});
      expect(by.networkType).toEqual([
        { value: '4g', sessions: 2, connectedShare: 1, failedShare: 0, incidents: 2, affectedSessions: 2 },
        { value: 'wifi', sessions: 1, connectedShare: 1, failedShare: 0, incidents: 1, affectedSessions: 1 },
      ]);
      expect(await store.facets()).toEqual({
        apps: ['chat', 'shop'],
        releases: ['1', '2'],
        environments: ['live', 'test'],
        engines: ['chromium', 'gecko'],
        networkTypes: ['4g', 'wifi'],
        codes: ['cut'],
      });
    });

    it('finds text and pages without gaps or repeats', async () => {
      const store = await empty();
      const openedAt = ago(10_000);
      const records = Array.from({ length: 7 }, (_, i) =>
        incidentOf(i === 3 ? 'websocket-blocked' : 'cut', { openedAt, namespace: i === 5 ? '/Admin_100%' : '/' }),
      );
      await store.write([batchOf(sampleEnvelope({ records }))]);
      const pages: number[] = [];
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listIncidents({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        pages.push(page.incidents.length);
        seen.push(...page.incidents.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(pages).toEqual([3, 3, 1]);
      expect(seen.sort()).toEqual(records.map(({ id }) => id).sort());
      expect(await idsOf(store, { search: 'ADMIN_100%' })).toEqual([records[5]?.id]);
      expect(await idsOf(store, { search: 'admin%100' })).toEqual([]);
      expect(await idsOf(store, { search: 'websocket-b' })).toEqual([records[3]?.id]);
      expect(await idsOf(store, { code: 'websocket-blocked', status: 'open' })).toEqual([records[3]?.id]);
      expect(await idsOf(store, { status: 'resolved' })).toEqual([]);
      expect(await idsOf(store, { cursor: "1_') OR 1=1 --" })).toEqual([]);
    });

    it('ranks causes by sessions and tells one with its newest incident', async () => {
      const store = await empty();
      const app = (release: string) => ({ name: 'chat', release, environment: 'live' });
      const at = Date.now();
      await store.write([
        batchOf(
          sampleEnvelope({ app: app('1'), records: Array.from({ length: 5 }, () => incidentOf('cut')) }),
          at - 3000,
        ),
        batchOf(sampleEnvelope({ app: app('2'), records: [incidentOf('blocked', { status: 'resolved' })] }), at - 2000),
        batchOf(
          sampleEnvelope({ app: app('2'), records: [incidentOf('blocked', { openedAt: ago(30 * HOUR_MS) })] }),
          at - 1000,
        ),
      ]);
      const { diagnosis, ...rest } = incidentOf('blocked', { openedAt: ago(10), transport: 'websocket' });
      const newest = { ...rest, diagnosis: { ...diagnosis, title: 'Newer words' } };
      await store.write([batchOf(sampleEnvelope({ app: app('2'), records: [newest] }), at)]);
      const [first, second] = await store.rankCauses({ sinceMs: at - DAY_MS });
      expect(first).toMatchObject({
        code: 'blocked',
        title: 'Newer words',
        sessions: 2,
        previousSessions: 1,
        incidents: 2,
        open: 1,
        confirmed: 2,
        firstRelease: { app: 'chat', release: '2', receivedAtMs: at - 2000 },
      });
      expect(second).toMatchObject({ code: 'cut', sessions: 1, previousSessions: 0, incidents: 5, open: 5 });
      expect(first?.trend.reduce((sum, count) => sum + count, 0)).toBe(2);
      const report = await store.readCause('blocked', {});
      expect(report).toMatchObject({
        incidents: 3,
        sessions: 3,
        firstRelease: { app: 'chat', release: '2', receivedAtMs: at - 2000 },
      });
      expect(JSON.parse(report?.newestRecord ?? '')).toEqual(newest);
      expect(report?.by.transport).toEqual([
        { value: 'polling', incidents: 2, sessions: 2 },
        { value: 'websocket', incidents: 1, sessions: 1 },
      ]);
      expect(report?.trend.reduce((sum, { incidents }) => sum + incidents, 0)).toBe(3);
      const releases = await store.compareReleases({});
      expect(releases).toMatchObject([
        {
          release: '2',
          incidents: 3,
          affectedSessions: 3,
          causes: [{ code: 'blocked', title: 'Newer words', isNew: true }],
        },
        { release: '1', incidents: 5, causes: [{ code: 'cut', sessions: 1, isNew: false }] },
      ]);
      const { releaseStarts } = await store.overview({ app: 'chat', sinceMs: at - DAY_MS });
      expect(releaseStarts).toEqual([{ app: 'chat', release: '2', firstAtMs: at - 2000 }]);
      expect((await store.overview({ release: '2' })).releaseStarts).toEqual(releaseStarts);
      expect((await store.overview({ release: '1' })).releaseStarts).toEqual([]);
      expect((await store.overview({ sinceMs: at - 1500 })).releaseStarts).toEqual([]);
      expect((await store.overview({ untilMs: at - 2000 })).releaseStarts).toEqual([]);
      expect(await store.listFirstSeen(at - 2500)).toEqual([
        { app: 'chat', environment: 'live', release: '2', code: 'blocked', firstReceivedAtMs: at - 2000 },
      ]);
    });

    it('does not tell of what comes behind the end of its scope', async () => {
      const store = await empty();
      const [older, newer] = [incidentOf('cut', { openedAt: ago(3000) }), incidentOf('cut', { openedAt: ago(1000) })];
      await store.write([batchOf(sampleEnvelope({ records: [older, newer] }))]);
      const scope = { sinceMs: Date.now() - HOUR_MS, untilMs: Date.parse(newer.openedAt) };
      expect(await store.rankCauses(scope)).toMatchObject([{ incidents: 1, lastAtMs: Date.parse(older.openedAt) }]);
      expect(JSON.parse((await store.readCause('cut', scope))?.newestRecord ?? '').id).toBe(older.id);
    });

    it('compares no release with what says none', async () => {
      const store = await empty();
      const send = (release: string | undefined, code: string) =>
        store.write([
          batchOf(
            sampleEnvelope({ app: { name: 'chat', ...(release && { release }) }, records: [incidentOf(code)] }),
            Date.now() - (release === undefined ? 5000 : 0),
          ),
        ]);
      await send(undefined, 'cut');
      await send('1', 'cut');
      const releases = await store.compareReleases({});
      expect(releases.map(({ release }) => release)).toEqual(['1']);
      expect(releases[0]?.causes).toMatchObject([{ code: 'cut', isNew: false }]);
    });

    it('tells everything of one session', async () => {
      const store = await empty();
      const envelope = sampleEnvelope({
        records: [incidentOf('second'), incidentOf('first', { openedAt: ago(HOUR_MS) }), sampleSession()],
      });
      await store.write([batchOf(envelope), batchOf(sampleEnvelope())]);
      const session = await store.readSession(envelope.session.id);
      expect(JSON.parse(session?.context ?? '').session).toEqual(envelope.session);
      expect(session?.records.map((record) => JSON.parse(record))).toEqual([envelope.records[2]]);
      expect(session?.incidents.map(({ code }) => code)).toEqual(['first', 'second']);
    });
  });

  describe('a newer answer', () => {
    const answer = (id: string, revision: number, code: string, rejudged?: string) => ({
      id,
      revision,
      code,
      title: `Newer title of ${code}`,
      certainty: 'confirmed',
      severity: 'warning',
      fixedBy: 'proxy',
      ...(rejudged === undefined ? {} : { rejudged }),
    });
    const rejudged = (code: string) => JSON.stringify({ by: '9.9.9', at: ago(0), diagnosis: { code } });

    it('lies beside exactly its revision, and questions go by it', async () => {
      const store = await empty();
      const incident = incidentOf('unclear');
      const batch = batchOf(sampleEnvelope({ records: [incident, incidentOf('other')] }));
      await store.write([batch]);
      expect(await store.rejudging.apply([answer(incident.id, 2, 'clear', rejudged('clear'))])).toBe(0);
      expect(await store.rejudging.apply([answer(incident.id, 1, 'nearly', rejudged('nearly'))])).toBe(1);
      expect(await store.rejudging.apply([answer(incident.id, 1, 'clear', rejudged('clear'))])).toBe(1);
      await store.write([batch]);
      expect((await store.listIncidents({ limit: 9, search: 'NEWER TITLE OF CLEAR' })).incidents).toMatchObject([
        { id: incident.id, revision: 1, code: 'clear', severity: 'warning', fixedBy: 'proxy' },
      ]);
      expect((await store.rankCauses({})).map(({ code }) => code).sort()).toEqual(['clear', 'other']);
      expect((await store.overview({})).incidents).toBe(2);
      const stored = await store.readIncident(incident.id);
      expect([JSON.parse(stored?.record ?? ''), stored?.rejudged]).toEqual([
        incident,
        expect.stringContaining('"code":"clear"'),
      ]);
      expect(JSON.parse((await store.readCause('clear', {}))?.newestRecord ?? '').diagnosis).toEqual({ code: 'clear' });
      expect((await store.facets()).codes).toEqual(['clear', 'nearly', 'other', 'unclear']);

      expect(await store.rejudging.apply([answer(incident.id, 1, 'unclear')])).toBe(1);
      expect((await store.readIncident(incident.id))?.rejudged).toBeUndefined();
      await store.rejudging.apply([answer(incident.id, 1, 'clear', rejudged('clear'))]);
      await store.write([batchOf(sampleEnvelope({ records: [{ ...incident, revision: 2 }] }))]);
      expect((await store.readIncident(incident.id))?.rejudged).toBeUndefined();
      expect((await store.rankCauses({})).map(({ code }) => code).sort()).toEqual(['other', 'unclear']);
    });

    it('is asked for page by page', async () => {
      const store = await empty();
      const records = Array.from({ length: 7 }, (_, i) =>
        incidentOf(i % 2 ? 'odd' : 'even', { openedAt: ago(i === 6 ? 9 * DAY_MS : 1000) }),
      );
      await store.write([batchOf(sampleEnvelope({ records }))]);
      const all = async (selection: object) => {
        const ids: string[] = [];
        for (let after = ''; ; ) {
          const page = await store.rejudging.page({ ...selection, after, limit: 2 });
          ids.push(...page.map(({ id }) => id));
          const last = page.at(-1);
          if (last === undefined) return ids;
          after = last.id;
        }
      };
      expect(await all({})).toEqual(records.map(({ id }) => id).sort());
      expect(await all({ code: 'odd' })).toEqual([1, 3, 5].map((i) => records[i]?.id).sort());
      expect(await all({ code: 'even', sinceMs: Date.now() - DAY_MS })).toEqual(
        [0, 2, 4].map((i) => records[i]?.id).sort(),
      );
      expect((await store.rejudging.page({ limit: 9, code: 'odd' }))[0]).toMatchObject({ revision: 1 });
    });
  });

  it('keeps small texts, the last that was written', async () => {
    const place = await kind().newPlace();
    const store = await opened(place);
    expect(await store.state.read('alerts')).toBeUndefined();
    await store.state.write('alerts', "it's {}");
    await setTimeout(2);
    await store.state.write('alerts', '');
    await store.state.write('other', '1');
    expect([await (await opened(place)).state.read('alerts'), await store.state.read('other')]).toEqual(['', '1']);
  });

  describe('what only one may have', () => {
    const LONG_MS = 600_000;

    it('is whose it was until it is given back or its time is over', async () => {
      const place = await kind().newPlace();
      const [one, two] = [(await opened(place)).state, (await opened(place)).state];
      expect(await one.claim('alerts', 'one', LONG_MS)).toBe(true);
      expect(await two.claim('alerts', 'two', LONG_MS)).toBe(false);
      expect(await two.claim('other', 'two', LONG_MS)).toBe(true);
      expect(await one.claim('alerts', 'one', LONG_MS)).toBe(true);
      await two.release('alerts', 'two');
      expect(await two.claim('alerts', 'two', LONG_MS)).toBe(false);
      await one.release('alerts', 'one');
      expect(await two.claim('alerts', 'two', 1)).toBe(true);
      await setTimeout(5);
      // The other was killed, as far as anybody knows.
      expect(await one.claim('alerts', 'one', LONG_MS)).toBe(true);
      expect(await two.claim('alerts', 'two', LONG_MS)).toBe(false);
      expect(await one.read('alerts')).toBeUndefined();
    });

    it('is given to one of several that ask at the same moment', async () => {
      const place = await kind().newPlace();
      const states = await Promise.all(Array.from({ length: 4 }, async () => (await opened(place)).state));
      for (let round = 0; round < 8; round += 1) {
        const got = await Promise.all(states.map((state, index) => state.claim('alerts', `holder ${index}`, LONG_MS)));
        expect(got.filter((isMine) => isMine)).toHaveLength(1);
        const index = got.indexOf(true);
        await states[index]?.release('alerts', `holder ${index}`);
      }
    });
  });

  it('is carried to another store, once', async () => {
    const [from, to] = [await kind().newPlace(), await kind().newPlace()];
    const store = await opened(from);
    const far = { openedAt: ago(-400 * DAY_MS), updatedAt: ago(-400 * DAY_MS) };
    await store.write([
      batchOf(sampleEnvelope({ dropped: { 'queue-full': 2 }, records: [sampleIncident(), sampleSession()] })),
      batchOf(sampleEnvelope({ sentAt: ago(-400 * DAY_MS), records: [sampleIncident(far)] })),
    ]);
    const file = join(temporaryFolder(), 'records.ndjson.gz');
    expect(await exportTo(file, from)).toBe(4);
    expect(await importFrom(file, to)).toEqual({ records: 3, duplicates: 0, refused: [] });
    expect(await importFrom(file, to)).toEqual({ records: 3, duplicates: 3, refused: [] });
    const other = await opened(to);
    const scope = { sinceMs: Date.now() - DAY_MS };
    expect(await other.listIncidents({ limit: 10 })).toEqual(await store.listIncidents({ limit: 10 }));
    expect(await other.rankCauses(scope)).toEqual(await store.rankCauses(scope));
    expect(await other.listFirstSeen(0)).toEqual(await store.listFirstSeen(0));
    expect((await other.overview(scope)).dropped).toEqual({ 'queue-full': 2 });
  });

  it('deletes what happened, and last came, too long ago', async () => {
    const place = await kind().newPlace();
    const store = await opened(place);
    const days = (number: number) => ({ openedAt: ago(number * DAY_MS), updatedAt: ago(number * DAY_MS) });
    const receivedAt = (number: number) => Date.now() - number * DAY_MS;
    const old = sampleIncident(days(9));
    const cameAgain = sampleIncident(days(9));
    const young = sampleIncident(days(3));
    await store.write([
      batchOf(sampleEnvelope({ sentAt: ago(9 * DAY_MS), dropped: { 'queue-full': 1 }, records: [old] }), receivedAt(9)),
      batchOf(sampleEnvelope({ dropped: { 'too-large': 1 }, records: [cameAgain, young] })),
    ]);
    await kind().expire(place);
    expect((await idsOf(store)).sort()).toEqual([cameAgain.id, young.id].sort());
    expect((await store.overview({})).dropped).toEqual({ 'too-large': 1 });
    // What was new when is not forgotten.
    expect((await store.listFirstSeen(0))[0]?.firstReceivedAtMs).toBeLessThan(receivedAt(8));
  });
}
