import type { Headline, Percentiles, Scope } from '../store.js';
import { type WeightedValue, weightedPercentiles } from '../weighted-percentiles.js';
import type { Ask } from './ask.js';
import { scopeConditions, where } from './where.js';

/** The headline numbers of a scope. */
export function headline(ask: Ask, scope: Scope): Headline {
  const sessions = where(...scopeConditions('started_at_ms', scope));
  const [totals] = ask<SessionSums>(`SELECT ${SESSION_SUMS} FROM sessions ${sessions.sql}`, ...sessions.values);
  const timed = where(...scopeConditions('started_at_ms', scope), {
    sql: 'time_to_connect_ms IS NOT NULL',
    values: [],
  });
  const times = ask<WeightedValue>(
    `SELECT time_to_connect_ms AS value, SUM(weight) AS weight FROM sessions ${timed.sql} GROUP BY value ORDER BY value`,
    ...timed.values,
  );
  const opened = where(...scopeConditions('opened_at_ms', scope));
  const [counts] = ask<Record<'incidents' | 'affectedSessions', number> & { openIncidents: number | null }>(
    `SELECT COUNT(*) AS incidents, SUM(status = 'open') AS openIncidents, COUNT(DISTINCT client_session_id) AS affectedSessions
      FROM incidents ${opened.sql}`,
    ...opened.values,
  );
  return {
    ...sessionShares(totals),
    timeToConnectMs: percentilesOf(times),
    incidents: counts?.incidents ?? 0,
    openIncidents: counts?.openIncidents ?? 0,
    affectedSessions: counts?.affectedSessions ?? 0,
  };
}

/** Weighted sums of sessions; null without any. */
export type SessionSums = Record<'sessions' | 'connected' | 'wanted' | 'upgraded', number | null>;

/** Columns of `SessionSums`. */
export const SESSION_SUMS = `SUM(weight) AS sessions, SUM(weight * connected) AS connected, SUM(weight * upgrade_wanted) AS wanted,
  SUM(weight * (upgrade_wanted AND time_to_upgrade_ms IS NOT NULL)) AS upgraded`;

/** How many sessions, and which shares of them connected and upgraded. */
export function sessionShares(
  sums: SessionSums | undefined,
): Pick<Headline, 'sessions' | 'connectedShare' | 'upgradedShare'> {
  return {
    sessions: sums?.sessions ?? 0,
    ...(sums?.sessions ? { connectedShare: (sums.connected ?? 0) / sums.sessions } : {}),
    ...(sums?.wanted ? { upgradedShare: (sums.upgraded ?? 0) / sums.wanted } : {}),
  };
}

/** `times` in ascending order. */
export function percentilesOf(times: readonly WeightedValue[]): Percentiles {
  const [p50, p75, p95] = weightedPercentiles(times, [0.5, 0.75, 0.95]);
  return {
    ...(p50 === undefined ? {} : { p50 }),
    ...(p75 === undefined ? {} : { p75 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}
