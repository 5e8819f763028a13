import type { Headline, Overview, Segment } from '../src/stores/store.js';
import { timesItsShare } from './standing-out.js';

/** A handful of sessions that all failed must not dwarf the others. */
export const MIN_SESSIONS = 20;

/** More of the sessions that failed, or of those with an incident, than its part of all sessions, and not by chance. */
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

/** Names what goes worse than elsewhere. */
export function worseWords(overview: Overview): string {
  const { engineVersion, networkType, release } = overview.by;
  const worse = [...engineVersion, ...networkType, ...release.map((one) => ({ ...one, value: nameOf(one) }))]
    .filter((segment) => isWorse(segment, overview))
    .map(({ value }) => value);
  return worse.length === 0
    ? 'No browser, network or release does worse than the others by more than chance.'
    : `By more than chance: ${worse.join(', ')}.`;
}

function nameOf({ value }: Segment): string {
  return value === '' ? '' : `release ${value}`;
}
