import { groupBy } from '../../group-by.js';
import type { ReleaseCause, ReleaseRow, ReleaseStart, Scope } from '../store.js';
import type { Ask } from './ask.js';
import { headlineOf, type IncidentSums } from './counts.js';
import { createCounts } from './create-counts.js';
import { knownReleases } from './known-releases.js';
import { scopeBuckets } from './scope-buckets.js';
import { needsFineSegments, scopeSegments } from './scope-segments.js';

const MAX_RELEASES = 20;
const MAX_CAUSES = 5;

/** Releases with anything in the scope, newest first. */
export function compareReleases(ask: Ask, scope: Scope): ReleaseRow[] {
  const nowMs = Date.now();
  const fine = needsFineSegments(scope);
  const options = { nowMs, bucketMs: scopeBuckets(ask, scope, nowMs).bucketMs, fine };
  const counts = createCounts(ask, scope, options);
  const segments = new Map(scopeSegments(ask, scope, fine).map((segment) => [segment.id, segment]));
  const releaseOf = ({ key }: { key: number }) => {
    const segment = segments.get(key);
    return segment === undefined ? '' : keyOf(segment);
  };
  const incidents = counts.incidents('segment', 'each');
  const present = new Set([...counts.sessions('segment'), ...incidents].map(releaseOf));
  const byRelease = groupBy(incidents, releaseOf);
  const known = knownReleases(ask, scope);
  const codes = new Map(
    ask<{ id: number; code: string; title: string }>('SELECT id, code, title FROM codes').map((row) => [row.id, row]),
  );
  return known
    .filter((release) => present.has(keyOf(release)))
    .slice(0, MAX_RELEASES)
    .map((release) => {
      const { app, release: name } = release;
      const own = createCounts(ask, { ...scope, app, release: name }, options);
      return {
        ...release,
        ...headlineOf(own.sessions('all')[0], own.incidents('all', 'any')[0]),
        causes: topCauses(ask, release, byRelease.get(keyOf(release)) ?? [], codes),
      };
    });
}

function keyOf({ app, release }: { readonly app: string; readonly release: string }): string {
  return `${app}\n${release}`;
}

function topCauses(
  ask: Ask,
  { app, release, firstAtMs }: ReleaseStart,
  sums: readonly IncidentSums[],
  codes: ReadonlyMap<number, { readonly code: string; readonly title: string }>,
): ReleaseCause[] {
  const sessions = new Map<number, number>();
  for (const { code, sessions: count } of sums) sessions.set(code, (sessions.get(code) ?? 0) + count);
  const earlier = new Set(
    ask<{ code: string }>(
      `SELECT DISTINCT code FROM first_seen WHERE app = ?1 AND release IN
        (SELECT release FROM first_seen WHERE app = ?1 AND code = '' AND release NOT IN ('', ?2)
          GROUP BY release HAVING MIN(first_received_at_ms) < ?3)`,
      app,
      release,
      firstAtMs,
    ).map(({ code }) => code),
  );
  return [...sessions]
    .flatMap(([id, count]) => {
      const named = codes.get(id);
      return named === undefined ? [] : [{ code: named.code, title: named.title, sessions: count }];
    })
    .sort((a, b) => b.sessions - a.sessions || (a.code < b.code ? -1 : 1))
    .slice(0, MAX_CAUSES)
    .map((cause) => ({ ...cause, isNew: earlier.size > 0 && !earlier.has(cause.code) }));
}
