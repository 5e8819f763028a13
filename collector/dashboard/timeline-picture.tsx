import { useMemo, useRef, useState } from 'preact/hooks';
import type { WireDiagnosis, WireSignal } from '../src/ingest/wire-records.js';
import type { Lane } from './describe-signal.js';
import { formatDuration } from './format-duration.js';
import { formatMoment } from './format-moment.js';
import { timeScale } from './time-scale.js';
import { type Mark, timelineMarks } from './timeline-marks.js';
import { useWidth } from './use-width.js';

interface TimelinePictureProps {
  readonly signals: readonly WireSignal[];
  readonly evidence: WireDiagnosis['evidence'];
}

const LANES: readonly Lane[] = ['Attempts', 'Transport', 'Socket', 'Probes', 'Page', 'Other'];
const LANE_HEIGHT = 38;
/** If there is no room next to a lane, its name is above its marks. */
const NAME_HEIGHT = 14;
const SPAN_HEIGHT = 18;
const FLAG_RADIUS = 9;
const TOP = 32;
const AXIS_HEIGHT = 26;
const PAD_RIGHT = 16;
const CHARACTER_WIDTH = 6.6;
const LABEL_INSET = 9;
const NARROW = 560;
const MIN_LABEL_DISTANCE = 62;

/** The timeline as a picture: one lane for each thing that was watched, and numbered flags at the evidence. */
export function TimelinePicture({ signals, evidence }: TimelinePictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [selected, setSelected] = useState<number>();
  const marks = useMemo(() => timelineMarks(signals), [signals]);
  const lanes = LANES.filter((lane) => marks.some((mark) => mark.lane === lane));
  const isNarrow = width < NARROW;
  const left = isNarrow ? 12 : 92;
  const laneHeight = isNarrow ? LANE_HEIGHT + NAME_HEIGHT : LANE_HEIGHT;
  const laneTop = (lane: Lane) => TOP + lanes.indexOf(lane) * laneHeight;
  const height = TOP + lanes.length * laneHeight + AXIS_HEIGHT;
  const scale = useMemo(
    () =>
      timeScale(
        marks.flatMap(({ startMs, endMs }) => [startMs, endMs]),
        Math.max(100, width - left - PAD_RIGHT),
      ),
    [marks, width, left],
  );
  const x = (ms: number) => left + scale.x(ms);
  const isCovered = ({ lane, startMs, endMs, label }: Mark) =>
    label !== undefined &&
    marks.some(
      (other) =>
        other.lane === lane &&
        other.startMs === other.endMs &&
        other.startMs > startMs &&
        other.startMs < endMs &&
        x(other.startMs) < x(startMs) + LABEL_INSET * 2 + label.length * CHARACTER_WIDTH,
    );
  const flags = placeFlags(signals, evidence, x);
  const shown = selected === undefined ? undefined : marks[selected];
  // Left and right follow time, whatever order the marks are drawn in.
  const order = useMemo(
    () =>
      marks
        .map((mark, i) => ({ mark, i }))
        .sort((a, b) => a.mark.startMs - b.mark.startMs || a.i - b.i)
        .map(({ i }) => i),
    [marks],
  );
  const tabStop = selected ?? order[0];

  const select = ({ target }: Event) => {
    const mark = (target as Element).closest<SVGElement>('[data-mark]');
    if (mark !== null) setSelected(Number(mark.dataset.mark));
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = order.indexOf(selected ?? order[0] ?? 0);
    const next =
      event.key === 'Home'
        ? order[0]
        : event.key === 'End'
          ? order.at(-1)
          : step === undefined
            ? undefined
            : order[at + step];
    if (next === undefined) return;
    event.preventDefault();
    frame.current?.querySelector<SVGElement>(`[data-mark="${next}"]`)?.focus();
  };

  return (
    <div class="timeline" ref={frame}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: no HTML element groups the contents of a picture
        <svg
          width={width}
          height={height}
          role="group"
          aria-label="Timeline. Use the arrow keys to move between events. A table with the same content follows."
          onKeyDown={move}
          onFocusIn={select}
          onPointerOver={select}
        >
          {lanes.map((lane, i) => (
            <rect
              key={lane}
              class={`lane ${i % 2 === 0 ? 'even' : ''}`}
              x={0}
              y={laneTop(lane)}
              width={width}
              height={laneHeight}
            />
          ))}
          <g class="axis">
            {scale.ticks.map((tick) => (
              <g key={tick.x} transform={`translate(${left + tick.x} 0)`}>
                <line y1={TOP} y2={height - AXIS_HEIGHT + 4} />
                {!scale.breaks.some((gap) => Math.abs(gap.x + gap.width / 2 - tick.x) < MIN_LABEL_DISTANCE) && (
                  <text y={height - 8} text-anchor={tick.sinceMs === 0 ? 'start' : 'middle'}>
                    {tick.isAfterBreak ? '+' : ''}
                    {tick.sinceMs === 0 ? '0' : formatDuration(tick.sinceMs)}
                  </text>
                )}
              </g>
            ))}
          </g>
          {scale.breaks.map((gap) => (
            <g key={gap.x} class="gap" transform={`translate(${left + gap.x} 0)`}>
              <rect y={TOP} width={gap.width} height={height - TOP - AXIS_HEIGHT} />
              <text x={gap.width / 2} y={height - 8} text-anchor="middle">
                {formatDuration(gap.ms)}
              </text>
            </g>
          ))}
          {lanes.map((lane) => (
            <text key={lane} x={isNarrow ? 4 : 10} y={laneTop(lane) + (isNarrow ? 14 : LANE_HEIGHT / 2 + 4)}>
              {lane}
            </text>
          ))}
          {marks.map((mark, i) => (
            <MarkShape
              key={i}
              mark={mark}
              index={i}
              x={x(mark.startMs)}
              endX={x(mark.endMs)}
              y={laneTop(mark.lane) + laneHeight - LANE_HEIGHT / 2}
              isCovered={isCovered(mark)}
              isSelected={selected === i}
              isTabStop={tabStop === i}
            />
          ))}
          {flags.map((flag) => (
            <g key={flag.number} class="flag">
              <path d={`M${flag.x} ${TOP - 4} L${flag.markX} ${TOP + 3} V${height - AXIS_HEIGHT}`} />
              <circle cx={flag.x} cy={TOP - 4 - FLAG_RADIUS} r={FLAG_RADIUS} />
              <text x={flag.x} y={TOP - FLAG_RADIUS} text-anchor="middle">
                {flag.number}
              </text>
            </g>
          ))}
        </svg>
      )}
      <p class="mark-details">
        {shown === undefined ? (
          <span class="quiet">
            Point at an event, or use the arrow keys, to read it. Numbered flags mark the evidence.
          </span>
        ) : (
          <>
            <span class="mono">{whenText(shown)}</span> <strong>{shown.title}</strong>{' '}
            <span class="quiet">{shown.details}</span>
          </>
        )}
      </p>
    </div>
  );
}

interface MarkShapeProps {
  readonly mark: Mark;
  readonly index: number;
  readonly x: number;
  readonly endX: number;
  readonly y: number;
  /** Another mark lies where its label would be. */
  readonly isCovered: boolean;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
}

function MarkShape({ mark, index, x, endX, y, isCovered, isSelected, isTabStop }: MarkShapeProps) {
  const isSpan = mark.endMs > mark.startMs;
  const spanWidth = Math.max(3, endX - x);
  const label = mark.label ?? (mark.lane === 'Probes' ? mark.title : undefined);
  const tint = mark.transport === undefined ? mark.tone : transportClass(mark.transport);
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: this is only there to be read
    <g
      class={`mark tone-${tint} ${isSelected ? 'selected' : ''}`}
      data-mark={index}
      role="img"
      // In SVG, attribute names are case-sensitive.
      tabindex={isTabStop ? 0 : -1}
      aria-label={`${whenText(mark)}: ${mark.title}. ${mark.details}`}
    >
      {isSpan ? (
        <>
          <rect class="span" x={x} y={y - SPAN_HEIGHT / 2} width={spanWidth} height={SPAN_HEIGHT} rx={4} />
          {label !== undefined && !isCovered && label.length * CHARACTER_WIDTH + 14 < spanWidth && (
            <text x={x + LABEL_INSET} y={y + 4}>
              {label}
            </text>
          )}
        </>
      ) : (
        <PointShape mark={mark} x={x} y={y} />
      )}
      <rect class="touch" x={x - 6} y={y - 14} width={spanWidth + 9} height={28} />
    </g>
  );
}

/** Failures differ in shape too, not only in color. */
function PointShape({ mark, x, y }: { readonly mark: Mark; readonly x: number; readonly y: number }) {
  if (mark.tone === 'bad') return <path class="point" d={`M${x} ${y - 6} l6 6 l-6 6 l-6 -6 z`} />;
  if (mark.tone === 'warn') return <path class="point" d={`M${x} ${y - 6} l6 11 h-12 z`} />;
  return <circle class="point" cx={x} cy={y} r={4.5} />;
}

function placeFlags(
  signals: readonly WireSignal[],
  evidence: TimelinePictureProps['evidence'],
  x: (ms: number) => number,
) {
  const flags = evidence.flatMap(({ signal, at }, i) => {
    const isSeen = signals.some((one) => one.kind === signal && Math.abs(one.at - at) < 1);
    return isSeen ? [{ number: i + 1, markX: x(at) }] : [];
  });
  let nextFreeX = Number.NEGATIVE_INFINITY;
  return flags
    .sort((a, b) => a.markX - b.markX)
    .map((flag) => {
      const flagX = Math.max(flag.markX, nextFreeX);
      nextFreeX = flagX + FLAG_RADIUS * 2 + 3;
      return { ...flag, x: flagX };
    });
}

function whenText({ startMs, endMs }: Mark): string {
  return startMs === endMs ? formatMoment(startMs) : `${formatMoment(startMs)} – ${formatMoment(endMs)}`;
}

function transportClass(transport: string): string {
  return ['polling', 'websocket', 'webtransport'].includes(transport) ? transport : 'neutral';
}
