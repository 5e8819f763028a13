import type { Overview } from '../src/stores/store.js';
import { Change } from './change.js';
import { countOf } from './count-of.js';
import { FigureCard } from './figure-card.js';
import { formatDuration } from './format-duration.js';
import { formatNumber, formatRate, formatShare } from './format-number.js';
import { formatBucket } from './format-time.js';
import { perThousand } from './per-thousand.js';
import { Scroll } from './scroll.js';
import { TrendChart } from './trend-chart.js';
import { shareScale } from './value-scale.js';

interface FiguresProps {
  readonly overview: Overview;
  /** The period it is compared with, in words. */
  readonly before: string;
  readonly onPick: ((sinceMs: number, untilMs: number) => void) | undefined;
}

/** What a period and each point of its trend have in common. */
type Measured = Pick<Overview, 'sessions' | 'connectedShare' | 'upgradedShare' | 'timeToConnectMs' | 'incidents'>;

interface Figure {
  readonly id: string;
  readonly name: string;
  of(measured: Measured): number | undefined;
  readonly format: (value: number) => string;
  readonly better: 'higher' | 'lower' | 'neither';
  readonly unit?: 'points';
  readonly chart: {
    readonly label: string;
    readonly kind: 'bars' | 'lines';
    readonly tone?: 'bad' | 'good';
    readonly scale?: typeof shareScale;
  };
  /** Shown and drawn next to it. */
  readonly others?: readonly { readonly name: string; of(measured: Measured): number | undefined }[];
}

const FIGURES: readonly Figure[] = [
  {
    id: 'connected',
    name: 'Connected',
    of: ({ connectedShare }) => connectedShare,
    format: formatShare,
    better: 'higher',
    unit: 'points',
    chart: { label: 'Share of sessions that connected', kind: 'lines', tone: 'good', scale: shareScale },
  },
  {
    id: 'incidents',
    name: 'Incidents per 1,000 sessions',
    of: perThousand,
    format: formatRate,
    better: 'lower',
    chart: { label: 'Incidents per 1,000 sessions', kind: 'bars', tone: 'bad' },
  },
  {
    id: 'upgraded',
    name: 'Upgraded to WebSocket',
    of: ({ upgradedShare }) => upgradedShare,
    format: formatShare,
    better: 'higher',
    unit: 'points',
    chart: { label: 'Share of sessions that upgraded to WebSocket', kind: 'lines', tone: 'good', scale: shareScale },
  },
  {
    id: 'time',
    name: 'Time to connect, p75',
    of: ({ timeToConnectMs }) => timeToConnectMs.p75,
    format: formatDuration,
    better: 'lower',
    chart: { label: 'Time to connect', kind: 'lines' },
    others: [
      { name: 'p50', of: ({ timeToConnectMs }) => timeToConnectMs.p50 },
      { name: 'p95', of: ({ timeToConnectMs }) => timeToConnectMs.p95 },
    ],
  },
  {
    id: 'sessions',
    name: 'Sessions',
    of: ({ sessions }) => sessions,
    format: formatNumber,
    better: 'neither',
    chart: { label: 'Sessions', kind: 'bars' },
  },
];

const ms = (value: number | undefined) => (value === undefined ? '–' : formatDuration(value));

/** The headline figures, each with its change and its chart, and all of them as one table. */
export function Figures({ overview, before, onPick }: FiguresProps) {
  const { previous, trend, bucketMs } = overview;
  const had = previous?.sessions ? previous : undefined;
  return (
    <section aria-labelledby="figures">
      <h2 id="figures" class="visually-hidden">
        Figures
      </h2>
      <div class="figures">
        {FIGURES.map(({ id, name, of, format, better, unit, chart, others = [] }) => {
          const change = (value: Figure['of']) => (
            <Change
              now={value(overview)}
              before={had && value(had)}
              better={better}
              {...(unit && { unit })}
              format={format}
              against={before}
            />
          );
          const told = (value: number | undefined) => (value === undefined ? '–' : format(value));
          return (
            <FigureCard
              key={id}
              id={id}
              name={name}
              value={told(of(overview))}
              change={change(of)}
              {...(others.length > 0 && {
                note: others.map((other) => (
                  <span key={other.name} class={`legend legend-${other.name}`}>
                    {other.name} <strong>{told(other.of(overview))}</strong> {change(other.of)}
                  </span>
                )),
              })}
            >
              <TrendChart
                {...chart}
                moments={trend.map(({ atMs }) => atMs)}
                bucketMs={bucketMs}
                series={[{ name: others.length > 0 ? 'p75' : chart.label, of }, ...others].map((one) => ({
                  name: one.name,
                  values: trend.map(one.of),
                }))}
                format={format}
                height={84}
                {...(onPick && { onPick })}
              />
            </FigureCard>
          );
        })}
      </div>
      <details class="table-toggle">
        <summary>These figures as a table</summary>
        <Scroll label="Figures as a table">
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Sessions</th>
                <th scope="col">Connected</th>
                <th scope="col">Upgraded</th>
                <th scope="col">p50</th>
                <th scope="col">p75</th>
                <th scope="col">p95</th>
                <th scope="col">Incidents</th>
                <th scope="col">per 1,000</th>
              </tr>
            </thead>
            <tbody>
              {trend.map((point) => (
                <tr key={point.atMs}>
                  <th scope="row">{formatBucket(point.atMs, bucketMs)}</th>
                  <td>{formatNumber(point.sessions)}</td>
                  <td>{formatShare(point.connectedShare)}</td>
                  <td>{formatShare(point.upgradedShare)}</td>
                  <td>{ms(point.timeToConnectMs.p50)}</td>
                  <td>{ms(point.timeToConnectMs.p75)}</td>
                  <td>{ms(point.timeToConnectMs.p95)}</td>
                  <td>{formatNumber(point.incidents)}</td>
                  <td>{formatRate(perThousand(point))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
      <Dropped dropped={overview.dropped} />
    </section>
  );
}

function Dropped({ dropped }: Pick<Overview, 'dropped'>) {
  const count = Object.values(dropped).reduce((sum, one) => sum + one, 0);
  if (count === 0) return null;
  return (
    <p class="quiet under">
      SDKs report that they could not send {countOf(count, 'record')} (
      {Object.entries(dropped)
        .map(([reason, one]) => `${reason} ${formatNumber(one)}`)
        .join(', ')}
      ), which are missing from these figures.
    </p>
  );
}
