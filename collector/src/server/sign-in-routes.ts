import type { FastifyInstance } from 'fastify';
import { RequestError } from '../ingest/request-error.js';
import { addressGroup } from './address-group.js';
import type { ReadGuard } from './create-read-guard.js';
import { createTokenBuckets } from './token-buckets.js';
import { TooManyFromAddress } from './too-many-from-address.js';

/** One every two seconds, five at once: people hardly notice it, and guessing is hopeless. */
const TRIES_PER_SECOND = 0.5;

/** The sign-in form of the dashboard: issues a cookie for the token, and clears it. */
export async function signInRoutes(app: FastifyInstance, { guard }: { guard: ReadGuard }): Promise<void> {
  const tries = createTokenBuckets(TRIES_PER_SECOND);

  app.post<{ Body: { token?: unknown } | undefined }>(
    '/api/sign-in',
    async ({ body, ip, protocol, headers }, reply) => {
      const waitS = tries.take(addressGroup(ip), Date.now());
      if (waitS > 0) throw new TooManyFromAddress('Too many attempts. Wait a moment.', waitS);
      // Browsers say where the page came from, even behind a proxy that does not mention its TLS or is not trusted.
      const isSecure = protocol === 'https' || headers.origin?.startsWith('https:') === true;
      const cookie = guard.signIn(typeof body?.token === 'string' ? body.token.trim() : '', isSecure);
      if (cookie === undefined) throw new RequestError(403, 'That is not the read token of this collector.');
      return reply.code(204).header('set-cookie', cookie).send();
    },
  );

  app.post('/api/sign-out', async (_request, reply) => {
    if (guard.signOut !== undefined) reply.header('set-cookie', guard.signOut);
    return reply.code(204).send();
  });
}
