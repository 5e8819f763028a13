import type { RecordColumns } from '../record-columns.js';

/** Half a surrogate pair, which JSON can carry and because of which ClickHouse rejects the whole insert, becomes U+FFFD. */
export function wellFormed(row: RecordColumns): RecordColumns {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? replaceHalves(value) : value]),
  );
}

function replaceHalves(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text;
}
