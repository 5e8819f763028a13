import type { BodyKind } from '../signals/body-kind.js';

/**
 * Whether the JavaScript server says that it will not serve this request: not of a session that it does not know, which has a code of its
 * own, but where a middleware of the engine hands on an error (engine.io 6 lib/server.ts, MIDDLEWARE_FAILURE), or where what a request says
 * in its query does not fit its session.
 */
export function isRefusedByMiddleware(body: BodyKind | undefined): boolean {
  return body?.is === 'engineio-error' && body.code === 3 && body.ownWords === true;
}
