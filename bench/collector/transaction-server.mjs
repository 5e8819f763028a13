// What one writes first: fastify, JSON.parse and one synced SQLite transaction for each request, ids and texts only.
import { join } from 'node:path';
import { fastify } from 'fastify';
import Database from 'libsql';
import { serveMeasured } from './serve-measured.mjs';

const db = new Database(join(process.argv[2], 'transactions.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(
  'CREATE TABLE records (id TEXT PRIMARY KEY, revision INTEGER, at TEXT, code TEXT, record TEXT); CREATE INDEX records_by_time ON records (at)',
);
const insert = db.prepare(
  'INSERT INTO records VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record WHERE excluded.revision > revision',
);
const writeAll = db.transaction((records) => {
  for (const record of records) {
    insert.run(
      record.id,
      record.revision,
      record.openedAt ?? record.startedAt,
      record.diagnosis?.code ?? '',
      JSON.stringify(record),
    );
  }
});
const app = fastify({ bodyLimit: 1_048_576 });
app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/v1/records', async (request) => {
  const { records } = JSON.parse(request.body);
  writeAll(records);
  return { accepted: records.length, rejected: [] };
});
await app.listen({ port: 0, host: '127.0.0.1' });
serveMeasured(app.server.address().port, () => Object.values(db.prepare('SELECT COUNT(*) FROM records').get())[0]);
