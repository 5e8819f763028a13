import type { FastifyInstance } from 'fastify';
import { RequestError } from '../ingest/request-error.js';
import type { IncidentQuery, Scope, Store } from '../stores/store.js';
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
  const period = single(query, 'period') ?? '24h';
  const periodMs = Object.hasOwn(PERIODS_MS, period) ? PERIODS_MS[period] : undefined;
  if (periodMs === undefined && period !== 'all') {
    throw new RequestError(400, `period must be ${Object.keys(PERIODS_MS).join(', ')} or all; got "${period}"`);
  }
  return {
    ...(periodMs === undefined ? {} : { sinceMs: Date.now() - periodMs }),
    ...given(query, 'app'),
    ...given(query, 'release'),
    ...given(query, 'environment'),
  };
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
