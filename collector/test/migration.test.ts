import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { createAsk } from '../src/stores/sqlite/ask.js';
import type { Counts, CountsKey } from '../src/stores/sqlite/counts.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { createRawCounts } from '../src/stores/sqlite/raw-counts.js';
import { createRollupCounts } from '../src/stores/sqlite/rollup-counts.js';
import { sampleEnvelope } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A data folder as the collector left it when its schema was at this version. */
function folderOfVersion(version: 1 | 2 | 3 | 4): string {
  const data = temporaryFolder();
  const db = new Database(join(data, 'collector.db'));
  db.exec(readFileSync(new URL(`./fixtures/version-${version}.sql`, import.meta.url), 'utf8'));
  db.close();
  return data;
}

function schemaOf(data: string) {
  const db = new Database(join(data, 'collector.db'));
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as {
    name: string;
  }[];
  const columns = tables.map(({ name }) => [
    name,
    (
      db.prepare(`SELECT name, type, "notnull", pk FROM pragma_table_info('${name}') ORDER BY name`).all() as object[]
    ).map((column) => Object.values(column).slice(0, 4)),
  ]);
  const indexes = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    .all()
    .map((row) => (row as { name: string }).name);
  const { user_version: version } = db.pragma('user_version', { simple: true }) as { user_version: number };
  db.close();
  return { columns, indexes, version };
}

it.each([1, 2, 3, 4] as const)('brings a database of version %i to the schema of a new one', async (version) => {
  const old = folderOfVersion(version);
  await openSqliteStore(old).close();
  const fresh = temporaryFolder();
  await openSqliteStore(fresh).close();
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
});

it('keeps every record of version 1 and knows what its contexts said', async () => {
  const store = openSqliteStore(folderOfVersion(1));
  onTestFinished(() => store.close());
  const { incidents } = await store.listIncidents({ limit: 10 });
  expect(incidents.map(({ code, app, engineVersion, networkType }) => [code, app, engineVersion, networkType])).toEqual(
    expect.arrayContaining([
      ['server-went-down', 'shop', '131', 'wifi'],
      ['cors-origin-not-allowed', 'chat-web', '', ''],
      // Its version came as a number, which the wire format does not know.
      ['cors-origin-not-allowed', 'chat-web', '', 'wifi'],
    ]),
  );
  expect(incidents.length).toBe(4);
  const overview = await store.overview({});
  expect(overview).toMatchObject({ sessions: 11, incidents: 4, affectedSessions: 3, dropped: { 'queue-full': 4 } });
  expect(await store.facets()).toMatchObject({
    engines: ['chromium'],
    networkTypes: ['wifi'],
    apps: ['chat-web', 'shop'],
  });
  const seen = await store.listFirstSeen(0);
  expect(seen.map(({ app, code }) => [app, code])).toEqual([
    ['chat-web', 'cors-origin-not-allowed'],
    ['shop', 'server-went-down'],
  ]);
  expect([...store.exportLines()].length).toBe(8);
});

it.each([2, 3] as const)('keeps every record of version %i, and the answers beside them', async (version) => {
  const store = openSqliteStore(folderOfVersion(version));
  onTestFinished(() => store.close());
  const { incidents } = await store.listIncidents({ limit: 10 });
  expect(
    incidents.map(({ app, status, engineVersion, networkType }) => [app, status, engineVersion, networkType]),
  ).toEqual(
    expect.arrayContaining([
      ['chat-web', 'open', '', ''],
      ['shop', 'resolved', '131', 'wifi'],
    ]),
  );
  // Sampled: one of them stands for four.
  expect(await store.overview({})).toMatchObject({ sessions: 5, incidents: 2, dropped: { 'queue-full': 4 } });
  expect([...store.exportLines()].length).toBe(6);
  const codes = (await store.rankCauses({})).map(({ code }) => code).sort();
  expect(codes).toEqual(version === 2 ? ['cors-origin-not-allowed'] : ['cors-origin-not-allowed', 'websocket-blocked']);
  const judged = incidents.find(({ code }) => code === 'websocket-blocked');
  if (version === 3) {
    expect(judged?.title).toBe('A newer answer');
    expect(JSON.parse((await store.readIncident(judged?.id ?? ''))?.rejudged ?? '').by).toBe('0.2.0');
  }
});

it('takes a new revision of what version 1 stored', async () => {
  const data = folderOfVersion(1);
  const collector = await startedCollector({ data });
  const db = new Database(join(data, 'collector.db'));
  onTestFinished(() => void db.close());
  const { record } = db.prepare('SELECT record FROM incidents ORDER BY opened_at_ms LIMIT 1').get() as {
    record: string;
  };
  const newer = { ...JSON.parse(record), revision: 2, failedAttempts: 99 };
  expect((await post(collector, sampleEnvelope({ records: [newer] }))).status).toBe(200);
  const store = openSqliteStore(data);
  onTestFinished(() => store.close());
  expect(JSON.parse((await store.readIncident(newer.id))?.record ?? '{}').failedAttempts).toBe(99);
  expect((await store.overview({ sinceMs: Date.now() + HOUR_MS })).incidents).toBe(0);
});

it('counts anew in a database of version 4 which sessions failed', async () => {
  const data = folderOfVersion(4);
  const store = openSqliteStore(data);
  onTestFinished(() => store.close());
  const { sessions, connectedShare, failedShare } = await store.overview({});
  expect([sessions, connectedShare, failedShare]).toEqual([16.5, 2 / 16.5, 4.5 / 16.5]);
  const db = new Database(join(data, 'collector.db'));
  onTestFinished(() => void db.close());
  const ask = createAsk(db);
  const keys: CountsKey[] = ['all', 'bucket', 'segment'];
  for (const bucketMs of [HOUR_MS, DAY_MS]) {
    for (const fine of [false, true]) {
      const options = { nowMs: Date.now(), bucketMs, fine };
      const failed = (counts: Counts) =>
        keys.map((by) => counts.sessions(by).map((row) => [row.key, row.sessions, row.failed]));
      expect(failed(createRollupCounts(ask, {}, options))).toEqual(failed(createRawCounts(ask, {}, options)));
    }
  }
});
