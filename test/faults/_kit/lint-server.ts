import type { Listening } from './listen.js';
import { type SocketIoServer, startSocketIo } from './socketio-server.js';

/** A server of the newest major that lets clients of every major in: what is wrong with a use is on the client's side. */
export function startLintServer(setup?: (io: SocketIoServer) => void): Promise<Listening> {
  return startSocketIo({ options: { allowEIO3: true }, ...(setup && { setup }) });
}
