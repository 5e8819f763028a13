import { useState } from 'preact/hooks';
import type { CauseRank } from '../src/stores/store.js';
import { causePath } from './cause-answer.js';
import { Change } from './change.js';
import { countOf } from './count-of.js';
import { effectOf } from './effect-of.js';
import { formatNumber, formatShare } from './format-number.js';
import { Link } from './link.js';
import { Meter } from './meter.js';
import { scopedHref } from './scope.js';
import { Since } from './since.js';
import { Sparkline } from './sparkline.js';

interface CauseTableProps {
  readonly causes: readonly CauseRank[];
  readonly query: URLSearchParams;
  readonly before: string;
  /** Whether there was any data in it: otherwise no cause counts as new. */
  readonly hasBefore: boolean;
  /** All sessions, with or without a cause. */
  readonly ofSessions: number;
}

const SHOWN = 8;

/** Causes, most affected sessions first. */
export function CauseTable({ causes, query, before, hasBefore, ofSessions }: CauseTableProps) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...causes.map(({ sessions }) => sessions));
  const shown = all ? causes : causes.slice(0, SHOWN);
  return (
    <>
      <table class="cause-table">
        <thead>
          <tr>
            <th scope="col">Cause</th>
            <th scope="col">Affected sessions</th>
            <th scope="col">Change</th>
            <th scope="col">Incidents over time</th>
            <th scope="col">First release</th>
            <th scope="col">Fixed by</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((cause) => (
            <tr key={cause.code}>
              <th scope="row">
                <Link href={scopedHref(causePath(cause.code), query)}>{cause.title}</Link>
                <span class="cause-code quiet">
                  <span class="mono">{cause.code}</span> {effectOf(cause.phase)}
                </span>
              </th>
              <td class="cause-sessions">
                <span class="cause-count">{formatNumber(cause.sessions)}</span>{' '}
                <span class="quiet">{ofSessions > 0 && formatShare(Math.min(1, cause.sessions / ofSessions))}</span>
                <Meter share={cause.sessions / most} />
              </td>
              <td class="cause-change">
                {!hasBefore ? (
                  <span class="quiet">
                    –<span class="visually-hidden"> nothing to compare with</span>
                  </span>
                ) : cause.previousSessions === 0 && cause.sessions > 0 ? (
                  <span class="change change-bad">
                    new<span class="visually-hidden">, none in {before}</span>
                  </span>
                ) : (
                  <Change
                    now={cause.sessions}
                    before={cause.previousSessions}
                    better="lower"
                    format={formatNumber}
                    against={before}
                  />
                )}
              </td>
              <td class="cause-trend">
                <Sparkline
                  values={cause.trend}
                  label={`${countOf(cause.incidents, 'incident')}, at most ${formatNumber(Math.max(0, ...cause.trend))} at once`}
                />
                <span class="quiet">
                  {countOf(cause.incidents, 'incident')}
                  {cause.open > 0 && `, ${formatNumber(cause.open)} open`}
                </span>
              </td>
              <td class="cause-release">{cause.firstRelease?.release ?? <span class="quiet">unknown</span>}</td>
              <td class="cause-fixed">{cause.fixedBy}</td>
              <td class="cause-last">
                <Since ms={cause.lastAtMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {causes.length > SHOWN && (
        <button type="button" class="more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show the first ${SHOWN} only` : `Show all ${causes.length} causes`}
        </button>
      )}
    </>
  );
}
