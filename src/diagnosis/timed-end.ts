import type { EndedConnection } from '../signals/ended-connections.js';
import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { areConnectionsHeld } from './http-waits.js';
import { isEndedByFrame } from './is-bad-frame.js';
import { isCut } from './is-cut.js';
import { type RegularTimes, regularTimes } from './regular-times.js';

/** How a time limit may be related to the end of a connection that was cut. */
export interface TimedEnd {
  readonly signal: SignalOf<'engine-closed'>;
  /**
   * What the limit counts: `idle` the time without traffic, `age` the time since the connection started, `either` if nothing passed that
   * could distinguish the two.
   */
  readonly counts: 'idle' | 'age' | 'either';
  /** Absent for an end that is like no other so far. */
  readonly regular: RegularTimes | undefined;
  /** How many of the connections that ended alike had their packets watched. */
  readonly watched: number;
  /** Each of them ended right after a packet that followed a long silence: that may be what killed them. */
  readonly endsWithPacket: boolean;
}

/** A heartbeat needs this long to arrive and be answered, and for the proxy to notice. */
const BEAT_SLACK_MS = 500;

/** `undefined` if the connection was not cut, or was cut for a reason unrelated to a time limit. */
export function timedEnd(facts: Facts): TimedEnd | undefined {
  const { closing, ended } = facts;
  if (!closing?.hadConnected || !ended || isEndedByFrame(facts)) return undefined;
  const { signal } = closing;
  const present = ended.latest.find(({ at, attempt }) => at === signal.at && attempt === signal.attempt);
  if (!present || !isCut(present)) return undefined;
  // Polls and POSTs that wait for a connection in the browser come too late for the server's heartbeat, always by its interval.
  if (present.transport === 'polling' && areConnectionsHeld(facts))
    return { signal, counts: 'either', regular: undefined, watched: 0, endsWithPacket: false };
  const others = ended.latest.filter((end) => end.at < present.at && end.transport === present.transport && isCut(end));
  const byAge = regularTimes(
    present.transportAgeMs,
    others.map(({ transportAgeMs }) => transportAgeMs),
    ended.count,
  );
  const watchedOthers = present.traffic ? others.filter(({ traffic }) => traffic) : [];
  const byQuiet = regularTimes(
    present.quietMs,
    watchedOthers.map(({ quietMs }) => quietMs),
    ended.count,
  );
  // Traffic that falls silent at a different time each time leads to ages that differ, and to silences that do not.
  if (byQuiet && isAfterSilence(present) && (!byAge || (byQuiet.isSure && !byAge.isSure))) {
    return { signal, counts: 'idle', regular: byQuiet, watched: byQuiet.samples, endsWithPacket: false };
  }
  if (!byAge) return { signal, counts: 'either', regular: undefined, watched: 0, endsWithPacket: false };
  const alike = [...others, present].filter(
    ({ transportAgeMs }) => Math.abs(transportAgeMs - byAge.periodMs) <= Math.max(byAge.spreadMs, 1),
  );
  if (isCycle(alike)) return { signal, counts: 'either', regular: undefined, watched: 0, endsWithPacket: false };
  const watched = alike.filter(({ traffic }) => traffic);
  return {
    signal,
    counts: whatCounts(alike, watched),
    regular: byAge,
    watched: watched.length,
    endsWithPacket: watched.length > 0 && watched.every(isAfterPacket),
  };
}

/** A server that dies of a message does so within this time. */
const AT_ONCE_MS = 1_000;
/**
 * An app that sends the same message some time after each connect makes ends as regular as a limit does, if the message is what ends it.
 */
function isAfterPacket({ quietMs, transportAgeMs, traffic }: EndedConnection): boolean {
  // In a stream of packets, the last one was like the others; one that came after a long silence was not.
  return traffic !== undefined && quietMs < AT_ONCE_MS && traffic.longestQuietMs > transportAgeMs / 2;
}

/** The ages are similar. Whether the silence before the end explains it as well is for the traffic to show. */
function whatCounts(alike: readonly EndedConnection[], watched: readonly EndedConnection[]): TimedEnd['counts'] {
  // The connection had survived a longer silence than the one before the end.
  if (watched.some(({ quietMs, traffic }) => quietMs < (traffic?.longestQuietMs ?? 0))) return 'age';
  if (watched.length > 0) return 'either';
  // Heartbeats had passed: a limit below their interval would have struck before the first one.
  const hadBeaten = ({ transportAgeMs, pingIntervalMs }: EndedConnection) =>
    pingIntervalMs !== undefined && transportAgeMs > pingIntervalMs + BEAT_SLACK_MS;
  return alike.every(hadBeaten) ? 'age' : 'either';
}

/** Ages that differ by less do not show which is more regular: on a busy machine, ends are noticed some tens of milliseconds late. */
const CYCLE_SPREAD_MS = 60;

/**
 * The ends follow a clock of their own, such as a server that restarts once a minute: then the times from end to end are more similar than
 * the ages, which lack the random delay before each reconnection. With a limit for each connection it is the other way round.
 */
function isCycle(alike: readonly EndedConnection[]): boolean {
  if (alike.length < 3) return false;
  const ages = alike.slice(1).map(({ transportAgeMs }) => transportAgeMs);
  const cycles = alike.slice(1).map(({ at }, index) => at - (alike[index]?.at ?? 0));
  return spread(ages) > CYCLE_SPREAD_MS && spread(cycles) < spread(ages) / 2;
}

function spread(times: readonly number[]): number {
  return Math.max(...times) - Math.min(...times);
}

/** Silence, compared with the gaps in its earlier traffic: not just the next one of them. */
function isAfterSilence({ quietMs, traffic }: EndedConnection): boolean {
  return traffic !== undefined && quietMs > 1.5 * traffic.longestQuietMs;
}
