import type { EndedConnections } from '../signals/ended-connections.js';
import { isCut } from './is-cut.js';

/** Number of cuts after which the traffic of the next connection is watched: two may have a rhythm. */
const WATCH_AFTER = 2;
/** Number of connections watched among those that are remembered: more would cost more and reveal no more. */
const MAX_WATCHED = 6;

/** Whether to watch the traffic of the next connection, because earlier ones were cut and it is unknown when they were idle. */
export function isWorthWatching(ended: EndedConnections | undefined): boolean {
  const cuts = ended?.latest.filter(isCut) ?? [];
  return cuts.length >= WATCH_AFTER && cuts.filter(({ traffic }) => traffic).length < MAX_WATCHED;
}
