import type { Signal, SignalBody } from './signal.js';
import type { Timeline } from './timeline.js';

/** Signals kept at most: the first ones (how it began) and the latest ones; the middle is dropped and counted. */
const MAX_FIRST = 40;
const MAX_LATEST = 120;
/**
 * Without these the end of a connection cannot be judged: those of the present attempt stay, however long ago it began and whatever
 * the page told since.
 */
const KEPT: readonly string[] = ['handshake', 'engine-opened', 'upgraded', 'connected'];
const MAX_KEPT = 8;

export type TimelineContext = Pick<Timeline, 'runtime' | 'client' | 'target' | 'options'>;

export interface TimelineRecorder {
  /** Milliseconds since the timeline began. */
  at(): number;
  add(body: SignalBody): void;
  newAttempt(): void;
  /** An immutable copy, about one failure where one is given. */
  snapshot(about?: Timeline['about']): Timeline;
}

/**
 * @param monotonicMs a clock that never goes back
 * @param context read anew for every copy: the client's version is only fully known once an engine exists
 */
export function createTimelineRecorder(monotonicMs: () => number, context: () => TimelineContext): TimelineRecorder {
  const startedMs = monotonicMs();
  const first: Signal[] = [];
  let latest: Signal[] = [];
  let attempt = 0;
  let droppedSignals = 0;
  const at = () => Math.round(monotonicMs() - startedMs);
  const trimmed = () => {
    const older = latest.slice(0, -MAX_LATEST);
    const kept = older.filter((signal) => signal.attempt === attempt && KEPT.includes(signal.kind)).slice(-MAX_KEPT);
    return [...kept, ...latest.slice(-MAX_LATEST)];
  };
  return {
    at,
    add(body) {
      const signal = { ...body, at: at(), attempt };
      if (first.length < MAX_FIRST) {
        first.push(signal);
        return;
      }
      latest.push(signal);
      if (latest.length > MAX_LATEST * 2) {
        const before = latest.length;
        latest = trimmed();
        droppedSignals += before - latest.length;
      }
    },
    newAttempt() {
      attempt += 1;
    },
    snapshot: (about) => ({
      schema: 1,
      ...context(),
      ...(about && { about }),
      signals: [...first, ...trimmed()],
      droppedSignals: droppedSignals + latest.length - trimmed().length,
    }),
  };
}
