import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ByteBudget, ByteHold } from '../ingest/byte-budget.js';
import type { GroupCommit } from '../ingest/group-commit.js';
import { parseEnvelope } from '../ingest/parse-envelope.js';
import { readBody, receiveBody } from '../ingest/read-body.js';
import type { ProjectKey } from '../project-key.js';
import type { CollectorMetrics } from './collector-metrics.js';
import type { WriteGuard } from './create-write-guard.js';

/** Limit of a body, both compressed and decompressed; the SDK sends at most 60,000 bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

export const RECORDS_PATH = '/v1/records';

export interface RecordsRouteOptions {
  readonly groupCommit: GroupCommit;
  readonly budget: ByteBudget;
  readonly guard: WriteGuard;
  readonly metrics: CollectorMetrics;
}

/** Accepts envelopes from any origin that no key excludes; nothing can be read here. */
export async function recordsRoute(
  app: FastifyInstance,
  { groupCommit, budget, guard, metrics }: RecordsRouteOptions,
): Promise<void> {
  const holds = new WeakMap<object, ByteHold>();
  const holdOf = (request: { raw: object }): ByteHold => holds.get(request.raw) ?? budget.open();

  app.addHook('onRequest', (request, reply, done) => {
    const hold = budget.open();
    holds.set(request.raw, hold);
    // Emitted when a response is out and when a sender disconnects.
    reply.raw.once('close', hold.release);
    done();
  });
  app.addHook('onRequest', ({ method, headers }, reply, done) => {
    // Responses contain no secrets: a page that may not send can read why. The guard keeps it out, and for preflights this does.
    if (method !== 'OPTIONS' || guard.allowsOrigin(headers.origin)) reply.header('access-control-allow-origin', '*');
    // The SDK honors Retry-After, which a page can read only if it is exposed.
    reply.header('access-control-expose-headers', 'Retry-After');
    // Without it, a page that sets Cross-Origin-Embedder-Policy could not read the response to a no-cors request.
    reply.header('cross-origin-resource-policy', 'cross-origin');
    done();
  });

  const keys = new WeakMap<object, ProjectKey>();
  // What the guard throws is handled as if it were passed to `done`.
  app.addHook('onRequest', (request, _reply, done) => {
    const key = request.method === 'OPTIONS' ? undefined : guard.admit(request);
    if (key !== undefined) {
      keys.set(request.raw, key);
      metrics.byKey.add(1, key.name);
    }
    done();
  });

  // Bodies are parsed in the handler: fastify's own parser neither decompresses nor keeps the text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', 'text/plain'], (request: FastifyRequest, payload: IncomingMessage) =>
    receiveBody(payload, MAX_BODY_BYTES, holdOf(request)),
  );

  app.options(RECORDS_PATH, async (request, reply) => {
    reply.header('access-control-allow-methods', 'POST');
    // Whatever headers the app sets on its sink, such as a key for a gateway in front: `*` would not cover `Authorization`.
    const wanted = request.headers['access-control-request-headers'];
    reply.header('access-control-allow-headers', wanted ?? 'Content-Type, Content-Encoding');
    reply.header('vary', 'Access-Control-Request-Headers');
    reply.header('access-control-max-age', '86400');
    return reply.code(204).send();
  });

  app.post(RECORDS_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const encoding = request.headers['content-encoding']?.toLowerCase();
    const body = await readBody(bytes, encoding, MAX_BODY_BYTES, holdOf(request));
    metrics.bytes.add(bytes.length);
    const { batch, rejected, refusals } = parseEnvelope(body, Date.now());
    guard.expectApp(keys.get(request.raw), batch.app);
    for (const reason of refusals) metrics.refused.add(1, reason);
    await groupCommit.commit(batch);
    return { accepted: batch.incidents.length + batch.sessions.length + batch.others.length, rejected };
  });
}
