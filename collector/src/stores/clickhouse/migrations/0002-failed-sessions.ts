import { type ClickHouseLayout, localTable } from '../create-table.js';

/** For existing rows it is derived from their records; written out once, so that no query reads the records. */
const FAILED = `failed UInt8 DEFAULT connected = 0
  AND JSONExtractUInt(record, 'failedAttempts') + JSONExtractUInt(record, 'incidents') > 0 AFTER connected`;

/** Distinguishes sessions that could not connect from those that were over before an attempt had ended. */
export function failedSessions(layout: ClickHouseLayout): readonly string[] {
  const onCluster = layout.cluster === undefined ? '' : ` ON CLUSTER '${layout.cluster}'`;
  const local = localTable(layout, 'sessions');
  const tables = [...new Set([local, 'sessions'])];
  return [
    ...tables.map((table) => `ALTER TABLE ${table}${onCluster} ADD COLUMN IF NOT EXISTS ${FAILED}`),
    `ALTER TABLE ${local}${onCluster} MATERIALIZE COLUMN failed`,
  ];
}
