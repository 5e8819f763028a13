import type Database from 'libsql';
import { type ExportedDrop, type ExportedRecord, exportDropLine, exportLine } from '../export-line.js';

/** Each record on one line; then what SDKs dropped. */
export function* exportLines(db: Database.Database): Generator<string> {
  for (const [table, time] of [
    ['incidents', 'opened_at_ms'],
    ['sessions', 'started_at_ms'],
    ['other_records', 'NULL'],
  ]) {
    const rows = db.prepare(`SELECT id, received_at_ms, context, record, ${time} AS at_ms FROM ${table}`).iterate();
    for (const row of rows as Iterable<ExportedRecord>) yield exportLine(row);
  }
  for (const row of db.prepare('SELECT * FROM dropped').iterate() as Iterable<ExportedDrop>) yield exportDropLine(row);
}
