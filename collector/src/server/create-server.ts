import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { CollectorLogger } from '../collector-logger.js';
import { collectorVersion } from '../collector-version.js';
import { createByteBudget } from '../ingest/byte-budget.js';
import { createGroupCommit } from '../ingest/group-commit.js';
import { RequestError } from '../ingest/request-error.js';
import type { Store } from '../stores/store.js';
import { apiRoutes } from './api-routes.js';
import { createReadGuard } from './create-read-guard.js';
import { dashboardRoutes } from './dashboard-routes.js';
import { createLiveFeed } from './live-feed.js';
import { MAX_BODY_BYTES, recordsRoute } from './records-route.js';

export interface ServerOptions {
  readonly store: Store;
  readonly readToken: string | undefined;
  readonly dashboardFolder: string;
  /** What all requests together may hold in memory until they are on disk. */
  readonly maxWaitingBytes: number;
  readonly logger: CollectorLogger;
}

/** A client that stalls in the middle of a request may hold its connection for this long. */
const REQUEST_TIMEOUT_MS = 30_000;

const RETRY_AFTER_S = 10;

/** The HTTP side of the collector, not yet listening. Closing it ends live feeds, answers what is in flight and closes the store. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { store, readToken, dashboardFolder, logger } = options;
  const feed = createLiveFeed();
  const groupCommit = createGroupCommit(store, ({ changes }) => feed.publish(changes));
  const budget = createByteBudget(options.maxWaitingBytes);
  const routes: string[] = [];
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 1000 },
    exposeHeadRoutes: false,
  });

  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'OPTIONS' && !url.startsWith('/assets/')) routes.push(`${method} ${url}`);
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  app.addHook('preClose', async () => feed.close());
  app.addHook('onClose', async () => {
    await groupCommit.drain();
    await store.close();
  });

  app.setNotFoundHandler(({ method, url }, reply) => {
    const path = url.split('?', 1)[0];
    reply.code(404).send({ error: `There is no ${method} ${path} here.`, routes });
  });

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (error instanceof RequestError && error.retryAfterS !== undefined) {
      reply.header('retry-after', error.retryAfterS);
    }
    // The rest of a body that is too large is not worth reading.
    if (status === 413) reply.header('connection', 'close');
    if (status === 415 && error.code) {
      return reply.code(415).send({ error: 'Send the envelope with Content-Type: text/plain or application/json.' });
    }
    if (status < 500) return reply.code(status).send({ error: error.message });
    logger.error(`${request.method} ${request.url.split('?', 1)[0]} failed: ${error.stack ?? error.message}`);
    // Nothing was stored: the sender keeps its records and comes again.
    return reply.code(503).header('retry-after', RETRY_AFTER_S).send({ error: 'The collector cannot do this now.' });
  });

  app.register(recordsRoute, { groupCommit, budget });
  app.get('/healthz', async () => {
    await store.ping();
    return { status: 'ok', version: collectorVersion };
  });
  app.register(async (guarded) => {
    guarded.addHook('onRequest', createReadGuard(readToken));
    guarded.register(apiRoutes, { store, feed });
    guarded.register(dashboardRoutes, { folder: dashboardFolder });
  });
  return app;
}
