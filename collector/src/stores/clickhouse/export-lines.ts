import { type ExportedDrop, type ExportedRecord, exportDropLine, exportLine } from '../export-line.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';

/** Each record on one line; then what SDKs dropped. */
export async function* exportLines(connection: ClickHouseConnection): AsyncGenerator<string> {
  for (const [table, time] of [
    ['incidents', 'opened_at_ms'],
    ['sessions', 'started_at_ms'],
    ['other_records', 'NULL'],
  ]) {
    const rows = connection.stream<ExportedRecord>(
      `SELECT id, received_at_ms, context, record, ${time} AS at_ms FROM ${table} FINAL`,
    );
    for await (const row of rows) yield exportLine(row);
  }
  for await (const row of connection.stream<ExportedDrop>('SELECT * FROM dropped FINAL')) yield exportDropLine(row);
}
