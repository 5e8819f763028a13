import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { childCollector } from './child-collector.js';
import { sampleEnvelope } from './sample-envelope.js';
import { post, read, startedCollector, temporaryFolder } from './started-collector.js';
import { surviveAKilledCollector } from './survive-a-killed-collector.js';

it('loses and doubles nothing when one of two collectors on one folder is killed', { timeout: 120_000 }, async () => {
  const data = temporaryFolder();
  await surviveAKilledCollector(data, '--data', data);
});

it('makes the database once when several start at the same time', { timeout: 60_000 }, async () => {
  const data = temporaryFolder();
  const children = await Promise.all([1, 2, 3].map(() => childCollector('--port', '0', '--data', data)));
  const urls = await Promise.all(children.map(({ recordsUrl }) => recordsUrl));
  expect([urls.filter((url) => url === undefined), children.map(({ errors }) => errors())]).toEqual([[], ['', '', '']]);
});

it('writes nothing into a database that a newer collector has brought up to date, and leaves its version alone', async () => {
  const data = temporaryFolder();
  const told: string[] = [];
  const collector = await startedCollector({ data, logger: { info() {}, error: (line) => told.push(line) } });
  expect((await post(collector, sampleEnvelope())).status).toBe(200);
  const db = new Database(join(data, 'collector.db'));
  onTestFinished(() => void db.close());
  db.pragma('user_version = 99');
  const refused = await post(collector, sampleEnvelope());
  expect([refused.status, refused.answer.error]).toEqual([
    503,
    expect.stringMatching(
      /^The collector cannot store records right now \(outdated\); nothing in this request was stored\./,
    ),
  ]);
  const { status, body } = await read(collector, '/healthz');
  expect([status, body]).toEqual([
    503,
    {
      status: 'failing',
      reason: 'outdated',
      advice: 'Stop this collector: the newer one accepts what its senders send again.',
    },
  ]);
  expect(told).toEqual([
    expect.stringMatching(
      /^Nothing can be stored: another collector has migrated the database to version 99, and this one supports \d+\./,
    ),
  ]);
  await collector.close();
  const { user_version: version } = db.pragma('user_version', { simple: true }) as { user_version: number };
  expect([version, db.prepare('SELECT COUNT(*) AS n FROM incidents').get()]).toEqual([
    99,
    expect.objectContaining({ n: 1 }),
  ]);
});

it('says of a database that another process is bringing up to date that one is to wait', {
  timeout: 60_000,
}, async () => {
  const data = temporaryFolder();
  const db = new Database(join(data, 'collector.db'));
  onTestFinished(() => void db.close());
  db.exec(readFileSync(new URL('./fixtures/version-4.sql', import.meta.url), 'utf8'));
  db.pragma('journal_mode = WAL');
  db.exec('BEGIN IMMEDIATE');
  const child = await childCollector('--port', '0', '--data', data);
  expect([await child.ended, child.errors()]).toEqual([
    1,
    expect.stringMatching(
      /^Another process has \S+collector\.db open and may be migrating it\. Wait for that process or stop it, /,
    ),
  ]);
  db.exec('ROLLBACK');
  const next = await childCollector('--port', '0', '--data', data);
  expect(await next.recordsUrl).toContain('/v1/records');
});
