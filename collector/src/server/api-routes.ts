import type { FastifyInstance } from 'fastify';
import { RequestError } from '../ingest/request-error.js';
import type { Store } from '../stores/store.js';
import type { LiveFeed } from './live-feed.js';
import { incidentQueryOf, type Query, scopeOf } from './read-query.js';

/** The API that the dashboard reads, and anybody else who may read. */
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
    if (incident === undefined) throw new RequestError(404, missing('incident', params.id));
    reply.type('application/json; charset=utf-8');
    const { receivedAtMs, context, record, rejudged } = incident;
    // All of them are JSON already: they go out as they came in.
    const more = rejudged === undefined ? '' : `,"rejudged":${rejudged}`;
    return `{"receivedAtMs":${receivedAtMs},"context":${context},"record":${record}${more}}`;
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
    if (session === undefined) throw new RequestError(404, missing('session', params.id));
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
      // Otherwise nginx buffers the response.
      'x-accel-buffering': 'no',
    });
    if (!feed.add(response)) response.end('event: full\ndata: {}\n\n');
  });
}

function missing(what: 'incident' | 'session', id: string): string {
  return `There is no ${what} ${id}. Its records never arrived or have been deleted, or the URL is missing part of the id.`;
}
