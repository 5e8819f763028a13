import type { EndedConnections } from '../signals/ended-connections.js';
import { isCut } from './is-cut.js';

/** Cuts after which the traffic of the next connection is watched: two may have a rhythm. */
const WATCH_AFTER = 2;
/** Connections watched among those that are remembered: more would cost more and tell no more. */
const MAX_WATCHED = 6;

/** Whether the next connection should have its traffic watched, because earlier ones were cut and it is not known when they were idle. */
export function isWorthWatching(ended: EndedConnections | undefined): boolean {
  const cuts = ended?.latest.filter(isCut) ?? [];
  return cuts.length >= WATCH_AFTER && cuts.filter(({ traffic }) => traffic).length < MAX_WATCHED;
}
