import type { Headline, Overview, Segment } from '../src/stores/store.js';
import { timesItsShare } from './standing-out.js';

/** A handful of sessions that all failed must not dwarf the others. */
export const MIN_SESSIONS = 20;

/** Whether its share of failed sessions, or of those with an incident, exceeds its share of all sessions, and not by chance. */
export function isWorse(segment: Segment, whole: Headline): boolean {
  const among = { sessions: segment.sessions, ofSessions: whole.sessions };
  const failed = (of: Segment | Headline) => of.sessions * (of.failedShare ?? 0);
  return (
    segment.value !== '' &&
    segment.sessions >= MIN_SESSIONS &&
    (timesItsShare({ ...among, hits: failed(segment), ofHits: failed(whole) }) !== undefined ||
      timesItsShare({ ...among, hits: segment.affectedSessions, ofHits: whole.affectedSessions }) !== undefined)
  );
}

/** Names what does worse than the rest. */
export function worseWords(overview: Overview): string {
  const { engineVersion, networkType, release } = overview.by;
  const worse = [...engineVersion, ...networkType, ...release.map((one) => ({ ...one, value: nameOf(one) }))]
    .filter((segment) => isWorse(segment, overview))
    .map(({ value }) => value);
  return worse.length === 0
    ? 'No browser, network or release does worse than the others beyond chance.'
    : `Beyond chance: ${worse.join(', ')}.`;
}

function nameOf({ value }: Segment): string {
  return value === '' ? '' : `release ${value}`;
}
