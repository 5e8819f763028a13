import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { sampleEnvelope } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;

/** A data folder as the collector left it when its schema was at version 1. */
function folderOfVersion1(): string {
  const data = temporaryFolder();
  const db = new Database(join(data, 'collector.db'));
  db.exec(readFileSync(new URL('./fixtures/version-1.sql', import.meta.url), 'utf8'));
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

it('brings a database of version 1 to the schema of a new one', async () => {
  const old = folderOfVersion1();
  await openSqliteStore(old).close();
  const fresh = temporaryFolder();
  await openSqliteStore(fresh).close();
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
});

it('keeps every record of version 1 and knows what its contexts said', async () => {
  const store = openSqliteStore(folderOfVersion1());
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

it('takes a new revision of what version 1 stored', async () => {
  const data = folderOfVersion1();
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
