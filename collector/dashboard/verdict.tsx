import type { WireIncident } from '../src/ingest/wire-records.js';
import type { CauseRank, CauseReport, Overview, Share } from '../src/stores/store.js';
import { Change } from './change.js';
import { countOf } from './count-of.js';
import { explainSafely } from './explain-safely.js';
import { Fact } from './fact.js';
import { formatNumber, formatShare } from './format-number.js';
import { Link } from './link.js';
import type { PeriodWords } from './period-words.js';
import { Prose } from './prose.js';
import { scopedHref } from './scope.js';
import { Since } from './since.js';
import { sinceWhen } from './since-when.js';
import { useQuestion } from './use-question.js';

interface VerdictProps {
  readonly overview: Overview;
  readonly causes: readonly CauseRank[];
  readonly words: PeriodWords;
  readonly query: URLSearchParams;
}

/** Phases in which nobody is in yet. */
const KEEPS_OUT: readonly string[] = ['connect', 'namespace'];

/** The answer before all figures: how many cannot connect, and of what hits most: since when, where, and what to change. */
export function Verdict({ overview, causes, words, query }: VerdictProps) {
  const { sessions, connectedShare = 0, failedShare = 0, previous } = overview;
  const failing = Math.round(sessions * failedShare);
  const left = Math.round(sessions * (1 - connectedShare - failedShare));
  // While some cannot connect at all, what keeps them from it counts more than what merely slows others down.
  const leading = (failing > 0 ? causes.find(({ phase }) => KEEPS_OUT.includes(phase)) : undefined) ?? causes[0];
  return (
    <section class="card verdict" aria-labelledby="verdict">
      <div class="verdict-count">
        <h1 id="verdict">
          {sessions === 0 ? (
            'No sessions'
          ) : failing === 0 ? (
            left === 0 ? (
              `All ${countOf(sessions, 'session')} connected`
            ) : (
              'No session failed to connect'
            )
          ) : (
            <>
              <strong>{formatNumber(failing)}</strong> of {countOf(sessions, 'session')} could not connect
            </>
          )}
        </h1>
        <p class="verdict-share">
          {failing > 0 && <span class="verdict-part">{formatShare(failing / sessions)}</span>} {words.during}
        </p>
        {failing > 0 && (
          <p>
            <Change
              now={failing / sessions}
              before={previous?.failedShare}
              better="lower"
              unit="points"
              format={formatShare}
              against={words.before}
            />
          </p>
        )}
        {left > 0 && (
          <p class="quiet under">
            {formatNumber(left)} {failing > 0 ? 'more ' : `of ${countOf(sessions, 'session')} `}
            {left === 1 ? 'was' : 'were'} over before anything failed
          </p>
        )}
        <p class="quiet under">
          {countOf(overview.incidents, 'incident')} in {countOf(overview.affectedSessions, 'session')},{' '}
          {formatNumber(overview.openIncidents)} open
        </p>
      </div>
      {leading === undefined ? (
        <p class="verdict-nothing">No incident in this selection: nothing is to be changed.</p>
      ) : (
        <Leading key={leading.code} cause={leading} query={query} />
      )}
    </section>
  );
}

interface LeadingProps {
  readonly cause: CauseRank;
  readonly query: URLSearchParams;
}

function Leading({ cause, query }: LeadingProps) {
  const path = `/causes/${encodeURIComponent(cause.code)}`;
  const { data } = useQuestion<{ report: Omit<CauseReport, 'newestRecord'>; newest: WireIncident }>(
    scopedHref(`/api${path}`, query),
  );
  const remedy = data && explainSafely(data.newest.diagnosis).remedy;
  return (
    <div class="leading">
      <p class="eyebrow">
        {KEEPS_OUT.includes(cause.phase) ? 'The most frequent cause of it' : 'What hits most sessions'}
      </p>
      <h2>
        <Link href={scopedHref(path, query)}>{cause.title}</Link>
      </h2>
      {data && (
        <>
          <dl class="leading-facts">
            <Fact name="Sessions">{formatNumber(data.report.sessions)}</Fact>
            <Fact name="Since">{sinceWhen(data.report)}</Fact>
            <Fact name="Last seen">
              <Since ms={data.report.lastAtMs} />
            </Fact>
            <Fact name="First in release">{data.report.firstRelease?.release ?? 'not told'}</Fact>
            <Fact name="Mostly">{mostlyOf(data.report.by.engineVersion, data.report.by.networkType)}</Fact>
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

/** The largest part of each, where one stands out. */
function mostlyOf(...dimensions: readonly (readonly Share[])[]): string {
  const parts = dimensions.flatMap((shares) => {
    const total = shares.reduce((sum, { incidents }) => sum + incidents, 0);
    const [first] = shares;
    if (first === undefined || first.value === '' || shares.length < 2 || first.incidents / total < 0.3) return [];
    return [`${first.value} (${formatShare(first.incidents / total)})`];
  });
  return parts.length === 0 ? 'everywhere' : parts.join(', ');
}
