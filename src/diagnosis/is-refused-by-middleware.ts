import type { BodyKind } from '../signals/body-kind.js';

/**
 * Whether the JavaScript server refuses to serve this request: not because of a session that it does not know, which has a code of its own,
 * but because a middleware of the engine passes on an error (engine.io 6 lib/server.ts, MIDDLEWARE_FAILURE), or because what a request says
 * in its query does not fit its session.
 */
export function isRefusedByMiddleware(body: BodyKind | undefined): boolean {
  return body?.is === 'engineio-error' && body.code === 3 && body.ownWords === true;
}
