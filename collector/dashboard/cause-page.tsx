import type { IncidentPage, Overview } from '../src/stores/store.js';
import { Badge } from './badge.js';
import { type CauseAnswer, causePath } from './cause-answer.js';
import { CauseBreakdowns } from './cause-breakdowns.js';
import { CauseCourse } from './cause-course.js';
import { CauseTiles } from './cause-tiles.js';
import { CopyButton } from './copy-button.js';
import { Crumbs } from './crumbs.js';
import { effectOf } from './effect-of.js';
import { Explanation } from './explanation.js';
import { ExportLinks } from './export-links.js';
import { FilterBar } from './filter-bar.js';
import { IncidentList } from './incident-list.js';
import { Link } from './link.js';
import { Loading } from './loading.js';
import { narrowTime } from './narrow-time.js';
import { NothingMatches } from './nothing-matches.js';
import { periodWords } from './period-words.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { SCOPE, scopedHref } from './scope.js';
import { Stale } from './stale.js';
import { ticketText } from './ticket-text.js';
import { releaseMarks } from './trend-marks.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

/** How many incidents are shown as examples; the rest have a page of their own. */
const EXAMPLES = '20';

/** One cause: what it is, how to fix it, whom it affects. */
export function CausePage({ code, query }: { readonly code: string; readonly query: URLSearchParams }) {
  const path = causePath(code);
  const cause = useQuestion<CauseAnswer>(scopedHref(`/api${path}`, query));
  const overview = useQuestion<Overview>(scopedHref('/api/overview', query));
  const ofCause = new URLSearchParams(query);
  ofCause.set('code', code);
  const filters = [...SCOPE, 'code', 'status', 'search'];
  const list = useQuestion<IncidentPage>(
    hrefWith('/api/incidents', new URLSearchParams([...ofCause, ['limit', EXAMPLES]]), [...filters, 'limit']),
  );
  const report = cause.data?.report;
  useTitle(report?.title ?? code);
  const words = periodWords(query);
  const onPick = report && narrowTime(path, query, report.bucketMs);
  const isGone = cause.error?.status === 404;
  const sessions = overview.data?.sessions;
  return (
    <>
      <Crumbs from={['Overview', scopedHref('/', query)]} here={code} />
      <header class="page-head">
        <h1>{report?.title ?? code}</h1>
        {report && cause.data && (
          <p class="badges">
            <Badge word={report.severity} />
            <Badge word={effectOf(report.phase)} title="How it affects a session" />
            <Badge word={`fixed by: ${report.fixedBy}`} />
            <CopyButton
              label="Copy for a ticket"
              text={() =>
                ticketText(cause.data as CauseAnswer, { during: words.during, sessions, address: location.href })
              }
            />
          </p>
        )}
      </header>
      <FilterBar path={path} query={query} />
      {isGone ? <NothingMatches path={path} query={query} /> : <Problem error={cause.error} />}
      {cause.data === undefined && cause.error === undefined && <Loading />}
      {report && cause.data && (
        <Stale isStale={cause.isStale}>
          <CauseTiles report={report} ofSessions={sessions} before={words.before} />
          <div class="columns even">
            <div>
              <Explanation diagnosis={cause.data.newest.diagnosis} />
              <p class="quiet under">Names and values are those of the newest incident.</p>
            </div>
            <CauseCourse report={report} marks={overview.data ? releaseMarks(overview.data) : []} onPick={onPick} />
          </div>
          <CauseBreakdowns by={report.by} usual={overview.data?.by} />
        </Stale>
      )}
      {list.data && report && (
        <section class="card" aria-labelledby="incidents">
          <div class="card-head">
            <h2 id="incidents">Newest incidents</h2>
            <FilterBar path={path} query={query} names={['search', 'status']} />
            <ExportLinks what="incidents" query={ofCause} />
          </div>
          {list.data.incidents.length === 0 ? (
            <p class="nothing">No incident of this cause matches these filters.</p>
          ) : (
            <IncidentList incidents={list.data.incidents} query={query} isOneCause />
          )}
          {list.data.next !== undefined && (
            <p class="more-link">
              <Link href={hrefWith('/incidents', ofCause, filters)}>All incidents of this cause</Link>
            </p>
          )}
        </section>
      )}
    </>
  );
}
