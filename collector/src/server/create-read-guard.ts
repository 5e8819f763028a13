import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from './is-loopback.js';
import { createReadCookie } from './read-cookie.js';

/** Decides who may read. Writing has a guard of its own. */
export interface ReadGuard {
  /** Lets a request read, or rejects it. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Lets a request load the page, which reveals nothing by itself: with a token, it shows the form that asks for it. */
  checkPage(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** `Set-Cookie` for a browser that knows the token; undefined for one that does not. */
  signIn(token: string, isSecure: boolean): string | undefined;
  /** `Set-Cookie` that clears it; undefined if there is no token. */
  readonly signOut: string | undefined;
}

/** With a token: `Authorization: Bearer`, Basic with the token as password, or the cookie that the dashboard's form gets for it. */
export function createReadGuard(readToken: string | undefined): ReadGuard {
  // Without a token there is nothing to check.
  if (readToken === undefined) {
    return { check: guardLoopback, checkPage: guardLoopback, signIn: () => undefined, signOut: undefined };
  }
  const expected = digest(readToken);
  const cookie = createReadCookie(readToken);
  const isToken = (token: string) => timingSafeEqual(digest(token), expected);
  return {
    async check({ headers }, reply) {
      const token = tokenOf(headers.authorization);
      if (token === undefined ? cookie.isValid(headers.cookie, Date.now()) : isToken(token)) return;
      await reply
        .code(401)
        // Not Basic, which is accepted as well: browsers would ask for it in a dialog of their own, in front of the page's own form.
        .header('www-authenticate', 'Bearer realm="socket.io-diagnostics collector"')
        .send({
          error: 'Reading needs the read token: Authorization: Bearer <token>, or Basic with the token as password.',
        });
    },
    async checkPage() {},
    signIn: (token, isSecure) => (isToken(token) ? cookie.issue(Date.now(), isSecure) : undefined),
    signOut: cookie.cleared,
  };
}

/**
 * Stops a web site whose name was made to point here (DNS rebinding) from reading through a visitor's browser, and everybody from reading
 * through a proxy that was put in front without considering who may read.
 */
async function guardLoopback(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // The header as sent: a page may set X-Forwarded-Host, which fastify's `hostname` accepts from trusted proxies.
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (isLoopback(name)) {
    const from = forwardedFor(request.headers).find((address) => !isLoopback(address));
    if (from === undefined) return;
    await reply.code(421).send({
      error: `Without a read token the dashboard is only available on this machine, and a proxy forwarded this request for ${from.slice(0, 60)}. Start with --read-token to read it from elsewhere.`,
    });
    return;
  }
  await reply.code(421).send({
    error: `Without a read token the dashboard is only available as localhost, not as "${name}". Start with --read-token to read it under another name.`,
  });
}

/** For whom proxies say they forwarded a request. Trusting this is no risk: it can only keep somebody out. */
function forwardedFor({ 'x-forwarded-for': list, 'x-real-ip': one, forwarded = '' }: IncomingHttpHeaders): string[] {
  const listed = [list, one].flatMap((value) => String(value ?? '').split(','));
  const named = [...forwarded.matchAll(/(?:^|[;,\s])for="?([^";,\s]+)/gi)].map(([, value = '']) => value);
  return [...listed, ...named].flatMap((text) => {
    const address = text.trim().replace(/^\[([^\]]*)\](?::\d+)?$/, '$1');
    return address === '' ? [] : [address.replace(/^([\d.]+):\d+$/, '$1')];
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
