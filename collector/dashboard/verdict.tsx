import type { CauseRank, Overview } from '../src/stores/store.js';
import { Change } from './change.js';
import { countOf } from './count-of.js';
import { keepsOut } from './effect-of.js';
import { formatNumber, formatShare } from './format-number.js';
import { LeadingCause } from './leading-cause.js';
import { outcomesOf } from './outcomes-of.js';
import type { PeriodWords } from './period-words.js';
import { TrendChart } from './trend-chart.js';
import { releaseMarks } from './trend-marks.js';

interface VerdictProps {
  readonly overview: Overview;
  readonly causes: readonly CauseRank[];
  readonly words: PeriodWords;
  readonly query: URLSearchParams;
  readonly onPick: ((sinceMs: number, untilMs: number) => void) | undefined;
}

/** The answer before all figures: how many cannot connect, since when and, for the cause that affects most, where and what to change. */
export function Verdict({ overview, causes, words, query, onPick }: VerdictProps) {
  const { sessions, failedShare, previous, trend, bucketMs } = overview;
  const { failed, over } = outcomesOf(overview);
  // While some cannot connect at all, what prevents that matters more than what merely slows others down.
  const leading = (failed > 0 ? causes.find(({ phase }) => keepsOut(phase)) : undefined) ?? causes[0];
  const all = countOf(sessions, 'session');
  const overSentence = `${countOf(over, 'session')} (${formatShare(over / sessions)}) ${over === 1 ? 'was' : 'were'} over before they connected or anything failed`;
  // The count above then says little: a server that hangs makes people leave, and nothing fails.
  const isMostOver = over > sessions / 2;
  return (
    <section class="card verdict" aria-labelledby="verdict">
      <div class="verdict-count">
        <h1 id="verdict">
          {sessions === 0 ? (
            'No session records'
          ) : failed > 0 ? (
            <>
              <strong>{formatNumber(failed)}</strong> of {all} could not connect
            </>
          ) : over > 0 ? (
            `None of ${all} failed to connect`
          ) : sessions === 1 ? (
            'The only session connected'
          ) : (
            `All ${all} connected`
          )}
        </h1>
        <p class="verdict-share">
          {failed > 0 && <span class="verdict-part">{formatShare(failedShare)}</span>} {words.during}{' '}
          {failed > 0 && (
            <Change
              now={failedShare}
              before={previous?.sessions ? previous.failedShare : undefined}
              better="lower"
              unit="points"
              format={formatShare}
              against={words.before}
            />
          )}
          {previous?.sessions === 0 && ` (no data from ${words.before} to compare with)`}
        </p>
        {failed > 0 && (
          <TrendChart
            label="Sessions that could not connect"
            kind="bars"
            tone="bad"
            moments={trend.map(({ atMs }) => atMs)}
            bucketMs={bucketMs}
            series={[{ name: 'could not connect', values: trend.map((point) => outcomesOf(point).failed) }]}
            format={formatNumber}
            height={112}
            marks={releaseMarks(overview)}
            {...(onPick && { onPick })}
          />
        )}
        <p class="quiet under">
          {countOf(overview.incidents, 'incident')} in {countOf(overview.affectedSessions, 'session')},{' '}
          {formatNumber(overview.openIncidents)} open
          {over > 0 && !isMostOver && `. ${overSentence}`}
        </p>
        {isMostOver && (
          <p class="verdict-over">
            {overSentence}. Users who leave while a server hangs see no failure: check the time to connect, too.
          </p>
        )}
      </div>
      {leading === undefined ? (
        <p class="verdict-nothing">No incidents in this selection: nothing needs to change.</p>
      ) : (
        <LeadingCause key={leading.code} cause={leading} overview={overview} query={query} />
      )}
    </section>
  );
}
