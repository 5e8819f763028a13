import { connect, createServer, type Socket } from 'node:net';
import { type Listening, listen } from './listen.js';

export interface TcpProxy extends Listening {
  /** Cuts what is connected now, towards the client and the server; new connections pass. */
  cut(how: 'rst' | 'fin'): void;
  /** From now on drops all bytes of the present connections without closing them, as a lost NAT entry does; new connections pass. */
  mute(): void;
}

export interface TcpProxySetup {
  /** Cuts each connection at the age that is given for it, in milliseconds, whatever passes. */
  readonly ageLimitMs?: () => number;
}

/** Forwards bytes to a port of this machine, or to the one that it is given for each connection, and knows nothing of HTTP. */
export async function startTcpProxy(
  target: number | (() => number),
  { ageLimitMs }: TcpProxySetup = {},
): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const muted = new Set<readonly [Socket, Socket]>();
  const server = createServer((downstream) => {
    const upstream = connect(typeof target === 'number' ? target : target(), '127.0.0.1');
    const pair = [downstream, upstream] as const;
    pairs.add(pair);
    downstream.pipe(upstream);
    upstream.pipe(downstream);
    if (ageLimitMs) {
      const limit = setTimeout(() => downstream.destroy(), ageLimitMs());
      downstream.on('close', () => clearTimeout(limit));
    }
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        // A dead path does not tell that the other end has gone either.
        if (!muted.has(pair)) for (const other of pair) other.destroy();
      });
    }
  });
  const listening = await listen(server);
  return {
    ...listening,
    close: async () => {
      for (const pair of muted) for (const socket of pair) socket.destroy();
      await listening.close();
    },
    cut: (how) => {
      for (const pair of pairs) for (const socket of pair) how === 'rst' ? socket.resetAndDestroy() : socket.destroy();
    },
    mute: () => {
      for (const pair of pairs) {
        muted.add(pair);
        const [downstream, upstream] = pair;
        downstream.unpipe(upstream).resume();
        upstream.unpipe(downstream).resume();
      }
    },
  };
}
