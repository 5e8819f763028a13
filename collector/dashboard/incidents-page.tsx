import { useState } from 'preact/hooks';
import type { IncidentPage } from '../src/stores/store.js';
import { ExportLinks } from './export-links.js';
import { FilterBar } from './filter-bar.js';
import { IncidentList } from './incident-list.js';
import { Loading } from './loading.js';
import { NothingMatches } from './nothing-matches.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { SCOPE } from './scope.js';
import { Stale } from './stale.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

const PAGE_LENGTH = 50;
const MAX_LENGTH = 200;

/** Every incident of the selection, newest first, to search in. */
export function IncidentsPage({ query }: { readonly query: URLSearchParams }) {
  useTitle('Incidents');
  const [length, setLength] = useState(PAGE_LENGTH);
  const asked = new URLSearchParams([...query, ['limit', String(length)]]);
  const { data, error, isStale } = useQuestion<IncidentPage>(
    hrefWith('/api/incidents', asked, [...SCOPE, 'status', 'code', 'search', 'limit']),
  );
  const isEmpty = data?.incidents.length === 0;
  return (
    <>
      <FilterBar path="/incidents" query={query} />
      <div class="page-line">
        <h1>Incidents</h1>
        <FilterBar path="/incidents" query={query} names={['search', 'status', 'code']} />
        <ExportLinks what="incidents" query={query} />
      </div>
      <Problem error={error} />
      {data === undefined && error === undefined && <Loading />}
      {isEmpty && <NothingMatches path="/incidents" query={query} />}
      {data && !isEmpty && (
        <Stale isStale={isStale}>
          <section class="card" aria-label="Incidents">
            <IncidentList incidents={data.incidents} query={query} />
            {data.next !== undefined && length < MAX_LENGTH && (
              <button type="button" class="more" onClick={() => setLength(Math.min(length * 2, MAX_LENGTH))}>
                Show more
              </button>
            )}
            {data.next !== undefined && length >= MAX_LENGTH && (
              <p class="nothing">
                These are the newest {MAX_LENGTH}. Narrow the filters to see others, or export them all.
              </p>
            )}
          </section>
        </Stale>
      )}
    </>
  );
}
