import type Database from 'libsql';
import { type ExportedDrop, type ExportedRecord, exportDropLine, exportLine } from '../export-line.js';

const SOURCES = [
  'SELECT id, received_at_ms, context, record, opened_at_ms AS at_ms FROM incidents CROSS JOIN clients ON clients.n = client',
  'SELECT id, received_at_ms, context, record, started_at_ms AS at_ms FROM sessions CROSS JOIN clients ON clients.n = client',
  'SELECT id, received_at_ms, context, record, NULL AS at_ms FROM other_records',
];

/** Each record on one line; then what SDKs dropped. */
export function* exportLines(db: Database.Database): Generator<string> {
  for (const source of SOURCES) {
    for (const row of db.prepare(source).iterate() as Iterable<ExportedRecord>) yield exportLine(row);
  }
  for (const row of db.prepare('SELECT * FROM dropped').iterate() as Iterable<ExportedDrop>) yield exportDropLine(row);
}
