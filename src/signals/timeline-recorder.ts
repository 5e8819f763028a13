import { createEndedConnections, type EndedConnection } from './ended-connections.js';
import type { Signal, SignalBody } from './signal.js';
import type { Timeline } from './timeline.js';

/** Maximum number of signals kept: the first ones (how it began) and the latest ones; the middle is dropped and counted. */
const MAX_FIRST = 40;
const MAX_LATEST = 120;
/**
 * Without these, a failure cannot be judged. Those of the current attempt stay, and those of the last connection that had served a socket
 * and ended: an outage of a day is still about how that one ended, and so is the moment when hundreds of namespaces are back.
 */
const KEPT: readonly string[] = [
  'attempt-started',
  'engine-failed',
  'handshake',
  'engine-opened',
  'upgraded',
  'connected',
];
const KEPT_AT_END: readonly string[] = [...KEPT, 'engine-closed', 'websocket-closed', 'disconnected'];

export type TimelineContext = Pick<Timeline, 'runtime' | 'client' | 'target' | 'options'>;

export interface TimelineRecorder {
  /** Milliseconds since the timeline began. */
  at(): number;
  /** Returns the signal as it was kept. */
  add(body: SignalBody): Signal;
  newAttempt(): void;
  /** How connections ended so far. */
  ended(): Timeline['ended'];
  /** An immutable copy, about one failure if one is given. */
  snapshot(about?: Timeline['about']): Timeline;
}

/**
 * @param monotonicMs a clock that never goes back
 * @param context read again for every copy: the client's version is only fully known once an engine exists
 * @param earlier how connections of earlier page loads ended
 */
export function createTimelineRecorder(
  monotonicMs: () => number,
  context: () => TimelineContext,
  earlier: readonly EndedConnection[] = [],
): TimelineRecorder {
  const startedMs = monotonicMs();
  const first: Signal[] = [];
  const ends = createEndedConnections(earlier);
  let latest: Signal[] = [];
  let attempt = 0;
  let servedAttempt = 0;
  let endedAttempt = 0;
  let droppedSignals = 0;
  const at = () => Math.round(monotonicMs() - startedMs);
  const trimmed = () => {
    if (latest.length <= MAX_LATEST) return latest;
    const older = latest.slice(0, -MAX_LATEST);
    const lastServed = servedAttempt === attempt ? endedAttempt : servedAttempt;
    // Every namespace of a connection says the same: the last one is enough, like the last result of each probe.
    const roleOf = (signal: Signal) => {
      if (signal.kind === 'probe') return signal.name;
      const kinds = signal.attempt === attempt ? KEPT : signal.attempt === lastServed ? KEPT_AT_END : [];
      return kinds.includes(signal.kind) && signal.attempt + signal.kind;
    };
    const last = new Map(older.map((signal) => [roleOf(signal), signal]));
    last.delete(false);
    const kept = new Set(last.values());
    return [...older.filter((signal) => kept.has(signal)), ...latest.slice(-MAX_LATEST)];
  };
  return {
    at,
    add(body) {
      const signal = { ...body, at: at(), attempt };
      ends.see(signal);
      if (signal.kind === 'connected') servedAttempt = attempt;
      if (signal.kind === 'engine-closed' && servedAttempt === attempt) endedAttempt = attempt;
      // A hidden page whose timers are throttled stands still once a minute: the last time says as much as all of them.
      const list = latest.length > 0 ? latest : first;
      const previous = list[list.length - 1];
      if (signal.kind === 'timer-gap' && previous?.kind === 'timer-gap' && signal.gapMs >= previous.gapMs) {
        list.pop();
        droppedSignals += 1;
      }
      if (latest.length === 0 && first.length < MAX_FIRST) {
        first.push(signal);
        return signal;
      }
      latest.push(signal);
      if (latest.length > MAX_LATEST * 2) {
        const before = latest.length;
        latest = trimmed();
        droppedSignals += before - latest.length;
      }
      return signal;
    },
    newAttempt() {
      attempt += 1;
    },
    ended: () => ends.snapshot(),
    snapshot(about) {
      const kept = trimmed();
      const ended = ends.snapshot();
      return {
        schema: 1,
        ...context(),
        ...(about && { about }),
        signals: [...first, ...kept],
        droppedSignals: droppedSignals + latest.length - kept.length,
        ...(ended && { ended }),
      };
    },
  };
}
