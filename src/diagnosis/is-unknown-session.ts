import type { BodyKind } from '../signals/body-kind.js';

/** Whether Engine.IO says that it does not know the session ("Session ID unknown", engine.io lib/server.ts). */
export function isUnknownSession(body: BodyKind | undefined): boolean {
  return body?.is === 'engineio-error' && body.code === 1;
}
