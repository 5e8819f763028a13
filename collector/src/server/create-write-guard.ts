import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../ingest/request-error.js';
import type { ProjectKey } from '../project-key.js';
import { addressGroup } from './address-group.js';
import { createTokenBuckets } from './token-buckets.js';
import { TooManyFromAddress } from './too-many-from-address.js';

export interface WriteLimits {
  /** Without keys, everybody may write. */
  readonly keys: readonly ProjectKey[];
  /** Requests per second, with bursts of ten seconds' worth; 0 means no limit. */
  readonly ratePerAddress: number;
  readonly ratePerKey: number;
}

/** Decides who may write, before a body is read. */
export interface WriteGuard {
  /** The key that was presented, `undefined` if none is required; throws a `RequestError` that says what is missing. */
  admit(request: FastifyRequest): ProjectKey | undefined;
  /** Throws if the key is bound to other apps. */
  expectApp(key: ProjectKey | undefined, app: string): void;
  /** Whether pages of this origin may send with any key: a preflight carries no key. */
  allowsOrigin(origin: string | undefined): boolean;
}

export function createWriteGuard({ keys, ratePerAddress, ratePerKey }: WriteLimits): WriteGuard {
  // Looked up by digest, so that the time it takes reveals nothing about a secret.
  const byDigest = new Map(keys.map((key) => [digest(key.secret), key]));
  const addresses = createTokenBuckets(ratePerAddress);
  const projects = createTokenBuckets(ratePerKey);

  const tooMany = (whose: string) => `${whose} sends more requests than the collector accepts.`;

  return {
    admit(request) {
      const now = Date.now();
      const addressWaitS = addresses.take(addressGroup(request.ip), now);
      if (addressWaitS > 0) throw new TooManyFromAddress(tooMany('This address'), addressWaitS);
      if (keys.length === 0) return undefined;
      const secret = secretOf(request);
      if (secret === undefined) {
        throw new RequestError(
          401,
          'Writing needs a project key: Authorization: Bearer <key>, X-Project-Key: <key> or ?key=<key>.',
        );
      }
      const key = byDigest.get(digest(secret));
      if (key === undefined) throw new RequestError(401, 'Unknown project key.');
      const { origin } = request.headers;
      if (!mayCome(key, origin)) {
        throw new RequestError(
          403,
          `The project key ${key.name} does not accept records from ${origin?.slice(0, 200)}.`,
        );
      }
      const keyWaitS = projects.take(key.name, now);
      if (keyWaitS > 0) throw new RequestError(429, tooMany(`The project ${key.name}`), keyWaitS);
      return key;
    },
    expectApp(key, app) {
      if (key?.apps === undefined || key.apps.includes(app)) return;
      throw new RequestError(
        403,
        `The project key ${key.name} does not accept records of the app "${app.slice(0, 100)}". The SDK's option app.name sets the app.`,
      );
    },
    allowsOrigin: (origin) => keys.length === 0 || keys.some((key) => mayCome(key, origin)),
  };
}

function mayCome({ origins }: ProjectKey, origin: string | undefined): boolean {
  return origins === undefined || origin === undefined || origins.includes(origin);
}

function secretOf({ headers, query }: FastifyRequest): string | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const given = bearer ?? headers['x-project-key'] ?? (query as { key?: unknown }).key;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
