import type { FastifyInstance } from 'fastify';
import { RequestError } from '../ingest/request-error.js';
import type { IncidentQuery, Scope, Store } from '../stores/store.js';
import { bucketMsOf } from '../stores/trend-buckets.js';
import type { LiveFeed } from './live-feed.js';

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

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What the dashboard reads, and anybody who may read it too. */
export async function apiRoutes(
  app: FastifyInstance,
  { store, feed }: { store: Store; feed: LiveFeed },
): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get<{ Querystring: Query }>('/api/overview', ({ query }) => store.overview(scopeOf(query)));

  app.get<{ Querystring: Query }>('/api/incidents', ({ query }) => store.listIncidents(incidentQueryOf(query)));

  app.get<{ Params: { id: string } }>('/api/incidents/:id', async ({ params }, reply) => {
    const incident = await store.readIncident(params.id);
    if (incident === undefined) throw new RequestError(404, `There is no incident ${params.id}.`);
    reply.type('application/json; charset=utf-8');
    // Both are JSON already: they go out as they came in.
    return `{"receivedAtMs":${incident.receivedAtMs},"context":${incident.context},"record":${incident.record}}`;
  });

  app.get<{ Querystring: Query }>('/api/causes', async ({ query }) => ({
    causes: await store.rankCauses(scopeOf(query)),
  }));

  app.get<{ Params: { code: string }; Querystring: Query }>('/api/causes/:code', async ({ params, query }, reply) => {
    const cause = await store.readCause(params.code, scopeOf(query));
    if (cause === undefined)
      throw new RequestError(404, `There is no incident with the cause ${params.code} in this selection.`);
    const { newestRecord, ...report } = cause;
    reply.type('application/json; charset=utf-8');
    return `{"report":${JSON.stringify(report)},"newest":${newestRecord}}`;
  });

  app.get<{ Querystring: Query }>('/api/releases', async ({ query }) => ({
    releases: await store.compareReleases(scopeOf(query)),
  }));

  app.get<{ Params: { id: string } }>('/api/sessions/:id', async ({ params }, reply) => {
    const session = await store.readSession(params.id);
    if (session === undefined) throw new RequestError(404, `There is no session ${params.id}.`);
    const { context, records, incidents } = session;
    reply.type('application/json; charset=utf-8');
    return `{"context":${context},"records":[${records.join(',')}],"incidents":${JSON.stringify(incidents)}}`;
  });

  app.get('/api/facets', () => store.facets());

  app.get('/api/events', (_request, reply) => {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds back answers otherwise.
      'x-accel-buffering': 'no',
    });
    if (!feed.add(response)) response.end('event: full\ndata: {}\n\n');
  });
}

function scopeOf(query: Query): Scope {
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
  // A whole bucket: a first bar that is cut would look as if it had been quieter then.
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

function incidentQueryOf(query: Query): IncidentQuery {
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
