import { useState } from 'preact/hooks';
import type { CauseRank, IncidentPage as IncidentPageOfList, Overview } from '../src/stores/store.js';
import { countOf } from './count-of.js';
import { EmptyState } from './empty-state.js';
import { FilterBar } from './filter-bar.js';
import { formatDuration } from './format-duration.js';
import { formatNumber, formatShare } from './format-number.js';
import { IncidentList } from './incident-list.js';
import { Link } from './link.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { Tile } from './tile.js';
import { TrendBars } from './trend-bars.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

const SCOPE = ['period', 'app', 'release'];
const PAGE_LENGTH = 50;
const MAX_LENGTH = 200;

/** Headline numbers, causes by how many sessions they hit, and the live list of incidents. */
export function OverviewPage({ query }: { readonly query: URLSearchParams }) {
  useTitle('Incidents');
  const [length, setLength] = useState(PAGE_LENGTH);
  const overview = useQuestion<Overview>(hrefWith('/api/overview', query, SCOPE));
  const causes = useQuestion<{ causes: CauseRank[] }>(hrefWith('/api/causes', query, SCOPE));
  const listPath = hrefWith('/api/incidents', new URLSearchParams([...query, ['limit', String(length)]]), [
    ...SCOPE,
    'status',
    'code',
    'search',
    'limit',
  ]);
  const list = useQuestion<IncidentPageOfList>(listPath);
  if (overview.data?.empty) return <EmptyState />;
  const incidents = list.data?.incidents;
  return (
    <>
      <h1 class="visually-hidden">Incidents</h1>
      <FilterBar path="/" query={query} names={['period', 'app', 'release']} />
      <Problem error={overview.error ?? list.error} />
      {overview.data && <Headline overview={overview.data} />}
      <div class="columns">
        <section class="card" aria-labelledby="live-incidents">
          <div class="card-head">
            <h2 id="live-incidents">Incidents</h2>
            <FilterBar path="/" query={query} names={['status', 'code', 'search']} />
          </div>
          {incidents && incidents.length > 0 && <IncidentList incidents={incidents} query={query} />}
          {incidents?.length === 0 && <p class="nothing">No incident matches these filters.</p>}
          {list.data?.next !== undefined && length < MAX_LENGTH && (
            <button type="button" class="more" onClick={() => setLength(Math.min(length * 2, MAX_LENGTH))}>
              Show more
            </button>
          )}
          {list.data?.next !== undefined && length >= MAX_LENGTH && (
            <p class="nothing">These are the newest {MAX_LENGTH}. Narrow the filters to see others.</p>
          )}
        </section>
        <section class="card" aria-labelledby="top-causes">
          <div class="card-head">
            <h2 id="top-causes">Causes by affected sessions</h2>
          </div>
          {causes.data && <CauseRanking causes={causes.data.causes} query={query} />}
        </section>
      </div>
    </>
  );
}

function Headline({ overview }: { readonly overview: Overview }) {
  const { p50, p75, p95 } = overview.timeToConnectMs;
  const ms = (value: number | undefined) => (value === undefined ? '–' : formatDuration(value));
  const dropped = Object.values(overview.dropped).reduce((sum, count) => sum + count, 0);
  return (
    <section class="headline" aria-label="Headline numbers">
      <dl class="tiles">
        <Tile
          name="Sessions"
          value={formatNumber(overview.sessions)}
          note={`${formatNumber(overview.affectedSessions)} with incidents`}
        />
        <Tile
          name="Connected"
          value={formatShare(overview.connectedShare)}
          note={overview.upgradedShare === undefined ? undefined : `${formatShare(overview.upgradedShare)} upgraded`}
        />
        <Tile name="Time to connect, p75" value={ms(p75)} note={`p50 ${ms(p50)} · p95 ${ms(p95)}`} />
        <Tile
          name="Open now"
          value={formatNumber(overview.openIncidents)}
          note={`of ${countOf(overview.incidents, 'incident')}`}
          tone={overview.openIncidents > 0 ? 'bad' : 'good'}
        />
      </dl>
      <div class="card trend-card">
        <h2>Incidents over time</h2>
        <TrendBars trend={overview.trend} />
      </div>
      {dropped > 0 && (
        <p class="quiet dropped">
          SDKs report {countOf(dropped, 'record')} that they could not send (
          {Object.entries(overview.dropped)
            .map(([reason, count]) => `${reason} ${formatNumber(count)}`)
            .join(', ')}
          ).
        </p>
      )}
    </section>
  );
}

function CauseRanking({ causes, query }: { readonly causes: readonly CauseRank[]; readonly query: URLSearchParams }) {
  if (causes.length === 0) return <p class="nothing">No cause in this selection.</p>;
  const most = Math.max(...causes.map(({ sessions }) => sessions));
  return (
    <ol class="causes">
      {causes.map((cause) => (
        <li key={cause.code}>
          <Link href={hrefWith(`/causes/${encodeURIComponent(cause.code)}`, query, SCOPE)}>
            <span class="cause-title">{cause.title}</span>
            <span class="cause-count">{formatNumber(cause.sessions)}</span>
            <span class="meter" aria-hidden="true">
              <span style={{ width: `${(cause.sessions / most) * 100}%` }} />
            </span>
            <span class="cause-meta">
              <span class="mono">{cause.code}</span>
              <span>
                {countOf(cause.incidents, 'incident')}
                {cause.open > 0 && `, ${formatNumber(cause.open)} open`}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
