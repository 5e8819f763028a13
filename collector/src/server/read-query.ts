import { RequestError } from '../ingest/request-error.js';
import type { IncidentQuery, Scope } from '../stores/store.js';
import { bucketMsOf } from '../stores/trend-buckets.js';

const HOUR_MS = 3_600_000;

/** Values of `period`, in milliseconds. */
const PERIODS_MS: Readonly<Record<string, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** The query parameters, as sent. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Which part of the data a query is about; a `RequestError` names what cannot be read. */
export function scopeOf(query: Query): Scope {
  return {
    ...timeOf(query),
    ...given(query, 'app'),
    ...given(query, 'release'),
    ...given(query, 'environment'),
    ...given(query, 'engine'),
    ...given(query, 'networkType'),
  };
}

function timeOf(query: Query): Pick<Scope, 'sinceMs' | 'untilMs'> {
  const sinceMs = instantOf(query, 'since');
  const untilMs = instantOf(query, 'until');
  if (sinceMs !== undefined && untilMs !== undefined && untilMs <= sinceMs) {
    throw new RequestError(400, 'until must be later than since');
  }
  const until = untilMs === undefined ? {} : { untilMs };
  if (sinceMs !== undefined) return { sinceMs, ...until };
  const period = single(query, 'period') ?? '24h';
  const periodMs = Object.hasOwn(PERIODS_MS, period) ? PERIODS_MS[period] : undefined;
  if (periodMs === undefined && period !== 'all') {
    throw new RequestError(400, `period must be ${Object.keys(PERIODS_MS).join(', ')} or all; got "${period}"`);
  }
  if (periodMs === undefined) return until;
  const bucketMs = bucketMsOf(periodMs);
  // A whole bucket: a truncated first bar would look as if it had been quieter then.
  return { sinceMs: Math.floor(((untilMs ?? Date.now()) - periodMs) / bucketMs) * bucketMs, ...until };
}

/** A time as ISO 8601 or as milliseconds since 1970. */
function instantOf(query: Query, name: 'since' | 'until'): number | undefined {
  const text = single(query, name);
  if (text === undefined || text === '') return undefined;
  const atMs = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(atMs)) {
    throw new RequestError(400, `${name} must be a time such as 2026-11-21T08:00:00Z or 1795248000000; got "${text}"`);
  }
  return atMs;
}

/** As `scopeOf`, plus what else narrows the list of incidents. */
export function incidentQueryOf(query: Query): IncidentQuery {
  const limit = Number(single(query, 'limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new RequestError(400, `limit must be a whole number from 1 to ${MAX_LIMIT}; got "${single(query, 'limit')}"`);
  }
  return {
    ...scopeOf(query),
    ...given(query, 'code'),
    ...given(query, 'status'),
    ...given(query, 'search'),
    ...given(query, 'cursor'),
    limit,
  };
}

function given<K extends string>(query: Query, name: K): { [P in K]?: string } {
  const value = single(query, name);
  return (value === undefined || value === '' ? {} : { [name]: value }) as { [P in K]?: string };
}

function single(query: Query, name: string): string | undefined {
  const value = query[name];
  const one = Array.isArray(value) ? value[0] : value;
  // SQLite would read a text only up to its first NUL.
  return one?.replaceAll('\0', '').slice(0, 500);
}
