import type { WireIncident } from '../src/ingest/wire-records.js';
import type { CauseReport } from '../src/stores/store.js';

/** What the read API returns about one cause. */
export interface CauseAnswer {
  readonly report: Omit<CauseReport, 'newestRecord'>;
  readonly newest: WireIncident;
}

/** Path of a cause's page and, below `/api`, of its data. */
export function causePath(code: string): string {
  return `/causes/${encodeURIComponent(code)}`;
}
