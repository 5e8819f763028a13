import type { CauseReport } from '../src/stores/store.js';
import { formatNumber } from './format-number.js';
import { formatBucket } from './format-time.js';
import { Scroll } from './scroll.js';
import { TrendChart } from './trend-chart.js';
import type { TrendMark } from './trend-marks.js';

interface CauseCourseProps {
  readonly report: Pick<CauseReport, 'trend' | 'bucketMs'>;
  readonly marks: readonly TrendMark[];
  readonly onPick: ((sinceMs: number, untilMs: number) => void) | undefined;
}

/** The incidents of a cause over time, drawn and as a table. */
export function CauseCourse({ report: { trend, bucketMs }, marks, onPick }: CauseCourseProps) {
  return (
    <section class="card" aria-labelledby="course">
      <div class="card-head">
        <h2 id="course">Incidents over time</h2>
      </div>
      <TrendChart
        label="Incidents"
        kind="bars"
        tone="bad"
        moments={trend.map(({ atMs }) => atMs)}
        bucketMs={bucketMs}
        series={[{ name: 'incidents', values: trend.map(({ incidents }) => incidents) }]}
        format={formatNumber}
        height={170}
        marks={marks}
        {...(onPick && { onPick })}
      />
      <details class="table-toggle">
        <summary>As a table</summary>
        <Scroll label="Incidents over time, as a table">
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Incidents</th>
              </tr>
            </thead>
            <tbody>
              {trend.map(({ atMs, incidents }) => (
                <tr key={atMs}>
                  <th scope="row">{formatBucket(atMs, bucketMs)}</th>
                  <td>{formatNumber(incidents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </section>
  );
}
