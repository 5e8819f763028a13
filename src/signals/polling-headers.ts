import type { ClientManager } from './client-shapes.js';
import { isOldClient } from './is-old-client.js';

/** The headers that the app adds to polling requests. Their values are secret: pass this only to code that reads the names. */
export function pollingHeaders(manager: ClientManager): object {
  const opts = manager.engine?.opts ?? manager.opts ?? {};
  const own = Object(Object(opts.transportOptions).polling).extraHeaders;
  // Up to 2.x, the plain option is for Node only, where the engine keeps it (engine.io-client 3.5 lib/socket.js).
  const plain = isOldClient(manager)
    ? Object(manager.engine).extraHeaders
    : (opts.extraHeaders ?? manager.opts?.extraHeaders);
  return Object(own ?? plain);
}
