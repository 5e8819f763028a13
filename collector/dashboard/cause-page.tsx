import type { WireIncident } from '../src/ingest/wire-records.js';
import type { CauseReport, IncidentPage as IncidentPageOfList, Share } from '../src/stores/store.js';
import { Badge } from './badge.js';
import { Explanation } from './explanation.js';
import { FilterBar } from './filter-bar.js';
import { formatNumber, formatShare } from './format-number.js';
import { IncidentList } from './incident-list.js';
import { Link } from './link.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { Since } from './since.js';
import { Tile } from './tile.js';
import { TrendBars } from './trend-bars.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

interface CauseAnswer {
  readonly report: Omit<CauseReport, 'newestRecord'>;
  readonly newest: WireIncident;
}

const SCOPE = ['period', 'app', 'release'];

/** One cause: what it is, how to mend it, whom it hits. */
export function CausePage({ code, query }: { readonly code: string; readonly query: URLSearchParams }) {
  useTitle(code);
  const path = `/causes/${encodeURIComponent(code)}`;
  const cause = useQuestion<CauseAnswer>(hrefWith(`/api${path}`, query, SCOPE));
  const listQuery = new URLSearchParams([...query].filter(([name]) => name !== 'code'));
  listQuery.set('code', code);
  const list = useQuestion<IncidentPageOfList>(
    hrefWith('/api/incidents', listQuery, [...SCOPE, 'code', 'status', 'search']),
  );
  const report = cause.data?.report;
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <Link href={hrefWith('/', query, SCOPE)}>Incidents</Link>
        <span class="mono">{code}</span>
      </nav>
      <header class="page-head">
        <h1>{report?.title ?? code}</h1>
        {report && (
          <p class="badges">
            <Badge word={report.severity} />
            <Badge word={`phase: ${report.phase}`} />
            <Badge word={`fixed by: ${report.fixedBy}`} />
          </p>
        )}
      </header>
      <FilterBar path={path} query={query} names={['period', 'app', 'release']} />
      {cause.error?.status === 404 ? (
        <p class="card nothing">
          No incident with this cause in this selection. <Link href={`${path}?period=all`}>Look at all time</Link>
        </p>
      ) : (
        <Problem error={cause.error} />
      )}
      {report && cause.data && (
        <>
          <dl class="tiles">
            <Tile name="Affected sessions" value={formatNumber(report.sessions)} />
            <Tile name="Incidents" value={formatNumber(report.incidents)} note={`${formatNumber(report.open)} open`} />
            <Tile name="Confirmed" value={formatShare(report.confirmed / report.incidents)} note="the rest suspected" />
            <Tile
              name="Last seen"
              value={<Since ms={report.lastAtMs} />}
              note={
                <>
                  first <Since ms={report.firstAtMs} />
                </>
              }
            />
          </dl>
          <div class="columns">
            <div>
              <Explanation diagnosis={cause.data.newest.diagnosis} />
              <p class="quiet under">Names and values are those of the newest incident.</p>
            </div>
            <section class="card" aria-labelledby="spread">
              <h2 id="spread">Where it happens</h2>
              <TrendBars trend={report.trend} />
              <Breakdown title="Release" shares={report.by.release} total={report.incidents} />
              <Breakdown title="Host" shares={report.by.host} total={report.incidents} />
              <Breakdown title="Browser engine" shares={report.by.engine} total={report.incidents} />
              <Breakdown title="Transport" shares={report.by.transport} total={report.incidents} />
              <Breakdown title="Client version" shares={report.by.clientVersion} total={report.incidents} />
            </section>
          </div>
        </>
      )}
      {list.data && list.data.incidents.length > 0 && (
        <section class="card" aria-labelledby="incidents">
          <div class="card-head">
            <h2 id="incidents">Incidents</h2>
            <FilterBar path={path} query={query} names={['status', 'search']} />
          </div>
          <IncidentList incidents={list.data.incidents} query={query} />
        </section>
      )}
    </>
  );
}

interface BreakdownProps {
  readonly title: string;
  readonly shares: readonly Share[];
  readonly total: number;
}

function Breakdown({ title, shares, total }: BreakdownProps) {
  return (
    <div class="breakdown">
      <h3>{title}</h3>
      <ul>
        {shares.map(({ value, incidents }) => (
          <li key={value}>
            <span class="mono">{value === '' ? 'not known' : value}</span>
            <span>{formatShare(incidents / total)}</span>
            <span class="meter" aria-hidden="true">
              <span style={{ width: `${(incidents / total) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
