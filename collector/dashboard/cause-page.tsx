import type { WireIncident } from '../src/ingest/wire-records.js';
import type { CauseReport, IncidentPage, Overview, Share } from '../src/stores/store.js';
import { Badge } from './badge.js';
import { Change } from './change.js';
import { Explanation } from './explanation.js';
import { ExportLinks } from './export-links.js';
import { FilterBar } from './filter-bar.js';
import { formatNumber, formatShare } from './format-number.js';
import { formatBucket, formatTime } from './format-time.js';
import { IncidentList } from './incident-list.js';
import { Link } from './link.js';
import { Loading } from './loading.js';
import { narrowTime } from './narrow-time.js';
import { NothingMatches } from './nothing-matches.js';
import { periodWords } from './period-words.js';
import { Problem } from './problem.js';
import { hrefWith } from './route.js';
import { SCOPE, scopedHref } from './scope.js';
import { Scroll } from './scroll.js';
import { Since } from './since.js';
import { sinceWhen } from './since-when.js';
import { Tile } from './tile.js';
import { TrendChart } from './trend-chart.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

interface CauseAnswer {
  readonly report: Omit<CauseReport, 'newestRecord'>;
  readonly newest: WireIncident;
}

/** One cause: what it is, how to mend it, whom it hits. */
export function CausePage({ code, query }: { readonly code: string; readonly query: URLSearchParams }) {
  useTitle(code);
  const path = `/causes/${encodeURIComponent(code)}`;
  const cause = useQuestion<CauseAnswer>(scopedHref(`/api${path}`, query));
  const overview = useQuestion<Overview>(scopedHref('/api/overview', query));
  const listQuery = new URLSearchParams([...query].filter(([name]) => name !== 'code'));
  listQuery.set('code', code);
  const list = useQuestion<IncidentPage>(hrefWith('/api/incidents', listQuery, [...SCOPE, 'code', 'status', 'search']));
  const report = cause.data?.report;
  const words = periodWords(query);
  const onPick = report && narrowTime(path, query, report.bucketMs);
  const isGone = cause.error?.status === 404;
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <Link href={scopedHref('/', query)}>Overview</Link>
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
      <FilterBar path={path} query={query} />
      {isGone ? <NothingMatches path={path} query={query} /> : <Problem error={cause.error} />}
      {cause.data === undefined && cause.error === undefined && <Loading />}
      {report && cause.data && (
        <>
          <dl class="tiles">
            <Tile
              name="Affected sessions"
              value={formatNumber(report.sessions)}
              note={
                <>
                  {overview.data && overview.data.sessions > 0 && (
                    <>{formatShare(Math.min(1, report.sessions / overview.data.sessions))} of all </>
                  )}
                  {report.previousSessions === 0 ? (
                    <span class="change">none in {words.before}</span>
                  ) : (
                    <Change
                      now={report.sessions}
                      before={report.previousSessions}
                      better="lower"
                      format={formatNumber}
                      against={words.before}
                    />
                  )}
                </>
              }
            />
            <Tile name="Incidents" value={formatNumber(report.incidents)} note={`${formatNumber(report.open)} open`} />
            <Tile
              name="Since"
              value={sinceWhen(report)}
              note={report.previousSessions ? 'in the period before, too' : <Since ms={report.firstAtMs} />}
            />
            <Tile name="Last seen" value={<Since ms={report.lastAtMs} />} note={formatTime(report.lastAtMs)} />
            <Tile
              name="First in release"
              value={report.firstRelease?.release ?? '–'}
              note={report.firstRelease ? `of ${report.firstRelease.app}, ever` : 'no app tells its release'}
            />
            <Tile
              name="Confirmed"
              value={formatShare(report.confirmed / report.incidents)}
              note={report.confirmed === report.incidents ? 'none suspected only' : 'the rest is suspected'}
            />
          </dl>
          <div class="columns even">
            <div>
              <Explanation diagnosis={cause.data.newest.diagnosis} />
              <p class="quiet under">Names and values are those of the newest incident.</p>
            </div>
            <section class="card" aria-labelledby="course">
              <div class="card-head">
                <h2 id="course">Incidents over time</h2>
              </div>
              <TrendChart
                label="Incidents"
                kind="bars"
                tone="bad"
                moments={report.trend.map(({ atMs }) => atMs)}
                bucketMs={report.bucketMs}
                series={[{ name: 'incidents', values: report.trend.map(({ incidents }) => incidents) }]}
                format={formatNumber}
                height={150}
                {...(onPick && { onPick })}
              />
              <details class="table-toggle">
                <summary>As a table</summary>
                <Scroll label="Incidents over time, as a table">
                  <table class="numbers">
                    <thead>
                      <tr>
                        <th scope="col">From</th>
                        <th scope="col">Incidents</th>
                      </tr>
                    </thead>
                    <tbody>
                      {report.trend.map(({ atMs, incidents }) => (
                        <tr key={atMs}>
                          <th scope="row">{formatBucket(atMs, report.bucketMs)}</th>
                          <td>{formatNumber(incidents)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Scroll>
              </details>
            </section>
          </div>
          <section aria-labelledby="spread">
            <h2 id="spread">Where it happens</h2>
            <div class="breakdowns">
              <Breakdown title="Release" shares={report.by.release} total={report.incidents} />
              <Breakdown title="Browser" shares={report.by.engine} total={report.incidents} />
              <Breakdown title="Browser version" shares={report.by.engineVersion} total={report.incidents} />
              <Breakdown title="Network" shares={report.by.networkType} total={report.incidents} />
              <Breakdown title="Transport" shares={report.by.transport} total={report.incidents} />
              <Breakdown title="Host" shares={report.by.host} total={report.incidents} />
              <Breakdown
                title="Version of socket.io-client"
                shares={report.by.clientVersion}
                total={report.incidents}
              />
            </div>
          </section>
        </>
      )}
      {list.data && report && (
        <section class="card" aria-labelledby="incidents">
          <div class="card-head">
            <h2 id="incidents">Incidents</h2>
            <FilterBar path={path} query={query} names={['search', 'status']} />
            <ExportLinks what="incidents" query={listQuery} />
          </div>
          {list.data.incidents.length === 0 ? (
            <p class="nothing">No incident of this cause matches these filters.</p>
          ) : (
            <IncidentList incidents={list.data.incidents} query={query} isOneCause />
          )}
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
    <section class="card breakdown">
      <h3>{title}</h3>
      <ul>
        {shares.map(({ value, incidents, sessions }) => (
          <li key={value}>
            <span class={value === '' ? 'quiet' : 'mono'}>{value === '' ? 'not known' : value}</span>
            <span class="breakdown-share">
              {formatShare(incidents / total)}{' '}
              <span class="quiet">
                {formatNumber(sessions)}
                <span class="visually-hidden"> sessions</span>
              </span>
            </span>
            <span class="meter" aria-hidden="true">
              <span style={{ width: `${(incidents / total) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
