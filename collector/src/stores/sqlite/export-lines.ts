import type Database from 'libsql';

interface Row {
  readonly id: string;
  readonly received_at_ms: number;
  readonly context: string;
  readonly record: string;
  readonly at_ms: number | null;
}

/** Each record as an envelope of its own on one line, with the `receivedAt` that an import keeps; then what SDKs dropped. */
export function* exportLines(db: Database.Database): Generator<string> {
  for (const [table, time] of [
    ['incidents', 'opened_at_ms'],
    ['sessions', 'started_at_ms'],
    ['other_records', 'NULL'],
  ]) {
    const rows = db.prepare(`SELECT id, received_at_ms, context, record, ${time} AS at_ms FROM ${table}`).iterate();
    for (const row of rows as Iterable<Row>) yield lineOf(row);
  }
  for (const row of db.prepare('SELECT * FROM dropped').iterate() as Iterable<Record<string, string & number>>) {
    const receivedAt = new Date(row.received_at_ms ?? 0).toISOString();
    yield JSON.stringify({
      schema: '1.0',
      receivedAt,
      sdk: { name: 'unknown', version: 'unknown' },
      app: { name: row.app, release: row.release, environment: row.environment },
      session: { id: 'unknown', startedAt: receivedAt, runtime: { kind: 'unknown', engine: 'unknown' } },
      batch: row.batch,
      sentAt: receivedAt,
      dropped: { [String(row.reason)]: row.count },
      records: [],
    });
  }
}

function lineOf({ id, received_at_ms, context, record, at_ms }: Row): string {
  const { openedAt, startedAt } = JSON.parse(record) as { openedAt?: string; startedAt?: string };
  const own = Date.parse(openedAt ?? startedAt ?? '');
  // What a clock that was off was put right by: the import does the same again.
  const correctionMs = at_ms === null || Number.isNaN(own) ? 0 : at_ms - own;
  const head = JSON.stringify({
    schema: '1.0',
    receivedAt: new Date(received_at_ms).toISOString(),
    ...(JSON.parse(context) as object),
    batch: `export-${id}`,
    sentAt: new Date(received_at_ms - correctionMs).toISOString(),
    dropped: {},
  });
  // As it was received, but on one line: within JSON a line break is nothing but space.
  return `${head.slice(0, -1)},"records":[${record.replaceAll(/[\r\n]/g, ' ')}]}`;
}
