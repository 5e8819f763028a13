import type { Signal, SignalBody } from './signal.js';
import type { Timeline } from './timeline.js';

/** Signals kept at most: the first ones (how it began) and the latest ones; the middle is dropped and counted. */
const MAX_FIRST = 40;
const MAX_LATEST = 120;

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
        droppedSignals += latest.length - MAX_LATEST;
        latest = latest.slice(-MAX_LATEST);
      }
    },
    newAttempt() {
      attempt += 1;
    },
    snapshot: (about) => ({
      schema: 1,
      ...context(),
      ...(about && { about }),
      signals: [...first, ...latest.slice(-MAX_LATEST)],
      droppedSignals: droppedSignals + Math.max(0, latest.length - MAX_LATEST),
    }),
  };
}
