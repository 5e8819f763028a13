import type { CauseRank, Overview } from '../src/stores/store.js';
import { type CauseAnswer, causePath } from './cause-answer.js';
import { type Spread, spreadOf } from './cause-spread.js';
import { effectOf, keepsOut } from './effect-of.js';
import { explainSafely } from './explain-safely.js';
import { Fact } from './fact.js';
import { formatNumber } from './format-number.js';
import { formatTimes } from './format-times.js';
import { Link } from './link.js';
import { Prose } from './prose.js';
import { scopedHref } from './scope.js';
import { Since } from './since.js';
import { sinceWhen } from './since-when.js';
import { useQuestion } from './use-question.js';

interface LeadingCauseProps {
  readonly cause: CauseRank;
  readonly overview: Overview;
  readonly query: URLSearchParams;
}

/** The cause to tackle first: since when, since which release, whom it affects more than others, and what to change. */
export function LeadingCause({ cause, overview, query }: LeadingCauseProps) {
  const path = causePath(cause.code);
  const { data } = useQuestion<CauseAnswer>(scopedHref(`/api${path}`, query));
  const remedy = data && explainSafely(data.newest.diagnosis).remedy;
  const report = data?.report;
  return (
    <div class="leading">
      <p class="eyebrow">
        {keepsOut(cause.phase)
          ? 'What keeps most sessions out'
          : `What affects most sessions: an affected session ${effectOf(cause.phase)}`}
      </p>
      <h2>
        <Link href={scopedHref(path, query)}>{cause.title}</Link>
      </h2>
      {report && (
        <>
          <dl class="leading-facts">
            <Fact name="Sessions">{formatNumber(report.sessions)}</Fact>
            <Fact name="Since">{sinceWhen(report)}</Fact>
            <Fact name="Last seen">
              <Since ms={report.lastAtMs} />
            </Fact>
            <Fact name="First in release">{report.firstRelease?.release ?? 'unknown'}</Fact>
            <Fact name="Browsers and networks that stand out">
              {standingOut([
                ...spreadOf(report.by.engineVersion, overview.by.engineVersion),
                ...spreadOf(report.by.networkType, overview.by.networkType),
              ])}
            </Fact>
          </dl>
          {remedy !== undefined && (
            <div class="leading-remedy">
              <p class="eyebrow">What to change</p>
              <Prose text={remedy} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function standingOut(spreads: readonly Spread[]): string {
  const found = spreads.flatMap(({ value, times }) =>
    times === undefined ? [] : [`${value} (${formatTimes(times)} its usual share)`],
  );
  return found.length === 0 ? 'none' : found.join(', ');
}
