import { appendFileSync, copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { parseEnvelope } from '../src/ingest/parse-envelope.js';
import { openStore } from '../src/stores/open-store.js';
import { exportTo, importFrom } from '../src/transfer.js';
import { childCollector, childCollectorWith } from './child-collector.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, read, startedCollector, temporaryFolder } from './started-collector.js';

const YEAR_MS = 365 * 86_400_000;

function everythingIn(data: string) {
  const db = new Database(join(data, 'collector.db'));
  const all = [
    // Numbers of rows are those of the order in which records came.
    `SELECT incidents.*, codes.code, clients.session_id, context, app, release, environment, engine, network_type
      FROM incidents JOIN codes ON codes.id = incidents.code JOIN clients ON clients.n = client
      JOIN segments ON segments.id = incidents.segment`,
    `SELECT sessions.*, clients.session_id, context, app, release, environment, engine, network_type
      FROM sessions JOIN clients ON clients.n = client JOIN segments ON segments.id = sessions.segment`,
    'SELECT * FROM other_records',
    'SELECT * FROM dropped',
    'SELECT * FROM first_seen',
    'SELECT level, bucket, SUM(sessions) AS id FROM session_rollups GROUP BY 1, 2',
    'SELECT level, bucket, SUM(incidents) AS id, SUM(sessions) FROM incident_rollups GROUP BY 1, 2',
  ].map((sql) => {
    const rows = db.prepare(sql).all() as Record<string, unknown>[];
    return rows
      .map(({ n: _, client: __, session: ___, segment: ____, code: _____, ...row }) => row)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  });
  db.close();
  return all;
}

it('has everything in its database once it has ended, so that no log of another time is added to a copy that is put back', async () => {
  const data = temporaryFolder();
  const fill = async (incidents: number) => {
    const collector = await startedCollector({ data });
    expect((await post(collector, sampleEnvelope())).status).toBe(200);
    expect((await read(collector, '/api/overview?period=all')).body).toMatchObject({ incidents });
    await collector.close();
  };
  await fill(1);
  const backup = temporaryFolder();
  copyFileSync(join(data, 'collector.db'), join(backup, 'collector.db'));
  const before = everythingIn(backup);
  expect(before).toEqual(everythingIn(data));
  expect(before[0]).toHaveLength(1);

  await fill(2);
  copyFileSync(join(backup, 'collector.db'), join(data, 'collector.db'));
  expect(everythingIn(data)).toEqual(before);
});

it('puts the dates right that a clock ahead has given, where receivedAt becomes sentAt between export and import', async () => {
  const { batch } = parseEnvelope(JSON.stringify(sampleEnvelope()), Date.now() + 73 * YEAR_MS);
  const ahead = temporaryFolder();
  const store = await openStore(ahead);
  await store.write([batch]);
  await store.close();
  const file = join(temporaryFolder(), 'records.ndjson');
  await exportTo(file, ahead);
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ receivedAt }) => Date.parse(receivedAt) < Date.now() + YEAR_MS)).toEqual([]);
  writeFileSync(file, lines.map((line) => JSON.stringify({ ...line, receivedAt: line.sentAt })).join('\n'));

  const data = temporaryFolder();
  expect((await importFrom(file, data)).refused).toEqual([]);
  const db = new Database(join(data, 'collector.db'));
  const { openedAt, receivedAt } = db
    .prepare('SELECT opened_at_ms AS openedAt, received_at_ms AS receivedAt FROM incidents')
    .get() as Record<'openedAt' | 'receivedAt', number>;
  db.close();
  expect(Math.max(openedAt, receivedAt)).toBeLessThanOrEqual(Date.now());
  expect(Math.min(openedAt, receivedAt)).toBeGreaterThan(Date.now() - YEAR_MS);
});

async function filledStore(): Promise<string> {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  await post(collector, sampleEnvelope({ dropped: { 'queue-full': 4 }, records: [sampleIncident(), sampleSession()] }));
  const { session } = sampleEnvelope();
  const runtime = { ...session.runtime, engineVersion: '131', networkType: 'wifi' };
  await post(collector, { ...sampleEnvelope(), session: { ...session, runtime }, records: [sampleSession()] });
  const newer = { ...sampleIncident(), status: 'paused' };
  const other = { kind: 'metric', id: 'm1', revision: 1, value: 3 };
  await post(collector, JSON.stringify({ ...sampleEnvelope(), schema: '1.7', records: [newer, other] }, null, 2));
  const wrongClock = { openedAt: ago(-YEAR_MS), updatedAt: ago(-YEAR_MS) };
  await post(collector, sampleEnvelope({ sentAt: ago(-YEAR_MS), records: [sampleIncident(wrongClock)] }));
  await collector.close();
  return data;
}

it.each(['records.ndjson', 'records.ndjson.gz'])('%s brings everything to another store, once', async (name) => {
  const from = await filledStore();
  const to = temporaryFolder();
  const file = join(temporaryFolder(), name);
  expect(await exportTo(file, from)).toBe(7);
  const bytes = readFileSync(file);
  const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).schema)).toEqual(Array(7).fill('1.0'));

  expect(await importFrom(file, to)).toEqual({ records: 6, duplicates: 0, refused: [] });
  const imported = everythingIn(to);
  const flat = (tables: unknown[]) =>
    JSON.parse(JSON.stringify(tables).replaceAll(/\\n */g, ' ').replaceAll(/ +/g, ' '));
  expect(flat(imported)).toEqual(flat(everythingIn(from)));
  expect(await importFrom(file, to)).toEqual({ records: 6, duplicates: 6, refused: [] });
  expect(everythingIn(to)).toEqual(imported);
});

it('names a line that cannot be read and stores the others', async () => {
  const file = join(temporaryFolder(), 'records.ndjson');
  const from = await filledStore();
  await exportTo(file, from);
  appendFileSync(file, 'no JSON\n{"schema":"1.0"}\n');
  const { records, refused } = await importFrom(file, temporaryFolder());
  expect(records).toBe(6);
  expect(refused).toEqual([expect.stringMatching(/^line 8: .*JSON/), expect.stringMatching(/^line 9: /)]);
});

it('says that a packed file ends too early', async () => {
  const file = join(temporaryFolder(), 'records.ndjson.gz');
  await exportTo(file, await filledStore());
  truncateSync(file, readFileSync(file).length - 20);
  const to = temporaryFolder();
  await expect(importFrom(file, to)).rejects.toThrow(
    /could not be read or written to the end \(Z_BUF_ERROR\)\. The \d records before that are stored\.$/,
  );
  expect(everythingIn(to).flat().length).toBeGreaterThan(0);
});

it('makes no database of what cannot be imported', async () => {
  const folder = temporaryFolder();
  const to = join(folder, 'data');
  const missing = join(folder, 'missing.ndjson');
  await expect(importFrom(missing, to)).rejects.toThrow(`${missing} could not be read or written to the end (ENOENT).`);
  await expect(importFrom(folder, to)).rejects.toThrow('(EISDIR)');
  const text = join(folder, 'text.ndjson.gz');
  writeFileSync(text, 'not packed');
  await expect(importFrom(text, to)).rejects.toThrow('(Z_DATA_ERROR)');
  const other = join(folder, 'other.ndjson');
  writeFileSync(other, 'something else\n'.repeat(300));
  const { records, refused } = await importFrom(other, to);
  expect([records, refused.length, refused.at(-1)]).toEqual([0, 101, '… and 200 more lines.']);
  expect(existsSync(to)).toBe(false);
});

it('leaves the file of an earlier export as it was when a later one fails', async () => {
  const file = join(temporaryFolder(), 'records.ndjson');
  const from = await filledStore();
  await exportTo(file, from);
  const before = readFileSync(file, 'utf8');
  const db = new Database(join(from, 'collector.db'));
  db.exec('ALTER TABLE dropped RENAME TO gone');
  db.close();
  await expect(exportTo(file, from)).rejects.toThrow('no such table: dropped');
  expect([readFileSync(file, 'utf8'), existsSync(`${file}.part`)]).toEqual([before, false]);
});

it('goes through a pipe from one store to another', async () => {
  const [from, to] = [await filledStore(), temporaryFolder()];
  const exporting = await childCollector('export', '-', '--data', from);
  const importing = await childCollectorWith(exporting.process.stdout as Readable, 'import', '-', '--data', to);
  expect([await exporting.ended, exporting.errors()]).toEqual([0, 'Exported 7 lines to -\n']);
  expect([await importing.ended, importing.output()]).toEqual([
    0,
    'Imported 6 records, 0 of which were already there\n',
  ]);
});

it('is a command of the program', async () => {
  const data = await filledStore();
  const file = join(temporaryFolder(), 'records.ndjson');
  const exported = await childCollector('export', file, '--data', data);
  expect([await exported.ended, exported.output()]).toEqual([0, `Exported 7 lines to ${file}\n`]);
  const imported = await childCollector('import', file, '--data', data);
  expect([await imported.ended, imported.output()]).toEqual([0, 'Imported 6 records, 6 of which were already there\n']);
  writeFileSync(file, '7\n');
  const bad = await childCollector('import', file, '--data', data);
  expect([await bad.ended, bad.errors()]).toEqual([1, 'line 1: The body must be an envelope, a JSON object.\n']);
  const nothing = await childCollector('export');
  expect([await nothing.ended, nothing.errors()]).toEqual([
    1,
    'export takes one file such as records.ndjson.gz, or - for a pipe.\n',
  ]);
});
