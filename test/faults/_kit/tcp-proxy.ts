import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { type Listening, listen } from './listen.js';

export interface TcpProxy extends Listening {
  /** Cuts what is connected now, towards the client and the server; new connections pass. */
  cut(how: 'rst' | 'fin'): void;
  /** From now on drops all bytes of the current connections without closing them, like a lost NAT entry; new connections pass. */
  mute(): void;
  /** Holds back all bytes of the current connections, like a network without reception, until the returned function is called. */
  hold(): () => void;
}

export interface TcpProxySetup {
  /** Cuts each connection at the age given for it, in milliseconds, whatever passes. */
  readonly ageLimitMs?: () => number;
  /** How late everything arrives, in each direction. */
  readonly latencyMs?: number;
  /** How much passes at most, in each direction. */
  readonly bytesPerSecond?: number;
}

/** Forwards bytes to a port of this machine, or to the one given for each connection, and knows nothing of HTTP. */
export async function startTcpProxy(
  target: number | (() => number),
  { ageLimitMs, ...line }: TcpProxySetup = {},
): Promise<TcpProxy> {
  const isSlow = line.latencyMs !== undefined || line.bytesPerSecond !== undefined;
  const pairs = new Set<readonly [Socket, Socket]>();
  const muted = new Set<readonly [Socket, Socket]>();
  const server = createServer((downstream) => {
    const upstream = connect(typeof target === 'number' ? target : target(), '127.0.0.1');
    const pair = [downstream, upstream] as const;
    pairs.add(pair);
    if (isSlow) {
      downstream.pipe(slowDown(line)).pipe(upstream);
      upstream.pipe(slowDown(line)).pipe(downstream);
    } else {
      downstream.pipe(upstream);
      upstream.pipe(downstream);
    }
    if (ageLimitMs) {
      const limit = setTimeout(() => downstream.destroy(), ageLimitMs());
      downstream.on('close', () => clearTimeout(limit));
    }
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', (hadError) => {
        pairs.delete(pair);
        // What is still on a slow line arrives before the end does.
        if (isSlow && !hadError) return;
        // A dead path does not report that the other end has gone either.
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
    hold: () => {
      const held = [...pairs];
      for (const [downstream, upstream] of held) {
        downstream.unpipe(upstream).pause();
        upstream.unpipe(downstream).pause();
      }
      return () => {
        for (const [downstream, upstream] of held) {
          downstream.pipe(upstream);
          upstream.pipe(downstream);
        }
      };
    },
    mute: () => {
      for (const pair of pairs) {
        muted.add(pair);
        const [downstream, upstream] = pair;
        downstream.unpipe().resume();
        upstream.unpipe().resume();
      }
    },
  };
}

function slowDown({ latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY }: TcpProxySetup): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => this.push(chunk), latencyMs);
      setTimeout(done, (chunk.length / bytesPerSecond) * 1_000);
    },
    flush(done) {
      setTimeout(done, latencyMs);
    },
  });
}
