import type { Headline, ReleaseRow } from '../src/stores/store.js';
import { Change } from './change.js';
import { ExportLinks } from './export-links.js';
import { FilterBar } from './filter-bar.js';
import { formatDuration } from './format-duration.js';
import { formatNumber, formatRate, formatShare } from './format-number.js';
import { formatTime } from './format-time.js';
import { Link } from './link.js';
import { Loading } from './loading.js';
import { NothingMatches } from './nothing-matches.js';
import { perThousand } from './per-thousand.js';
import { Problem } from './problem.js';
import { hrefChanged, scopedHref } from './scope.js';
import { Since } from './since.js';
import { Stale } from './stale.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

/** Releases side by side, each compared with the previous one: since which release are things worse, and what came with it? */
export function ReleasesPage({ query }: { readonly query: URLSearchParams }) {
  useTitle('Releases');
  const { data, error, isStale } = useQuestion<{ releases: ReleaseRow[] }>(scopedHref('/api/releases', query));
  const releases = data?.releases;
  return (
    <>
      <FilterBar path="/releases" query={query} />
      <div class="page-line">
        <h1>Releases</h1>
        <p class="quiet">Newest first, each compared with the previous release of the same app.</p>
        <ExportLinks what="releases" query={query} />
      </div>
      <Problem error={error} />
      {data === undefined && error === undefined && <Loading />}
      {releases?.length === 0 && <NothingMatches path="/releases" query={query} />}
      {releases && releases.length > 0 && (
        <Stale isStale={isStale}>
          <section class="card" aria-label="Releases">
            <table class="releases">
              <thead>
                <tr>
                  <th scope="col">Release</th>
                  <th scope="col">Sessions</th>
                  <th scope="col">Could not connect</th>
                  <th scope="col">Upgraded</th>
                  <th scope="col">Time to connect, p75</th>
                  <th scope="col">Incidents per 1,000</th>
                  <th scope="col">Causes that affect most sessions</th>
                </tr>
              </thead>
              <tbody>
                {releases.map((release, i) => {
                  const before = releases.slice(i + 1).find(({ app }) => app === release.app);
                  return (
                    <Row key={`${release.app} ${release.release}`} release={release} before={before} query={query} />
                  );
                })}
              </tbody>
            </table>
          </section>
        </Stale>
      )}
    </>
  );
}

interface RowProps {
  readonly release: ReleaseRow;
  readonly before: ReleaseRow | undefined;
  readonly query: URLSearchParams;
}

function Row({ release, before, query }: RowProps) {
  const against = before === undefined ? '' : `release ${before.release}`;
  const share = (name: string, better: 'higher' | 'lower', of: (one: Headline) => number | undefined) => (
    <td data-name={name}>
      <strong>{formatShare(of(release))}</strong>
      <Change
        now={of(release)}
        before={before && of(before)}
        better={better}
        unit="points"
        format={formatShare}
        against={against}
      />
    </td>
  );
  const p75 = release.timeToConnectMs.p75;
  const selected = { app: release.app, release: release.release };
  return (
    <tr>
      <th scope="row">
        <Link href={hrefChanged('/', new URLSearchParams(scopedHref('', query).slice(1)), selected)}>
          {release.release || 'no release'}
        </Link>
        <span class="quiet">{release.app || 'unnamed app'}</span>
        <span class="quiet" title={formatTime(release.firstAtMs)}>
          first record <Since ms={release.firstAtMs} />
        </span>
      </th>
      <td data-name="Sessions">
        <strong>{formatNumber(release.sessions)}</strong>
      </td>
      {share('Could not connect', 'lower', ({ failedShare }) => failedShare)}
      {share('Upgraded', 'higher', ({ upgradedShare }) => upgradedShare)}
      <td data-name="Time to connect, p75">
        <strong>{p75 === undefined ? '–' : formatDuration(p75)}</strong>
        <Change
          now={p75}
          before={before?.timeToConnectMs.p75}
          better="lower"
          format={formatDuration}
          against={against}
        />
      </td>
      <td data-name="Incidents per 1,000">
        <strong>{formatRate(perThousand(release))}</strong>
        <Change
          now={perThousand(release)}
          before={before && perThousand(before)}
          better="lower"
          format={formatRate}
          against={against}
        />
      </td>
      <td class="release-causes">
        {release.causes.length === 0 && <span class="quiet">none</span>}
        <ul>
          {release.causes.map(({ code, title, sessions, isNew }) => (
            <li key={code}>
              <Link
                href={hrefChanged(
                  `/causes/${encodeURIComponent(code)}`,
                  new URLSearchParams(scopedHref('', query).slice(1)),
                  selected,
                )}
              >
                {title}
              </Link>{' '}
              <span class="quiet">
                {formatNumber(sessions)}
                <span class="visually-hidden"> sessions</span>
              </span>{' '}
              {isNew && <span class="badge badge-bad">new</span>}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
