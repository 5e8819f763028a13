import type { ReleaseCause, ReleaseRow, Scope } from '../store.js';
import type { Ask } from './ask.js';
import { headline } from './headline.js';
import { equals, scopeConditions, where } from './where.js';

const MAX_RELEASES = 20;
const MAX_CAUSES = 5;

interface Release {
  readonly app: string;
  readonly release: string;
  readonly firstAtMs: number;
}

/** Releases with anything in the scope, the newest first. */
export function compareReleases(ask: Ask, scope: Scope): ReleaseRow[] {
  const known = where(
    { sql: "code = ''", values: [] },
    equals('app', scope.app),
    equals('release', scope.release),
    equals('environment', scope.environment),
  );
  const releases = ask<Release>(
    `SELECT app, release, MIN(first_received_at_ms) AS firstAtMs FROM first_seen ${known.sql}
      GROUP BY app, release ORDER BY firstAtMs DESC, app, release`,
    ...known.values,
  );
  const rows: ReleaseRow[] = [];
  for (const release of releases) {
    const numbers = headline(ask, { ...scope, ...release });
    if (numbers.sessions + numbers.incidents === 0) continue;
    rows.push({ ...release, ...numbers, causes: topCauses(ask, scope, release) });
    if (rows.length === MAX_RELEASES) break;
  }
  return rows;
}

function topCauses(ask: Ask, scope: Scope, { app, release, firstAtMs }: Release): ReleaseCause[] {
  const { sql, values } = where(...scopeConditions('opened_at_ms', scope), {
    sql: 'app = ? AND release = ?',
    values: [app, release],
  });
  const top = ask<Omit<ReleaseCause, 'isNew'> & { lastAtMs: number }>(
    `SELECT code, title, COUNT(DISTINCT client_session_id) AS sessions, MAX(opened_at_ms) AS lastAtMs
      FROM incidents ${sql} GROUP BY code ORDER BY sessions DESC, code LIMIT ${MAX_CAUSES}`,
    ...values,
  );
  const earlier = new Set(
    ask<{ code: string }>(
      `SELECT DISTINCT code FROM first_seen WHERE app = ?1 AND release IN
        (SELECT release FROM first_seen WHERE app = ?1 AND code = '' AND release <> ?2
          GROUP BY release HAVING MIN(first_received_at_ms) < ?3)`,
      app,
      release,
      firstAtMs,
    ).map(({ code }) => code),
  );
  return top.map(({ code, title, sessions }) => ({
    code,
    title,
    sessions,
    isNew: earlier.size > 0 && !earlier.has(code),
  }));
}
