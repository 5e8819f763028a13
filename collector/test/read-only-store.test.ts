import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { io } from 'socket.io-client';
import { expect, it, onTestFinished } from 'vitest';
import { withDiagnostics } from '../../src/index.node.js';
import { type ChildCollector, childCollector } from './child-collector.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

const isRoot = process.getuid?.() === 0;
const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** Takes the right to write from everybody, root too, to whom permissions are nothing; false where that cannot be done here. */
function setReadOnly(path: string, isReadOnly: boolean): boolean {
  if (isRoot) return runs('chattr', isReadOnly ? '+i' : '-i', path);
  chmodSync(path, (statSync(path).mode & 0o777 & ~0o222) | (isReadOnly ? 0 : 0o200));
  return true;
}

function sender(url: string) {
  const promised: string[] = [];
  return {
    promised,
    async send() {
      const incident = sampleIncident();
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(sampleEnvelope({ records: [incident] })),
      });
      if (response.status === 200) promised.push(incident.id);
      return { status: response.status, retryAfter: response.headers.get('retry-after'), ...(await response.json()) };
    },
  };
}

async function healthOf(url: string) {
  const response = await fetch(new URL('/healthz', url));
  return { code: response.status, ...(await response.json()) };
}

function idsIn(data: string): string[] {
  const db = new Database(join(data, 'collector.db'));
  try {
    return (db.prepare('SELECT id FROM incidents').all() as { id: string }[]).map(({ id }) => id).sort();
  } finally {
    db.close();
  }
}

async function ended(child: ChildCollector) {
  child.process.kill('SIGTERM');
  return child.ended;
}

it.for(['collector.db', 'collector.db-wal', 'collector.db-shm', '.'])(
  'acknowledges nothing while %s may only be read, says what to do, and goes on once it may be written again',
  async (name, { skip }) => {
    const data = temporaryFolder();
    const child = await childCollector('--port', '0', '--data', data);
    const url = (await child.recordsUrl) as string;
    const { promised, send } = sender(url);
    expect((await send()).status).toBe(200);
    const path = join(data, name);
    onTestFinished(() => void setReadOnly(path, false));
    if (!setReadOnly(path, true)) return skip('chattr does not work here');

    const refused = await send();
    expect([refused.status, refused.retryAfter, refused.error]).toEqual([
      503,
      '10',
      expect.stringContaining('(read-only); nothing in this request was stored'),
    ]);
    await expect
      .poll(child.errors)
      .toMatch(/^Nothing can be stored: \S+ is read-only \((EPERM|EACCES)\)\. .* writable for this process/);
    expect(await healthOf(url)).toMatchObject({
      ...{ code: 503, status: 'failing', reason: 'read-only' },
      advice: expect.stringContaining('Make the --data folder and the files in it writable for this process again'),
    });
    const overview = await (await fetch(new URL('/api/overview', url))).json();
    expect(overview.incidents).toBe(1);

    setReadOnly(path, false);
    expect((await send()).status).toBe(200);
    expect((await healthOf(url)).code).toBe(200);
    await expect.poll(child.output).toContain('The store accepts records again.');
    expect(await ended(child)).toBe(0);
    expect(idsIn(data)).toEqual([...promised].sort());
  },
);

it('tells of a recovery that nobody asked about, and gets what a client kept meanwhile', async ({ skip }) => {
  const data = temporaryFolder();
  const child = await childCollector('--port', '0', '--data', data);
  const url = (await child.recordsUrl) as string;
  const path = join(data, 'collector.db');
  onTestFinished(() => void setReadOnly(path, false));
  if (!setReadOnly(path, true)) return skip('chattr does not work here');

  const socket = withDiagnostics(io('http://127.0.0.1:9', { reconnection: false, autoConnect: false }), {
    app: { name: 'kept' },
    collector: url,
  });
  onTestFinished(() => {
    socket.diagnostics.dispose();
    socket.close();
  });
  const diagnosed = new Promise((resolve) => socket.diagnostics.on('diagnosis', resolve));
  socket.connect();
  await diagnosed;
  await expect.poll(() => child.errors(), { timeout: 20_000 }).toContain('Nothing can be stored');
  setReadOnly(path, false);
  await expect.poll(() => child.output(), { timeout: 20_000 }).toContain('The store accepts records again.');
  const kept = async () => (await (await fetch(new URL('/api/incidents?app=kept', url))).json()).incidents.length;
  await expect.poll(kept, { timeout: 30_000 }).toBe(1);
});

it('closes nothing that would end it while the disk may only be read', async () => {
  const data = temporaryFolder();
  const child = await childCollector('--port', '0', '--data', data);
  const { promised, send } = sender((await child.recordsUrl) as string);
  await send();
  const paths = ['collector.db', 'collector.db-wal', 'collector.db-shm'].map((name) => join(data, name));
  onTestFinished(() => paths.forEach((path) => void setReadOnly(path, false)));
  for (const path of paths) setReadOnly(path, true);
  expect(await ended(child)).toBe(0);
  for (const path of paths) setReadOnly(path, false);
  expect(idsIn(data)).toEqual(promised);
});

/** A disk of its own, which can break as disks do; undefined where this process may not have one. */
function ownDisk(): { readonly folder: string; breakDown(): void; repair(): void } | undefined {
  const folder = temporaryFolder();
  const image = join(folder, 'image');
  const disk = join(folder, 'disk');
  writeFileSync(image, '');
  truncateSync(image, 48 * 1024 * 1024);
  mkdirSync(disk);
  const mount = () => runs('mount', '-o', 'loop', image, disk);
  if (!runs('mkfs.ext4', '-q', '-F', image) || !mount()) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', disk]));
  return {
    folder: disk,
    // What ext4 does by itself after an error of the disk.
    breakDown: () => expect(runs('mount', '-o', 'remount,abort', disk)).toBe(true),
    repair() {
      spawnSync('umount', [disk]);
      spawnSync('e2fsck', ['-fy', image]);
      expect(mount()).toBe(true);
    },
  };
}

it.runIf(process.platform === 'linux' && isRoot)(
  'has what it acknowledged under load until a file system went read-only by itself',
  async ({ skip }) => {
    const disk = ownDisk();
    if (disk === undefined) return skip('a disk of its own is not allowed here');
    const data = join(disk.folder, 'data');
    const child = await childCollector('--port', '0', '--data', data, '--rate-per-address', '0');
    const url = (await child.recordsUrl) as string;
    const { promised, send } = sender(url);
    const refused: string[] = [];
    let isBroken = false;
    const sendUntilRefused = async () => {
      for (;;) {
        const { status, error } = await send();
        if (status !== 200) {
          refused.push(error);
          return;
        }
        if (promised.length >= 100 && !isBroken) {
          isBroken = true;
          disk.breakDown();
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, sendUntilRefused));
    expect(refused.length).toBe(8);
    expect(await healthOf(url)).toMatchObject({ code: 503, status: 'failing' });
    expect(await ended(child)).toBe(0);

    disk.repair();
    const again = await childCollector('--port', '0', '--data', data);
    await again.recordsUrl;
    expect(await ended(again)).toBe(0);
    expect(idsIn(data)).toEqual(expect.arrayContaining(promised));
  },
);

it.each([
  ['its folder is moved away', (data: string) => renameSync(data, `${data}-away`), /was removed while it was open/],
  ['its database is removed', (data: string) => rmSync(join(data, 'collector.db')), /was removed while it was open/],
  ['its log is removed', (data: string) => rmSync(join(data, 'collector.db-wal')), /was removed while it was open/],
  [
    'a backup is put in its place',
    (data: string) => {
      writeFileSync(join(data, 'backup'), '');
      renameSync(join(data, 'backup'), join(data, 'collector.db'));
    },
    /was replaced while it was open/,
  ],
])('acknowledges nothing that nobody would find again when %s', async (_, move, said) => {
  const data = join(temporaryFolder(), 'data');
  const child = await childCollector('--port', '0', '--data', data);
  const url = (await child.recordsUrl) as string;
  const { send } = sender(url);
  expect((await send()).status).toBe(200);
  move(data);
  expect(await send()).toMatchObject({ status: 503, error: expect.stringContaining('(moved)') });
  await expect.poll(child.errors).toMatch(said);
  expect(await healthOf(url)).toMatchObject({
    code: 503,
    reason: 'moved',
    advice: expect.stringMatching(/restart the collector/),
  });
  expect(await ended(child)).toBe(0);
});

it('goes on when a folder that was moved away is back', async () => {
  const data = join(temporaryFolder(), 'data');
  const child = await childCollector('--port', '0', '--data', data);
  const { promised, send } = sender((await child.recordsUrl) as string);
  await send();
  renameSync(data, `${data}-away`);
  expect((await send()).status).toBe(503);
  renameSync(`${data}-away`, data);
  expect((await send()).status).toBe(200);
  expect(await ended(child)).toBe(0);
  expect(idsIn(data)).toEqual([...promised].sort());
});
