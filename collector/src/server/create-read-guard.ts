import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from './is-loopback.js';

/** Lets a request read, or answers it. Writing has a guard of its own. */
export type ReadGuard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** With a token: `Authorization: Bearer`, or Basic with the token as password, which a browser asks for by itself. */
export function createReadGuard(readToken: string | undefined): ReadGuard {
  if (readToken === undefined) return guardLoopback;
  const expected = digest(readToken);
  return async (request, reply) => {
    const token = tokenOf(request.headers.authorization);
    if (token !== undefined && timingSafeEqual(digest(token), expected)) return;
    reply.header(
      'www-authenticate',
      'Basic realm="socket.io-diagnostics collector: any user, the read token as password"',
    );
    await reply
      .code(401)
      .send({ error: 'Reading needs the read token: Authorization: Bearer <token>, or Basic with it as password.' });
  };
}

/** Stops a web site whose name was made to point here (DNS rebinding) from reading through a visitor's browser. */
async function guardLoopback(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // As it was sent: a page may set X-Forwarded-Host, which fastify's `hostname` believes of trusted proxies.
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (isLoopback(name)) return;
  await reply.code(421).send({
    error: `Without a read token the dashboard answers to localhost only, not to "${name}". Start with --read-token to read it under another name.`,
  });
}

function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  const credentials = Buffer.from(value, 'base64').toString('utf8');
  return credentials.slice(credentials.indexOf(':') + 1);
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
