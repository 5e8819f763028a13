import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type Listening, listen } from './listen.js';

/** Server versions by the names under which package.json installs them. */
export type ServerVersion = '1' | '2' | '3' | '4.0' | '4';

/** The part of a Socket.IO server that is the same from 1.x to 4.x. */
export interface SocketIoServer {
  on(event: 'connection', listener: (socket: SocketIoServerSocket) => void): unknown;
  of(namespace: string): Pick<SocketIoServer, 'on' | 'use'>;
  use(middleware: (socket: SocketIoServerSocket, next: (error?: Error) => void) => void): unknown;
  readonly engine: { close(): unknown };
  readonly httpServer: Server;
}

export interface SocketIoServerSocket {
  disconnect(close?: boolean): unknown;
  on(event: string, listener: (...values: never[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  readonly conn: { close(): unknown };
}

export interface SocketIoSetup {
  /** Default `4`, the newest. */
  readonly version?: ServerVersion;
  /** Options of the server; from 3.x on, every origin is allowed unless `cors` is given here. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  readonly setup?: (io: SocketIoServer) => void;
  /** Responds to what is not for Socket.IO; without it, such requests get 404. */
  readonly elsewhere?: RequestListener;
}

const load = createRequire(import.meta.url);

/** A real Socket.IO server of any major. */
export async function startSocketIo({
  version = '4',
  options,
  port,
  setup,
  elsewhere,
}: SocketIoSetup = {}): Promise<Listening & { readonly io: SocketIoServer }> {
  const http = createServer(
    elsewhere ??
      ((_request, response) => {
        response.writeHead(404).end('Not found');
      }),
  );
  const loaded = load(version === '4' ? 'socket.io' : `socket.io-${version}`);
  // 1.x and 2.x export a factory and allow pages of every origin.
  const io: SocketIoServer =
    version === '1' || version === '2'
      ? loaded(http, { ...options })
      : new loaded.Server(http, { cors: { origin: true, credentials: true }, ...options });
  setup?.(io);
  const listening = await listen(http, port);
  return {
    ...listening,
    io,
    close: async () => {
      // Ends sessions that have no connection at the moment (polling), whose timers would keep the process alive.
      io.engine.close();
      await listening.close();
    },
  };
}
