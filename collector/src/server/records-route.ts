import type { FastifyInstance } from 'fastify';
import type { GroupCommit } from '../ingest/group-commit.js';
import { parseEnvelope } from '../ingest/parse-envelope.js';
import { readBody } from '../ingest/read-body.js';

/** Limit of a body, as sent and as unpacked; the SDK sends at most 60,000 bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

export const RECORDS_PATH = '/v1/records';

/** Takes envelopes from any origin; nothing can be read here, so no origin needs to be kept out. */
export async function recordsRoute(app: FastifyInstance, { groupCommit }: { groupCommit: GroupCommit }): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
    // The SDK honours Retry-After, which a page can only read when it is exposed.
    reply.header('access-control-expose-headers', 'Retry-After');
    // Without it a page that sets Cross-Origin-Embedder-Policy could not read the answer of a no-cors request.
    reply.header('cross-origin-resource-policy', 'cross-origin');
  });

  // Bodies are parsed in the handler: fastify's own parser neither unpacks nor keeps the text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', 'text/plain'], { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  app.options(RECORDS_PATH, async (request, reply) => {
    reply.header('access-control-allow-methods', 'POST');
    // Whatever the app gives its sink, such as a key for a gateway in front: `*` would not cover `Authorization`.
    const wanted = request.headers['access-control-request-headers'];
    reply.header('access-control-allow-headers', wanted ?? 'Content-Type, Content-Encoding');
    reply.header('vary', 'Access-Control-Request-Headers');
    reply.header('access-control-max-age', '86400');
    return reply.code(204).send();
  });

  app.post(RECORDS_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const body = await readBody(bytes, request.headers['content-encoding']?.toLowerCase(), MAX_BODY_BYTES);
    const { batch, rejected } = parseEnvelope(body, Date.now());
    await groupCommit.commit(batch);
    return { accepted: batch.incidents.length + batch.sessions.length + batch.others.length, rejected };
  });
}
