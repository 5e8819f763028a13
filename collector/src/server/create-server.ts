import type { IncomingMessage } from 'node:http';
import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import { type AlertOptions, startAlerts } from '../alerts/start-alerts.js';
import { withoutBasePath } from '../base-path.js';
import type { CollectorLogger } from '../collector-logger.js';
import { collectorVersion } from '../collector-version.js';
import { createRetention } from '../create-retention.js';
import { createByteBudget } from '../ingest/byte-budget.js';
import { createGroupCommit } from '../ingest/group-commit.js';
import { RequestError } from '../ingest/request-error.js';
import { createRetentionClock } from '../retention-clock.js';
import type { Store } from '../stores/store.js';
import { adviceOf, StoreFailure } from '../stores/store-failure.js';
import { apiRoutes } from './api-routes.js';
import { createCollectorMetrics } from './collector-metrics.js';
import { createReadGuard } from './create-read-guard.js';
import { createRepeatFilter } from './create-repeat-filter.js';
import { createStoreHealth } from './create-store-health.js';
import { createWriteGuard, type WriteLimits } from './create-write-guard.js';
import { dashboardRoutes } from './dashboard-routes.js';
import { exportRoutes } from './export-routes.js';
import { createLiveFeed } from './live-feed.js';
import { METRICS_CONTENT_TYPE } from './metrics.js';
import { publishChanges } from './publish-changes.js';
import { MAX_BODY_BYTES, recordsRoute } from './records-route.js';
import { signInRoutes } from './sign-in-routes.js';
import { TooManyFromAddress } from './too-many-from-address.js';

export interface ServerOptions {
  readonly store: Store;
  readonly readToken: string | undefined;
  readonly dashboardFolder: string;
  /** As `readBasePath` returns it; empty: none. */
  readonly basePath: string;
  /** How much all requests together may hold in memory until they are on disk. */
  readonly maxWaitingBytes: number;
  readonly limits: WriteLimits;
  /** As in fastify: the number of proxies in front, or their addresses; `false` trusts no `X-Forwarded-For`. */
  readonly trustProxy: number | string | false;
  readonly maxConnections: number;
  /** Absent: nothing is deleted. */
  readonly keepDays: number | undefined;
  readonly maxSizeBytes: number | undefined;
  /** Already checked; absent: nobody is alerted. */
  readonly alerts?: AlertOptions | undefined;
  readonly logger: CollectorLogger;
  /** How long senders may stall; absent: the default. */
  readonly patience?: Patience;
}

/** In milliseconds. */
export interface Patience {
  readonly headersMs: number;
  /** For the whole request, including its headers. */
  readonly requestMs: number;
  /** How often to look for requests that took longer. */
  readonly checkMs: number;
}

const PATIENCE: Patience = {
  // Only an attack needs longer for its headers.
  headersMs: 10_000,
  requestMs: 30_000,
  // Node's default is every 30 seconds.
  checkMs: 2000,
};

/** Node drops headers beyond this; browsers send some twenty. */
const MAX_HEADERS = 100;

/** Long enough for two batches of a busy page; idle pages make room for others. */
const KEEP_ALIVE_MS = 20_000;

const UNTRUSTED =
  'Senders are refused because too many requests come from one address, and a proxy forwards them: everybody behind it counts as one sender. If there is one proxy, start with --trust-proxy 1, so that its X-Forwarded-For is trusted.';

const RETRY_AFTER_S = 10;

/** nginx's code for a client that closed the request; nobody reads the response. */
const LEFT = 499;

/** Many health checks share one write. */
const HEALTH_VALID_MS = 1000;

/** The HTTP side of the collector, not yet listening. Closing it ends live feeds, finishes requests in flight and closes the store. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { store, readToken, dashboardFolder, basePath, trustProxy, logger, patience = PATIENCE } = options;
  const feed = createLiveFeed();
  const metrics = createCollectorMetrics();
  const guard = createWriteGuard(options.limits);
  const groupCommit = createGroupCommit(store, ({ changes, records, durationMs }) => {
    health.worked();
    const stored = changes.incidentIds.length + changes.sessions + changes.others;
    metrics.commitSeconds.observe(durationMs / 1000);
    metrics.records.add(stored, 'stored');
    metrics.records.add(records - stored, 'duplicate');
    if (store.followChanges === undefined) feed.publish(changes);
  });
  const budget = createByteBudget(options.maxWaitingBytes);
  const health = createStoreHealth({
    store,
    logger,
    validMs: HEALTH_VALID_MS,
    onFailure: ({ reason }) => metrics.failures.add(1, reason),
  });
  const isNews = createRepeatFilter();
  const routes: string[] = [];
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: patience.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : trustProxy,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.checkMs },
    rewriteUrl: ({ url = '/' }: IncomingMessage) => withoutBasePath(url, basePath),
    routerOptions: { maxParamLength: 1000 },
    exposeHeadRoutes: false,
  });

  app.server.maxHeadersCount = MAX_HEADERS;
  app.server.maxConnections = options.maxConnections;
  app.server.on('drop', () => metrics.droppedConnections.add(1));

  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'OPTIONS' && method !== 'HEAD' && !url.startsWith('/assets/')) routes.push(`${method} ${url}`);
  });
  // Hooks of every request use callbacks instead of async functions: each promise would cost turns of the microtask queue.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    done();
  });
  app.addHook('onResponse', (_request, { statusCode }, done) => {
    metrics.requests.add(1, String(statusCode));
    done();
  });
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    health.stop();
    feed.close();
  });
  // A connection that stays open after the last response would delay the shutdown.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  const { keepDays, maxSizeBytes: maxBytes } = options;
  const retention =
    store.retention &&
    createRetention({
      store: store.retention,
      clock: createRetentionClock({
        state: store.state,
        newestReceivedMs: () => store.retention?.newestReceivedMs() ?? Promise.resolve(undefined),
        logger,
      }),
      keepDays,
      maxBytes,
      logger,
      onDeleted: (rows, rule) => metrics.retentionDeleted.add(rows, rule),
    });
  app.addHook('onListen', async () => void retention?.sweep().catch(() => {}));
  let alerts: ReturnType<typeof startAlerts> | undefined;
  app.addHook('onListen', async () => {
    const onOutcome = (outcome: string) => metrics.alerts.add(1, outcome);
    if (options.alerts) alerts = startAlerts(options.alerts, { store, logger, onOutcome });
  });
  const following = store.followChanges && publishChanges(feed, store.followChanges());
  app.addHook('onClose', async () => {
    await alerts?.stop();
    await following?.stop();
    await retention?.stop();
    await groupCommit.drain();
    await store.close();
  });

  app.setNotFoundHandler(({ method, url }, reply) => {
    const path = url.split('?', 1)[0];
    reply.code(404).send({ error: `There is no ${method} ${path} here.`, routes });
  });

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // A sender that left in the middle of its body, as every closed page does: there is nobody to answer and nothing to fix.
    if (error.code === 'ECONNRESET') return reply.code(LEFT).send();
    const status = error.statusCode ?? 500;
    if (error instanceof RequestError && error.retryAfterS !== undefined) {
      reply.header('retry-after', error.retryAfterS);
    }
    // The rest of a body that is too large is not worth reading.
    if (status === 413) reply.header('connection', 'close');
    if (status === 415 && error.code) {
      return reply.code(415).send({ error: 'Send the envelope with Content-Type: text/plain or application/json.' });
    }
    if (
      error instanceof TooManyFromAddress &&
      trustProxy === false &&
      request.headers['x-forwarded-for'] !== undefined &&
      isNews(UNTRUSTED)
    ) {
      logger.error(UNTRUSTED);
    }
    if (status < 500) return reply.code(status).send({ error: error.message });
    const failure = error instanceof StoreFailure ? error : undefined;
    // A query that takes too long says nothing about writing.
    const isQuestion = request.method === 'GET';
    if (failure && !isQuestion) health.failed(failure);
    else {
      const what = failure ? `${failure.message}. ${adviceOf(failure)}`.trim() : (error.stack ?? error.message);
      const path = request.url.split('?', 1)[0];
      if (isNews(`${request.method} ${request.routeOptions.url}: ${error.message}`)) {
        logger.error(`${request.method} ${path} failed: ${what}`);
      }
    }
    // Nothing was stored: the sender keeps its records and retries.
    return reply
      .code(503)
      .header('retry-after', RETRY_AFTER_S)
      .send({
        error: !failure
          ? 'The collector cannot do this right now.'
          : isQuestion
            ? `The collector cannot read its store right now (${failure.reason}).`
            : `The collector cannot store records right now (${failure.reason}); nothing in this request was stored. Its /healthz and its log say what to do.`,
      });
  });

  app.register(recordsRoute, { groupCommit, budget, guard, metrics });
  // Monitoring tools often use HEAD.
  app.get('/healthz', { exposeHeadRoute: true }, async (_request, reply) => {
    const failure = await health.check();
    if (failure !== undefined) {
      return reply.code(503).send({ status: 'failing', reason: failure.reason, advice: adviceOf(failure) });
    }
    return { status: 'ok', version: collectorVersion };
  });
  let storeBytes: number | undefined;
  metrics.gauge('store_size_bytes', 'Size of the store on disk.', () => storeBytes);
  metrics.gauge('waiting_bytes', 'Bytes waiting to be written to disk.', () => budget.heldBytes);
  metrics.gauge('live_listeners', 'Open live feeds.', () => feed.listeners);
  metrics.gauge('store_writable', '1 while the store accepts writes.', () => Number(!health.failing));
  const readGuard = createReadGuard(readToken);
  app.register(async (page) => {
    page.addHook('onRequest', readGuard.checkPage);
    page.register(dashboardRoutes, { folder: dashboardFolder, basePath });
    page.register(signInRoutes, { guard: readGuard });
  });
  app.register(async (guarded) => {
    guarded.addHook('onRequest', readGuard.check);
    guarded.get('/metrics', async (_request, reply) => {
      storeBytes = await store.sizeBytes();
      return reply.header('cache-control', 'no-store').type(METRICS_CONTENT_TYPE).send(metrics.text());
    });
    guarded.register(apiRoutes, { store, feed });
    guarded.register(exportRoutes, { store });
  });
  return app;
}
