import type { CauseRank, FirstSeen, Store } from '../stores/store.js';
import type { AlertCheck } from './alert-check.js';
import { DEFAULT_FIRST_SEEN_SESSIONS, type FirstSeenRule } from './alert-rule.js';
import { isWatched } from './is-watched.js';
import type { ReleaseHistory } from './release-history.js';

/** Whose causes are counted in one check. */
const MAX_RELEASES = 20;

/** Reports which of the recently appeared causes came with a release. */
export async function checkFirstSeen(
  {
    store,
    history,
    recent,
  }: { store: Pick<Store, 'rankCauses'>; history: ReleaseHistory; recent: readonly FirstSeen[] },
  rule: FirstSeenRule,
  { state: { seen }, room, tell }: AlertCheck,
): Promise<void> {
  const ranksOf = new Map<string, readonly CauseRank[]>();
  // Newest first: there may be more than can be queried at once.
  for (const row of [...recent].reverse()) {
    const { app, environment, release, code, firstReceivedAtMs } = row;
    const key = seenKey(rule, row);
    if (seen[key] !== undefined || !isInScope(rule, row) || !room()) continue;
    if (!(await history.isNew(row))) {
      seen[key] = firstReceivedAtMs;
      continue;
    }
    const place = JSON.stringify([app, environment, release]);
    if (!ranksOf.has(place) && ranksOf.size === MAX_RELEASES) continue;
    const ranks = ranksOf.get(place) ?? (await store.rankCauses({ app, environment, release }));
    ranksOf.set(place, ranks);
    const rank = ranks.find((one) => one.code === code);
    if (rank === undefined || !isWatched(rule, rank)) continue;
    if (rank.sessions < (rule.sessions ?? DEFAULT_FIRST_SEEN_SESSIONS)) continue;
    seen[key] = firstReceivedAtMs;
    tell({
      status: 'first-seen',
      rule: rule.name,
      ...{ code, title: rank.title, app, environment, release, sessions: rank.sessions },
      since: new Date(firstReceivedAtMs).toISOString(),
    });
  }
}

/** The key under which `AlertState.seen` remembers that a cause was reported, or existed before the first check. */
export function seenKey({ name }: FirstSeenRule, { app, environment, release, code }: FirstSeen): string {
  return JSON.stringify([name, app, environment, release, code]);
}

function isInScope({ app, environment, code }: FirstSeenRule, row: FirstSeen): boolean {
  return (
    (app === undefined || app === row.app) &&
    (environment === undefined || environment === row.environment) &&
    (code === undefined || code === row.code)
  );
}
