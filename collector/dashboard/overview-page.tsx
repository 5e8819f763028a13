import type { CauseRank, IncidentPage, Overview } from '../src/stores/store.js';
import { CauseTable } from './cause-table.js';
import { EmptyState } from './empty-state.js';
import { ExportLinks } from './export-links.js';
import { Figures } from './figures.js';
import { FilterBar } from './filter-bar.js';
import { HowCounted } from './how-counted.js';
import { IncidentList } from './incident-list.js';
import { Link } from './link.js';
import { Loading } from './loading.js';
import { narrowTime } from './narrow-time.js';
import { NothingMatches } from './nothing-matches.js';
import { periodWords } from './period-words.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { SCOPE, scopedHref } from './scope.js';
import { SegmentTable } from './segment-table.js';
import { Stale } from './stale.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';
import { Verdict } from './verdict.js';
import { worseWords } from './worse.js';

const NEWEST = '8';

/** The answer in one minute: how many cannot connect, why, since when, where, and what to change. */
export function OverviewPage({ query }: { readonly query: URLSearchParams }) {
  useTitle('Overview');
  const overview = useQuestion<Overview>(scopedHref('/api/overview', query));
  const causes = useQuestion<{ causes: CauseRank[] }>(scopedHref('/api/causes', query));
  const newest = useQuestion<IncidentPage>(
    hrefWith('/api/incidents', new URLSearchParams([...query, ['limit', NEWEST]]), [...SCOPE, 'limit']),
  );
  const { data } = overview;
  if (data?.empty) return <EmptyState />;
  const words = periodWords(query);
  const ranked = causes.data?.causes ?? [];
  const onPick = data && narrowTime('/', query, data.bucketMs);
  const isNothing = data !== undefined && data.sessions === 0 && data.incidents === 0;
  return (
    <>
      <FilterBar path="/" query={query} />
      <Problem error={overview.error ?? causes.error} />
      {data === undefined && overview.error === undefined && <Loading />}
      {isNothing && <NothingMatches path="/" query={query} />}
      {data && !isNothing && (
        <Stale isStale={overview.isStale || causes.isStale}>
          <Verdict overview={data} causes={ranked} words={words} query={query} onPick={onPick} />
          <Figures overview={data} before={words.before} onPick={onPick} />
          <section class="card" aria-labelledby="causes">
            <div class="card-head">
              <h2 id="causes">Causes by affected sessions</h2>
              <ExportLinks what="causes" query={query} />
            </div>
            {ranked.length === 0 ? (
              <p class="nothing">No incidents in this selection.</p>
            ) : (
              <CauseTable
                causes={ranked}
                query={query}
                before={words.before}
                hasBefore={data.previous !== undefined && data.previous.sessions + data.previous.incidents > 0}
                ofSessions={data.sessions}
              />
            )}
          </section>
          <section aria-labelledby="where">
            <h2 id="where">Where things are worse</h2>
            <p class="quiet">{worseWords(data)}</p>
            <div class="segment-grid">
              <SegmentTable
                title="Browsers"
                name="Browser"
                segments={data.by.engineVersion}
                whole={data}
                query={query}
                filterOf={(value) => ({ engine: value.split(' ', 1)[0] ?? '' })}
              />
              <SegmentTable
                title="Networks"
                name="Network"
                segments={data.by.networkType}
                whole={data}
                query={query}
                filterOf={(value) => ({ networkType: value })}
              />
              <SegmentTable
                title="Releases"
                name="Release"
                segments={data.by.release}
                whole={data}
                query={query}
                filterOf={(value) => ({ release: value })}
              />
            </div>
          </section>
          <section class="card" aria-labelledby="newest">
            <div class="card-head">
              <h2 id="newest">Newest incidents</h2>
              <Link href={scopedHref('/incidents', query)}>All incidents</Link>
            </div>
            {newest.data && newest.data.incidents.length > 0 && (
              <IncidentList incidents={newest.data.incidents} query={query} />
            )}
            {newest.data?.incidents.length === 0 && <p class="nothing">No incidents in this selection.</p>}
          </section>
          <HowCounted bucketMs={data.bucketMs} />
        </Stale>
      )}
    </>
  );
}
