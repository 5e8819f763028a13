import type { TrendMark } from './trend-marks.js';

interface TrendMarkLinesProps {
  readonly marks: readonly TrendMark[];
  readonly x: (mark: TrendMark) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

const CHARACTER_WIDTH = 6.8;
const GAP = 4;
const TICK_HEIGHT = 12;

/** A vertical line in the trend for each mark, with its name at the top if there is room. */
export function TrendMarkLines({ marks, x, left, right, top, height }: TrendMarkLinesProps) {
  let takenUntil = left;
  return (
    <>
      {marks.map((mark, i) => {
        const at = x(mark);
        const next = marks[i + 1];
        const roomEnds = next === undefined ? right : x(next);
        const width = mark.label.length * CHARACTER_WIDTH + GAP;
        const side = at + width <= roomEnds ? 'start' : at - width >= takenUntil ? 'end' : undefined;
        takenUntil = side === 'start' ? at + width : at;
        return (
          <g key={`${mark.atMs} ${mark.label}`} class="chart-mark">
            <line x1={at} x2={at} y1={top - TICK_HEIGHT} y2={top + height} />
            {side !== undefined && (
              <text x={side === 'start' ? at + GAP : at - GAP} y={top - 4} text-anchor={side}>
                {mark.label}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}
