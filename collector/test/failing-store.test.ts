import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { createStoreHealth } from '../src/server/create-store-health.js';
import type { Store } from '../src/stores/store.js';
import { StoreFailure } from '../src/stores/store-failure.js';
import { cramped } from './child-collector.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { post, read, startedCollector, temporaryFolder } from './started-collector.js';

async function send(url: string, envelope: object) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(envelope) });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), answer: await response.json() };
}

// A full disk without mounts: no file of the process may grow beyond a limit, which the kernel answers with EFBIG as it would with ENOSPC.
it.runIf(process.platform === 'linux')(
  'acknowledges nothing that a full disk does not take, and goes on once there is room',
  async () => {
    const data = temporaryFolder();
    const child = await cramped(512, '--port', '0', '--data', data, '--rate-per-address', '0');
    const url = (await child.recordsUrl) as string;
    const promised: string[] = [];
    let refused: Awaited<ReturnType<typeof send>> | undefined;
    while (refused === undefined) {
      const records = Array.from({ length: 4 }, () => sampleIncident());
      const sent = await send(url, sampleEnvelope({ records }));
      if (sent.status === 200) promised.push(...records.map(({ id }) => id));
      else refused = sent;
    }

    expect(promised.length).toBeGreaterThan(0);
    expect([refused.status, refused.retryAfter]).toEqual([503, '10']);
    expect(refused.answer.error).toMatch(/^The collector cannot store records right now \((disk-full|io-error)\)/);
    const health = await fetch(new URL('/healthz', url));
    expect([health.status, (await health.json()).status]).toEqual([503, 'failing']);
    expect(child.errors()).toMatch(/^Nothing can be stored: .*\(SQLITE_(FULL|IOERR\w*): .*--data/);
    // Reading goes on, and none of what was refused is there.
    const { incidents } = await (await fetch(new URL('/api/overview?period=all', url))).json();
    expect(incidents).toBe(promised.length);

    const raised = spawnSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited']);
    expect(raised.status).toBe(0);
    const late = sampleIncident();
    expect((await send(url, sampleEnvelope({ records: [late] }))).status).toBe(200);
    // The answer of the check before may stand for a second.
    let status = 0;
    while (status !== 200) status = (await fetch(new URL('/healthz', url))).status;
    expect(child.output()).toContain('The store accepts records again.');

    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    const db = new Database(join(data, 'collector.db'));
    onTestFinished(() => void db.close());
    const ids = (db.prepare('SELECT id FROM incidents').all() as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([...promised, late.id].sort());
    expect(db.pragma('integrity_check', { simple: true })).toMatchObject({ integrity_check: 'ok' });
  },
);

it('says that another process holds the database, and stores when it let go', { timeout: 60_000 }, async () => {
  const data = temporaryFolder();
  const errors: string[] = [];
  const collector = await startedCollector({ data, logger: { info() {}, error: (text) => void errors.push(text) } });
  const other = new Database(join(data, 'collector.db'));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  const envelope = sampleEnvelope();
  const refused = await post(collector, envelope);
  expect([refused.status, refused.answer.error]).toEqual([503, expect.stringContaining('(locked)')]);
  expect(errors).toEqual([expect.stringContaining('Stop whatever else has the database open')]);
  other.exec('ROLLBACK');
  expect((await post(collector, envelope)).status).toBe(200);
  expect((await read(collector, '/api/overview')).body.incidents).toBe(1);
});

it('says that the database is damaged instead of storing into it', async () => {
  const data = temporaryFolder();
  const first = await startedCollector({ data });
  await post(first, sampleEnvelope());
  await first.close();
  const path = join(data, 'collector.db');
  const db = new Database(path);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const roots = db.prepare("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'incidents'").all();
  const { page_size: pageSize } = db.pragma('page_size', { simple: true }) as { page_size: number };
  db.close();
  const file = openSync(path, 'r+');
  for (const { rootpage } of roots as { rootpage: number }[]) {
    writeSync(file, Buffer.alloc(pageSize, 0xa5), 0, pageSize, (rootpage - 1) * pageSize);
  }
  closeSync(file);

  const errors: string[] = [];
  const collector = await startedCollector({ data, logger: { info() {}, error: (text) => void errors.push(text) } });
  const refused = await post(collector, sampleEnvelope());
  expect([refused.status, refused.answer.error]).toEqual([503, expect.stringContaining('(corrupt)')]);
  expect(errors).toEqual([expect.stringMatching(/the database is damaged \(SQLITE_CORRUPT.*\.recover/)]);
  expect(await (await fetch(`${collector.url}/healthz`)).json()).toEqual({
    ...{ status: 'failing', reason: 'corrupt' },
    advice: expect.stringContaining('.recover'),
  });
});

it('is well again after a write that works, unless the database is damaged', async () => {
  const store = { ping: async () => {} } as Store;
  const told: string[] = [];
  const logger = { info: (text: string) => void told.push(text), error() {} };
  const health = createStoreHealth({ store, logger, validMs: -1, onFailure() {} });
  health.failed(new StoreFailure('disk-full', 'full'));
  expect([health.failing, await health.check(), health.failing]).toEqual([true, undefined, false]);
  // One page that can be written says nothing about the others.
  const damaged = new StoreFailure('corrupt', 'damaged');
  health.failed(damaged);
  expect([await health.check(), told]).toEqual([damaged, ['The store accepts records again.']]);
});

it('tells a failure once until it is another one, and a write that works does not make a damaged database well', async () => {
  const errors: string[] = [];
  const logger = { info() {}, error: (text: string) => void errors.push(text) };
  const health = createStoreHealth({ store: { ping: async () => {} } as Store, logger, validMs: -1, onFailure() {} });
  onTestFinished(() => health.stop());
  for (const reason of ['disk-full', 'disk-full', 'locked', 'disk-full'] as const)
    health.failed(new StoreFailure(reason, reason));
  expect(errors.map((line) => /stored: (\S+)\./.exec(line)?.[1])).toEqual(['disk-full', 'locked', 'disk-full']);
  health.worked();
  expect(health.failing).toBe(false);
  health.failed(new StoreFailure('corrupt', 'damaged'));
  health.worked();
  expect(health.failing).toBe(true);
});

/** A folder on a file system that may only be read, or nothing where this process may not mount one. */
function readOnlyFolder(): string | undefined {
  const folder = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]).status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', [folder]));
  const db = new Database(join(folder, 'collector.db'));
  db.exec('CREATE TABLE other (a)');
  db.close();
  return spawnSync('mount', ['-o', 'remount,ro', folder]).status === 0 ? folder : undefined;
}

it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('says where it may not write', async ({ skip }) => {
  const data = readOnlyFolder();
  if (data === undefined) return skip('mounting is not allowed here');
  for (const folder of [data, join(data, 'below')]) {
    await expect(startedCollector({ data: folder })).rejects.toThrow(
      `Cannot write to the data folder ${folder} (EROFS). Choose another with --data.`,
    );
  }
});
