import { useRef, useState } from 'preact/hooks';
import { formatBucket, formatTick } from './format-time.js';
import { TrendMarkLines } from './trend-mark-lines.js';
import type { TrendMark } from './trend-marks.js';
import { useWidth } from './use-width.js';
import { countScale, type ValueScale } from './value-scale.js';

export interface Series {
  readonly name: string;
  /** One for each moment; undefined if there was nothing to measure. */
  readonly values: readonly (number | undefined)[];
}

interface TrendChartProps {
  /** What is drawn, for readers who cannot see it. */
  readonly label: string;
  /** Start times of the buckets. */
  readonly moments: readonly number[];
  readonly bucketMs: number;
  /** The first one is the main series; bars show only that. */
  readonly series: readonly Series[];
  readonly kind: 'bars' | 'lines';
  readonly tone?: 'bad' | 'good' | 'plain';
  readonly format: (value: number) => string;
  readonly scale?: (values: readonly number[]) => ValueScale;
  readonly height?: number;
  /** Drawn as vertical lines, and announced with the bucket they are in. */
  readonly marks?: readonly TrendMark[];
  /** Narrows the page to a bucket: by a click, or with Enter at the cursor. */
  readonly onPick?: (sinceMs: number, untilMs: number) => void;
}

const TOP = 8;
/** Room above for the names of marks. */
const MARKED_TOP = 20;
const BOTTOM = 20;
const RIGHT = 6;
const MIN_LEFT = 30;
const CHARACTER_WIDTH = 6.8;

/** A chart over time with axes. The pointer or the arrow keys move a cursor, whose values replace the times and are read out by screen readers. */
export function TrendChart({
  label,
  moments,
  bucketMs,
  series,
  kind,
  tone = 'plain',
  format,
  scale = countScale,
  height = 108,
  marks = [],
  onPick,
}: TrendChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [cursor, setCursor] = useState<number>();
  // Not every browser says so in the click event.
  const isTouch = useRef(false);
  const count = moments.length;
  const spanMs = count * bucketMs;
  const given = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const { min, max } = scale(given);
  const middle = (min + max) / 2;
  const ticks = [max, middle, min].map((value) => ({ value, text: format(value) }));
  const left = Math.max(MIN_LEFT, ...ticks.map(({ text }) => text.length * CHARACTER_WIDTH + 8));
  const plotWidth = Math.max(10, width - left - RIGHT);
  const sinceMs = moments[0] ?? 0;
  const bucketOf = ({ atMs }: TrendMark) => Math.floor((atMs - sinceMs) / bucketMs);
  const shownMarks = marks.filter((mark) => bucketOf(mark) >= 0 && bucketOf(mark) < count);
  const top = shownMarks.length > 0 ? MARKED_TOP : TOP;
  const plotHeight = height - top - BOTTOM;
  const step = plotWidth / Math.max(1, count);
  const x = (i: number) => left + (i + 0.5) * step;
  const y = (value: number) => top + plotHeight * (1 - (value - min) / (max - min || 1));

  const markX = ({ atMs }: TrendMark) => left + ((atMs - sinceMs) / spanMs) * plotWidth;
  const at = cursor === undefined ? undefined : Math.min(cursor, count - 1);
  const told = (i: number) =>
    [
      ...shownMarks.filter((mark) => bucketOf(mark) === i).map(({ label }) => `${label} starts`),
      ...series.map(({ name, values }) => {
        const value = values[i];
        return `${series.length > 1 ? `${name} ` : ''}${value === undefined ? 'no data' : format(value)}`;
      }),
    ].join(', ');

  const pick = (i: number | undefined) => {
    const sinceMs = i === undefined ? undefined : moments[i];
    if (sinceMs !== undefined) onPick?.(sinceMs, sinceMs + bucketMs);
  };
  const point = (event: PointerEvent) => {
    isTouch.current = event.pointerType === 'touch';
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined) return;
    setCursor(Math.max(0, Math.min(count - 1, Math.floor((event.clientX - box.left - left) / step))));
  };
  const move = (event: KeyboardEvent) => {
    const from = at ?? count - 1;
    const to = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (event.key === 'Escape') setCursor(undefined);
    if (event.key === 'Enter') pick(at);
    if (to === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(count - 1, to)));
  };
  if (count === 0) return null;
  if (given.length === 0) return <p class="nothing">No measurements.</p>;
  const spoken = at ?? count - 1;
  return (
    <div class={`chart chart-${tone}`}>
      <div
        ref={frame}
        class={`chart-frame ${onPick ? 'pickable' : ''}`}
        role="slider"
        tabIndex={0}
        aria-label={`${label}, over time`}
        {...(onPick && { 'aria-description': 'Press Enter to narrow the page to this time.' })}
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={spoken}
        aria-valuetext={`${formatBucket(moments[spoken] ?? 0, bucketMs)}: ${told(spoken)}`}
        onKeyDown={move}
        onPointerMove={point}
        onPointerDown={point}
        // On a touch screen, pointing is touching: it must be possible to read values without leaving the page.
        onClick={() => !isTouch.current && pick(at)}
        onPointerLeave={() => setCursor(undefined)}
        onFocus={() => setCursor(at ?? count - 1)}
        onBlur={() => setCursor(undefined)}
      >
        {width > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            {ticks.map(({ value, text }) => (
              <g key={value} class="chart-axis">
                <line x1={left} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
                <text x={left - 6} y={y(value) + 4} text-anchor="end">
                  {text}
                </text>
              </g>
            ))}
            <TrendMarkLines
              marks={shownMarks}
              x={markX}
              left={left}
              right={width - RIGHT}
              top={top}
              height={plotHeight}
            />
            {at !== undefined && (
              <rect
                class="chart-cursor"
                x={x(at) - Math.max(step, 2) / 2}
                y={top}
                width={Math.max(step, 2)}
                height={plotHeight}
              />
            )}
            {kind === 'bars'
              ? series[0]?.values.map((value, i) => (
                  <rect
                    key={moments[i]}
                    class={`chart-bar ${i === at ? 'at' : ''}`}
                    x={x(i) - Math.max(1, step * 0.76) / 2}
                    y={Math.min(y(value ?? 0), top + plotHeight - (value ? 2 : 0))}
                    width={Math.max(1, step * 0.76)}
                    height={value ? Math.max(2, y(min) - y(value)) : 0}
                    rx={step > 6 ? 1.5 : 0}
                  />
                ))
              : [...series]
                  .reverse()
                  .map(({ name, values }, i) => (
                    <Line key={name} values={values} order={series.length - i} x={x} y={y} at={at} />
                  ))}
            {(at === undefined ? [0, Math.floor((count - 1) / 2), count - 1] : []).map((i, k) =>
              // The middle one needs room between the others.
              k === 1 && plotWidth < 190 ? null : (
                <text
                  key={k}
                  class="chart-time"
                  x={k === 0 ? left : k === 1 ? x(i) : width - RIGHT}
                  y={height - 5}
                  text-anchor={k === 0 ? 'start' : k === 1 ? 'middle' : 'end'}
                >
                  {formatTick(moments[i] ?? 0, spanMs)}
                </text>
              ),
            )}
          </svg>
        )}
      </div>
      <p class="chart-told" aria-hidden="true">
        {at === undefined ? '' : `${formatBucket(moments[at] ?? 0, bucketMs)}: ${told(at)}`}
      </p>
    </div>
  );
}

interface LineProps {
  readonly values: Series['values'];
  readonly order: number;
  readonly x: (i: number) => number;
  readonly y: (value: number) => number;
  readonly at: number | undefined;
}

/** Interrupted where nothing was measured; a single measurement is a dot. */
function Line({ values, order, x, y, at }: LineProps) {
  let path = '';
  const lone: number[] = [];
  values.forEach((value, i) => {
    if (value === undefined) return;
    const isFirst = values[i - 1] === undefined;
    path += `${isFirst ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    if (isFirst && values[i + 1] === undefined) lone.push(i);
  });
  const marked = at !== undefined && values[at] !== undefined && !lone.includes(at) ? [...lone, at] : lone;
  return (
    <g class={`chart-line chart-line-${order}`}>
      <path d={path} />
      {marked.map((i) => (
        <circle key={i} cx={x(i)} cy={y(values[i] ?? 0)} r={i === at ? 3.5 : 2.5} />
      ))}
    </g>
  );
}
