import type { CauseReport } from '../src/stores/store.js';
import { formatMinute } from './format-time.js';

/** When a cause started; if it was already there in the previous period, that is all that is known here. */
export function sinceWhen({
  previousSessions,
  firstAtMs,
  trend,
}: Pick<CauseReport, 'previousSessions' | 'firstAtMs' | 'trend'>): string {
  return previousSessions ? `before ${formatMinute(trend[0]?.atMs ?? firstAtMs)}` : formatMinute(firstAtMs);
}
