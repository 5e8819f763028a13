import { createServer, type Socket } from 'node:net';
import { type Listening, listen } from './listen.js';

/** A TCP server that handles each connection as instructed; without a handler, it is a black hole that accepts and says nothing. */
export function startTcp(onConnection: (socket: Socket) => void = () => {}): Promise<Listening> {
  // Without reading, the end of a connection would never be noticed.
  return listen(
    createServer((socket) => {
      socket.resume();
      onConnection(socket);
    }),
  );
}
