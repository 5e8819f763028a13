import type { ReleaseStart, Scope } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { equals, where } from './where.js';

/** Releases of any time that fit the app and environment of a scope, the newest first. */
export function knownReleases({ rows }: ClickHouseConnection, scope: Scope): Promise<ReleaseStart[]> {
  const condition = where(
    "code = '' AND release <> ''",
    equals('app', scope.app),
    equals('environment', scope.environment),
  );
  return rows(
    `SELECT app, release, min(first_received_at_ms) AS firstAtMs FROM first_seen FINAL ${condition}
      GROUP BY app, release ORDER BY firstAtMs DESC, app, release`,
  );
}
