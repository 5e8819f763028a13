import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../test/faults/_kit/free-port.js';
import { createAsk } from '../src/stores/sqlite/ask.js';
import type { Counts, CountsKey } from '../src/stores/sqlite/counts.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { createRawCounts } from '../src/stores/sqlite/raw-counts.js';
import { createRollupCounts } from '../src/stores/sqlite/rollup-counts.js';
import { tellMigration } from '../src/tell-migration.js';
import { childCollector } from './child-collector.js';
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

/** As `folderOfVersion(1)`, with so many times its incidents and sessions. */
function largeFolderOfVersion1(times: number): string {
  const data = folderOfVersion(1);
  const db = new Database(join(data, 'collector.db'));
  for (const table of ['incidents', 'sessions']) {
    const names = db.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'id'`).all() as {
      name: string;
    }[];
    const columns = names.map(({ name }) => name).join();
    db.exec(
      `WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < ${times - 1})
        INSERT INTO ${table} (id, ${columns}) SELECT id || '-' || n, ${columns} FROM ${table}, times`,
    );
  }
  db.close();
  return data;
}

function versionIn(data: string): number {
  const db = new Database(join(data, 'collector.db'));
  const { user_version: version } = db.pragma('user_version', { simple: true }) as { user_version: number };
  db.close();
  return version;
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

describe('a migration that takes a while', () => {
  it('says what it does, how far it is and how long it takes, every few seconds', () => {
    const lines: string[] = [];
    let ms = 0;
    const migration = tellMigration({ info: (line) => lines.push(line), error() {} }, () => ms);
    expect(migration.sentence).toBeUndefined();
    migration.onBegin({ from: 4, to: 5 });
    expect(lines[0]).toMatch(
      /^The database is at version 4 and is being migrated to version 5\. Until that is done, no records /,
    );
    for (let rows = 0; rows <= 1_000_000; rows += 1000) {
      migration.onProgress({ rows, ofRows: 1_000_000 });
      expect(migration.sentence).toBe(lines.at(-1));
      ms += 10;
    }
    ms += 10_000;
    migration.onEnd();
    expect(migration.sentence).toBeUndefined();
    expect(lines.slice(1)).toEqual([
      'Migrated 300,000 of 1,000,000 rows to version 5 in 3 seconds; about 7 seconds to go.',
      'Migrated 600,000 of 1,000,000 rows to version 5 in 6 seconds; about 4 seconds to go.',
      'Migrated 900,000 of 1,000,000 rows to version 5 in 9 seconds; about a second to go.',
      'Migrated 1,000,000 of 1,000,000 rows to version 5 in 10 seconds; only counting and writing to disk remain.',
      'The database is now at version 5, after 20 seconds.',
    ]);
  });

  it('answers meanwhile that it does, and takes records after it', async () => {
    const data = largeFolderOfVersion1(2000);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const asked: Promise<Response>[] = [];
    const collector = await startedCollector({
      data,
      port,
      logger: {
        info(line) {
          if (!line.includes('is being migrated to version')) return;
          asked.push(fetch(`${url}/healthz`), fetch(`${url}/v1/records`, { method: 'POST', body: '{}' }));
        },
        error() {},
      },
    });
    const [health, records] = (await Promise.all(asked)) as [Response, Response];
    expect([health.status, await health.json()]).toEqual([
      503,
      {
        status: 'failing',
        reason: 'migrating',
        advice: expect.stringMatching(/^Wait\. The database is at version 1 and is being migrated to version 5\. /),
      },
    ]);
    expect([records.status, records.headers.get('retry-after'), await records.json()]).toEqual([
      503,
      '10',
      {
        error: expect.stringMatching(
          /^The collector is starting, and nothing in this request was stored\. The database is at version 1/,
        ),
      },
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await post(collector, sampleEnvelope())).status).toBe(200);
    const overview = await (await fetch(`${url}/api/overview?period=all`)).json();
    expect(overview).toMatchObject({ incidents: 8001, sessions: 11 * 2000 });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('leaves the database as it was when %s ends it', async (signal) => {
    const data = largeFolderOfVersion1(3000);
    const child = await childCollector('--port', '0', '--data', data);
    child.process.stdout?.once('data', () => child.process.kill(signal));
    expect(await child.ended).toBe(signal === 'SIGKILL' ? signal : 0);
    expect(child.output()).toContain('The database is at version 1 and is being migrated to version 5.');
    expect(child.output()).not.toContain('Send records to');
    expect(versionIn(data)).toBe(1);
    const next = await childCollector('--port', '0', '--data', data);
    const url = (await next.recordsUrl) as string;
    const overview = await (await fetch(new URL('/api/overview?period=all', url))).json();
    expect(overview).toMatchObject({ incidents: 12_000, sessions: 11 * 3000 });
  });
});
