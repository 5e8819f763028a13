import type { WireIncident } from '../src/ingest/wire-records.js';
import type { CauseReport } from '../src/stores/store.js';

/** What the read API answers about one cause. */
export interface CauseAnswer {
  readonly report: Omit<CauseReport, 'newestRecord'>;
  readonly newest: WireIncident;
}

/** Address of a cause's page, and behind `/api` of what it shows. */
export function causePath(code: string): string {
  return `/causes/${encodeURIComponent(code)}`;
}
