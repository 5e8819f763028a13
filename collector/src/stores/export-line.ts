/** A stored record; the names are those of the columns. */
export interface ExportedRecord {
  readonly id: string;
  readonly received_at_ms: number;
  readonly context: string;
  readonly record: string;
  /** When it happened, corrected if the device's clock was off; null for records without such a time. */
  readonly at_ms: number | null;
}

/** Records that SDKs dropped, for one reason; the names are those of the columns. */
export interface ExportedDrop {
  readonly batch: string;
  readonly reason: string;
  readonly count: number;
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  readonly received_at_ms: number;
}

/** A record as an envelope of its own on one line, with the `receivedAt` that an import keeps. */
export function exportLine({ id, received_at_ms, context, record, at_ms }: ExportedRecord): string {
  const { openedAt, startedAt } = JSON.parse(record) as { openedAt?: string; startedAt?: string };
  const own = Date.parse(openedAt ?? startedAt ?? '');
  // The correction for a clock that was off: the import applies the same again.
  const correctionMs = at_ms === null || Number.isNaN(own) ? 0 : at_ms - own;
  const head = JSON.stringify({
    schema: '1.0',
    receivedAt: new Date(received_at_ms).toISOString(),
    ...(JSON.parse(context) as object),
    batch: `export-${id}`,
    sentAt: new Date(received_at_ms - correctionMs).toISOString(),
    dropped: {},
  });
  // As received, but on one line: within JSON, a line break is mere whitespace.
  return `${head.slice(0, -1)},"records":[${record.replaceAll(/[\r\n]/g, ' ')}]}`;
}

/** What SDKs dropped, as an envelope without records. */
export function exportDropLine({
  batch,
  reason,
  count,
  app,
  release,
  environment,
  received_at_ms,
}: ExportedDrop): string {
  const receivedAt = new Date(received_at_ms).toISOString();
  return JSON.stringify({
    schema: '1.0',
    receivedAt,
    sdk: { name: 'unknown', version: 'unknown' },
    app: { name: app, release, environment },
    session: { id: 'unknown', startedAt: receivedAt, runtime: { kind: 'unknown', engine: 'unknown' } },
    batch,
    sentAt: receivedAt,
    dropped: { [reason]: count },
    records: [],
  });
}
