import type { TrendPoint } from '../src/stores/store.js';
import { countOf } from './count-of.js';
import { formatNumber } from './format-number.js';

const HEIGHT = 56;
const WIDTH = 100;

/** Incidents over time as bars; the numbers are in their titles and in the label. */
export function TrendBars({ trend }: { readonly trend: readonly TrendPoint[] }) {
  const most = Math.max(1, ...trend.map(({ incidents }) => incidents));
  const total = trend.reduce((sum, { incidents }) => sum + incidents, 0);
  const step = WIDTH / Math.max(trend.length, 1);
  const firstMs = trend[0]?.atMs ?? Date.now();
  return (
    <figure class="trend">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${countOf(total, 'incident')}, at most ${formatNumber(most)} in one bar`}
      >
        {trend.map(({ atMs, incidents }, i) => {
          const height = incidents === 0 ? 1 : Math.max(3, (incidents / most) * (HEIGHT - 2));
          return (
            <rect
              key={atMs}
              class={incidents === 0 ? 'none' : ''}
              x={i * step + step * 0.1}
              y={HEIGHT - height}
              width={step * 0.8}
              height={height}
            >
              <title>{`${new Date(atMs).toLocaleString()}: ${formatNumber(incidents)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{moment(firstMs)}</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function moment(ms: number): string {
  const isRecent = Date.now() - ms < 30 * 3_600_000;
  return new Date(ms).toLocaleString(
    'en',
    isRecent
      ? { weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false }
      : { month: 'short', day: 'numeric' },
  );
}
