import { startSocketIo } from '../../../test/faults/_kit/socketio-server.js';
import type { StartedFault } from './demo-fault.js';

/** A server with nothing wrong, on an origin of its own like all the others. */
export async function startHealthy(): Promise<StartedFault> {
  const { url, close } = await startSocketIo();
  return { url, close };
}
