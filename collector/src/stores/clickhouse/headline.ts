import type { Headline, Percentiles, Scope } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { scopeConditions, where } from './where.js';

/** Sums of sessions, all weighted; 0 without any. */
export interface SessionSums {
  readonly total: number;
  readonly connectedSum: number;
  readonly failedSum: number;
  readonly wantedSum: number;
  readonly upgradedSum: number;
}

export interface SessionTimes {
  /** Sessions that connected, so that an absent time does not count as 0 ms. */
  readonly timed: number;
  readonly quantiles: readonly number[];
}

export interface IncidentCounts {
  readonly incidents: number;
  readonly openIncidents: number;
  readonly affectedSessions: number;
}

export const SESSION_SUMS = `sum(weight) AS total, sum(weight * connected) AS connectedSum, sum(weight * failed) AS failedSum,
  sum(weight * upgrade_wanted) AS wantedSum,
  sum(weight * (upgrade_wanted AND isNotNull(time_to_upgrade_ms))) AS upgradedSum`;

// Weights are whole numbers there; the smallest share of a sampled session that counts is a thousandth.
export const SESSION_TIMES = `countIf(isNotNull(time_to_connect_ms)) AS timed,
  quantilesExactWeightedIf(0.5, 0.75, 0.95)(ifNull(time_to_connect_ms, 0), toUInt64(round(weight * 1000)), isNotNull(time_to_connect_ms))
    AS quantiles`;

export const INCIDENT_COUNTS = `count() AS incidents, countIf(status = 'open') AS openIncidents,
  uniqExact(client_session_id) AS affectedSessions`;

/** The headline numbers of a scope. */
export async function headline({ rows }: ClickHouseConnection, scope: Scope): Promise<Headline> {
  const [[sums], [counts]] = await Promise.all([
    rows<SessionSums & SessionTimes>(
      `SELECT ${SESSION_SUMS}, ${SESSION_TIMES} FROM sessions FINAL ${where(...scopeConditions('started_at_ms', scope))}`,
    ),
    rows<IncidentCounts>(
      `SELECT ${INCIDENT_COUNTS} FROM incidents FINAL ${where(...scopeConditions('opened_at_ms', scope))}`,
    ),
  ]);
  return {
    ...sessionShares(sums),
    timeToConnectMs: percentilesOf(sums),
    incidents: counts?.incidents ?? 0,
    openIncidents: counts?.openIncidents ?? 0,
    affectedSessions: counts?.affectedSessions ?? 0,
  };
}

/** How many sessions, and which shares of them connected, could not connect, and upgraded. */
export function sessionShares(
  sums: SessionSums | undefined,
): Pick<Headline, 'sessions' | 'connectedShare' | 'failedShare' | 'upgradedShare'> {
  return {
    sessions: sums?.total ?? 0,
    ...(sums?.total
      ? { connectedShare: sums.connectedSum / sums.total, failedShare: sums.failedSum / sums.total }
      : {}),
    ...(sums?.wantedSum ? { upgradedShare: sums.upgradedSum / sums.wantedSum } : {}),
  };
}

export function percentilesOf(times: SessionTimes | undefined): Percentiles {
  const [p50, p75, p95] = times?.timed ? times.quantiles : [];
  return {
    ...(p50 === undefined ? {} : { p50 }),
    ...(p75 === undefined ? {} : { p75 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}
