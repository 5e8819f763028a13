import { Link } from './link.js';
import { hrefChanged, SCOPE } from './scope.js';

interface NothingMatchesProps {
  readonly path: string;
  readonly query: URLSearchParams;
}

const FILTERS = [...SCOPE, 'code', 'status', 'search'].filter((name) => name !== 'period');

/** There is data, but none in this selection: says how to widen it. */
export function NothingMatches({ path, query }: NothingMatchesProps) {
  const isFiltered = FILTERS.some((name) => query.has(name));
  return (
    <section class="card nothing-matches">
      <h1>Nothing matches this selection</h1>
      <p>No records match {isFiltered ? 'all of these filters' : 'this period'}.</p>
      <p class="actions">
        {isFiltered && (
          <Link href={hrefChanged(path, query, Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
            Clear all filters
          </Link>
        )}
        {query.get('period') !== 'all' && (
          <Link href={hrefChanged(path, query, { period: 'all', since: '', until: '' })}>Show all time</Link>
        )}
      </p>
    </section>
  );
}
