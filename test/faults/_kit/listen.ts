import type { AddressInfo, Server, Socket } from 'node:net';

/** Something that listens on loopback until it is closed. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Destroys what is still connected, then stops listening. */
  close(): Promise<void>;
}

/** Starts any server on 127.0.0.1; port 0 takes a free one. */
export async function listen(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A client that resets its connection is part of what is tested here, not an error of the server.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
