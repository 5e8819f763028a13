import type { ComponentChildren } from 'preact';
import type { Overview, Percentiles } from '../src/stores/store.js';
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
  /** The time that it is compared with, in words. */
  readonly before: string;
}

const ms = (value: number | undefined) => (value === undefined ? '–' : formatDuration(value));
const percentile = (name: keyof Percentiles) => (of: { timeToConnectMs: Percentiles }) => of.timeToConnectMs[name];

/** The headline figures, each with its change and its course, and all of them as one table. */
export function Figures({ overview, before }: FiguresProps) {
  const { previous, trend, bucketMs } = overview;
  const against = before;
  const chart = { moments: trend.map(({ atMs }) => atMs), bucketMs };
  const had = previous?.sessions ? previous : undefined;
  const noComparison: ComponentChildren = <span class="change">no sessions in {before}</span>;
  const compared = (change: ComponentChildren) =>
    previous === undefined ? null : had === undefined ? noComparison : change;
  return (
    <section aria-labelledby="figures">
      <h2 id="figures" class="visually-hidden">
        Figures
      </h2>
      <div class="figures">
        <FigureCard
          id="connected"
          name="Connected"
          value={formatShare(overview.connectedShare)}
          change={compared(
            <Change
              now={overview.connectedShare}
              before={had?.connectedShare}
              better="higher"
              unit="points"
              format={formatShare}
              against={against}
            />,
          )}
        >
          <TrendChart
            {...chart}
            label="Share of sessions that connected"
            kind="lines"
            tone="good"
            series={[{ name: 'connected', values: trend.map(({ connectedShare }) => connectedShare) }]}
            format={formatShare}
            scale={shareScale}
          />
        </FigureCard>
        <FigureCard
          id="incidents"
          name="Incidents per 1,000 sessions"
          value={formatRate(perThousand(overview))}
          change={compared(
            <Change
              now={perThousand(overview)}
              before={had && perThousand(had)}
              better="lower"
              format={formatRate}
              against={against}
            />,
          )}
        >
          <TrendChart
            {...chart}
            label="Incidents per 1,000 sessions"
            kind="bars"
            tone="bad"
            series={[{ name: 'incidents per 1,000 sessions', values: trend.map(perThousand) }]}
            format={formatRate}
          />
        </FigureCard>
        <FigureCard
          id="upgraded"
          name="Upgraded to WebSocket"
          value={formatShare(overview.upgradedShare)}
          change={compared(
            <Change
              now={overview.upgradedShare}
              before={had?.upgradedShare}
              better="higher"
              unit="points"
              format={formatShare}
              against={against}
            />,
          )}
        >
          <TrendChart
            {...chart}
            label="Share of sessions that upgraded to WebSocket"
            kind="lines"
            tone="good"
            series={[{ name: 'upgraded', values: trend.map(({ upgradedShare }) => upgradedShare) }]}
            format={formatShare}
            scale={shareScale}
          />
        </FigureCard>
        <FigureCard
          id="time"
          name="Time to connect, p75"
          value={ms(overview.timeToConnectMs.p75)}
          change={compared(
            <Change
              now={overview.timeToConnectMs.p75}
              before={had?.timeToConnectMs.p75}
              better="lower"
              format={formatDuration}
              against={against}
            />,
          )}
          note={(['p50', 'p95'] as const).map((name) => (
            <span key={name} class={`legend legend-${name}`}>
              {name} <strong>{ms(overview.timeToConnectMs[name])}</strong>{' '}
              {had && (
                <Change
                  now={overview.timeToConnectMs[name]}
                  before={had.timeToConnectMs[name]}
                  better="lower"
                  format={formatDuration}
                  against={against}
                />
              )}
            </span>
          ))}
        >
          <TrendChart
            {...chart}
            label="Time to connect"
            kind="lines"
            series={[
              { name: 'p75', values: trend.map(percentile('p75')) },
              { name: 'p50', values: trend.map(percentile('p50')) },
              { name: 'p95', values: trend.map(percentile('p95')) },
            ]}
            format={formatDuration}
          />
        </FigureCard>
        <FigureCard
          id="sessions"
          name="Sessions"
          value={formatNumber(overview.sessions)}
          change={compared(
            <Change
              now={overview.sessions}
              before={had?.sessions}
              better="neither"
              format={formatNumber}
              against={against}
            />,
          )}
        >
          <TrendChart
            {...chart}
            label="Sessions"
            kind="bars"
            series={[{ name: 'sessions', values: trend.map(({ sessions }) => sessions) }]}
            format={formatNumber}
          />
        </FigureCard>
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
      SDKs report {countOf(count, 'record')} that they could not send (
      {Object.entries(dropped)
        .map(([reason, one]) => `${reason} ${formatNumber(one)}`)
        .join(', ')}
      ): the figures lack them.
    </p>
  );
}
