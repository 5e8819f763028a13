import type { ReleaseStart, Scope } from '../store.js';
import type { Ask } from './ask.js';
import { equals, where } from './where.js';

/** Releases of any time that match the app and environment of a scope, newest first. */
export function knownReleases(ask: Ask, scope: Scope): ReleaseStart[] {
  const { sql, values } = where(
    { sql: "code = '' AND release <> ''", values: [] },
    equals('app', scope.app),
    equals('environment', scope.environment),
  );
  return ask(
    `SELECT app, release, MIN(first_received_at_ms) AS firstAtMs FROM first_seen ${sql}
      GROUP BY app, release ORDER BY firstAtMs DESC, app, release`,
    ...values,
  );
}
