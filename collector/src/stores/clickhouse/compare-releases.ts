import type { ReleaseCause, ReleaseRow, ReleaseStart, Scope } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import {
  INCIDENT_COUNTS,
  type IncidentCounts,
  percentilesOf,
  SESSION_SUMS,
  SESSION_TIMES,
  type SessionSums,
  type SessionTimes,
  sessionShares,
} from './headline.js';
import { knownReleases } from './known-releases.js';
import { quote } from './quote.js';
import { scopeConditions, where } from './where.js';

const MAX_RELEASES = 20;
const MAX_CAUSES = 5;

/** Releases with anything in the scope, newest first. */
export async function compareReleases(connection: ClickHouseConnection, scope: Scope): Promise<ReleaseRow[]> {
  const { rows } = connection;
  const [known, sums, counts] = await Promise.all([
    knownReleases(connection, scope),
    rows<ReleaseStart & SessionSums & SessionTimes>(
      `SELECT app, release, ${SESSION_SUMS}, ${SESSION_TIMES} FROM sessions FINAL
        ${where(...scopeConditions('started_at_ms', scope))} GROUP BY app, release`,
    ),
    rows<ReleaseStart & IncidentCounts>(
      `SELECT app, release, ${INCIDENT_COUNTS} FROM incidents FINAL
        ${where(...scopeConditions('opened_at_ms', scope))} GROUP BY app, release`,
    ),
  ]);
  const sumsOf = new Map(sums.map((row) => [keyOf(row), row]));
  const countsOf = new Map(counts.map((row) => [keyOf(row), row]));
  const shown = known
    .filter((release) => sumsOf.has(keyOf(release)) || countsOf.has(keyOf(release)))
    .slice(0, MAX_RELEASES);
  const causes = await topCauses(connection, scope, shown);
  return shown.map((release) => {
    const times = sumsOf.get(keyOf(release));
    const { incidents = 0, openIncidents = 0, affectedSessions = 0 } = countsOf.get(keyOf(release)) ?? {};
    return {
      ...release,
      ...sessionShares(times),
      timeToConnectMs: percentilesOf(times),
      incidents,
      openIncidents,
      affectedSessions,
      causes: causes(release),
    };
  });
}

async function topCauses(
  { rows }: ClickHouseConnection,
  scope: Scope,
  releases: readonly ReleaseStart[],
): Promise<(release: ReleaseStart) => ReleaseCause[]> {
  if (releases.length === 0) return () => [];
  const pairs = releases.map(({ app, release }) => `(${quote(app)}, ${quote(release)})`).join(', ');
  const apps = [...new Set(releases.map(({ app }) => quote(app)))].join(', ');
  const [top, seen] = await Promise.all([
    rows<Pick<ReleaseStart, 'app' | 'release'> & Omit<ReleaseCause, 'isNew'>>(
      `SELECT app, release, code, argMax(title, (opened_at_ms, id)) AS title, uniqExact(client_session_id) AS sessions
        FROM incidents FINAL ${where(...scopeConditions('opened_at_ms', scope), `(app, release) IN (${pairs})`)}
        GROUP BY app, release, code ORDER BY sessions DESC, code LIMIT ${MAX_CAUSES} BY app, release`,
    ),
    rows<ReleaseStart & { code: string }>(
      `SELECT app, release, code, min(first_received_at_ms) AS firstAtMs FROM first_seen FINAL
        WHERE app IN (${apps}) GROUP BY app, release, code`,
    ),
  ]);
  return (of) => {
    const earlierReleases = new Set(
      seen
        .filter((row) => row.code === '' && row.app === of.app && !['', of.release].includes(row.release))
        .filter(({ firstAtMs }) => firstAtMs < of.firstAtMs)
        .map(({ release }) => release),
    );
    const earlier = new Set(
      seen.filter((row) => row.app === of.app && earlierReleases.has(row.release)).map(({ code }) => code),
    );
    return top
      .filter((row) => keyOf(row) === keyOf(of))
      .map(({ code, title, sessions }) => ({
        code,
        title,
        sessions,
        isNew: earlierReleases.size > 0 && !earlier.has(code),
      }));
  };
}

const keyOf = ({ app, release }: Pick<ReleaseStart, 'app' | 'release'>) => JSON.stringify([app, release]);
