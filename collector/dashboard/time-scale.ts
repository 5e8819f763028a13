export interface TimeScale {
  /** Horizontal position of a moment. */
  x(ms: number): number;
  /** `sinceMs` counts from the previous break, or from the beginning. */
  readonly ticks: readonly { readonly x: number; readonly sinceMs: number; readonly isAfterBreak: boolean }[];
  /** Stretches without events that are drawn shorter than they were. */
  readonly breaks: readonly { readonly x: number; readonly width: number; readonly ms: number }[];
}

const TICK_DISTANCE = 90;
const BREAK_WIDTH = 56;
/** A stretch is shortened if it would take more than this share of the picture and is far longer than the others. */
const LONG_SHARE = 0.3;
const LONG_FACTOR = 8;

/** A time axis from 0 to `width` over the given moments; long stretches without events are shortened. */
export function timeScale(momentsMs: readonly number[], width: number): TimeScale {
  const moments = [...new Set([0, ...momentsMs])].filter(Number.isFinite).sort((a, b) => a - b);
  const stretches = moments
    .slice(1)
    .map((endMs, i) => ({ startMs: moments[i] ?? 0, lengthMs: endMs - (moments[i] ?? 0) }));
  const totalMs = Math.max(1, moments.at(-1) ?? 0);
  const lengths = stretches.map(({ lengthMs }) => lengthMs).sort((a, b) => a - b);
  const ordinaryMs = lengths[Math.floor(lengths.length * 0.75)] ?? 0;
  const candidates = stretches.filter(
    ({ lengthMs }) => lengthMs > ordinaryMs * LONG_FACTOR && lengthMs > totalMs * LONG_SHARE,
  );
  const longest = candidates.length > 0 && width > BREAK_WIDTH * 3 ? candidates : [];
  const isLong = (startMs: number) => longest.some((stretch) => stretch.startMs === startMs);
  const linearMs = totalMs - longest.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const pxPerMs = (width - longest.length * BREAK_WIDTH) / Math.max(1, linearMs);

  let x = 0;
  const segments = stretches.map(({ startMs, lengthMs }) => {
    const isBreak = isLong(startMs);
    const segment = { startMs, lengthMs, x, width: isBreak ? BREAK_WIDTH : lengthMs * pxPerMs, isBreak };
    x += segment.width;
    return segment;
  });
  const at = (ms: number) => {
    const segment = segments.findLast(({ startMs }) => startMs <= ms) ?? segments[0];
    if (segment === undefined) return 0;
    const share = segment.lengthMs === 0 ? 0 : (ms - segment.startMs) / segment.lengthMs;
    return segment.x + Math.min(1, Math.max(0, share)) * segment.width;
  };

  const stepMs = niceStepMs(TICK_DISTANCE / pxPerMs);
  const ticks: { x: number; sinceMs: number; isAfterBreak: boolean }[] = [];
  const runs = runsBetweenBreaks(segments);
  for (const { startMs, endMs } of runs) {
    const isAfterBreak = startMs > 0;
    // The label of a break needs the room of the first tick behind it.
    for (let sinceMs = isAfterBreak ? stepMs : 0; startMs + sinceMs <= endMs; sinceMs += stepMs) {
      ticks.push({ x: at(startMs + sinceMs), sinceMs, isAfterBreak });
    }
  }
  return {
    x: at,
    ticks,
    breaks: segments.filter(({ isBreak }) => isBreak).map(({ x, width, lengthMs }) => ({ x, width, ms: lengthMs })),
  };
}

interface Segment {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly isBreak: boolean;
}

function runsBetweenBreaks(segments: readonly Segment[]): { startMs: number; endMs: number }[] {
  const runs: { startMs: number; endMs: number }[] = [];
  segments.forEach(({ startMs, lengthMs, isBreak }, i) => {
    if (isBreak) return;
    const run = runs.at(-1);
    if (run === undefined || segments[i - 1]?.isBreak) runs.push({ startMs, endMs: startMs + lengthMs });
    else run.endMs = startMs + lengthMs;
  });
  return runs;
}

function niceStepMs(wantedMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wantedMs)));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wantedMs) ?? 10) * power;
}
