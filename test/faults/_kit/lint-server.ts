import type { Listening } from './listen.js';
import { type SocketIoServer, startSocketIo } from './socketio-server.js';

/** A server of the newest major version that accepts clients of every major version: the mistakes in usage are on the client's side. */
export function startLintServer(setup?: (io: SocketIoServer) => void): Promise<Listening> {
  return startSocketIo({ options: { allowEIO3: true }, ...(setup && { setup }) });
}
