import type { IncomingMessage } from 'node:http';
import type { Listening } from './listen.js';
import { startReverseProxy } from './reverse-proxy.js';
import { type SocketIoSetup, startSocketIo } from './socketio-server.js';

/** Which node gets the next request: its index, from the number of nodes, the number of the request (from 0) and the request. */
export type Pick = (nodes: number, turn: number, request: IncomingMessage) => number;

export const roundRobin: Pick = (nodes, turn) => turn % nodes;

/** Spreads without a pattern, yet identically in every run: the high bits of a multiplicative hash of the turn. */
export const scattered: Pick = (nodes, turn) => (Math.imul(turn + 1, 2654435761) >>> 16) % nodes;

/** Every request of one client address, which here is everybody's, goes to one node. */
export const sticky: Pick = () => 0;

/** Polling is sticky, upgrades go to another node. */
export const stickyButUpgrades: Pick = (_nodes, _turn, request) => (request.headers.upgrade ? 1 : 0);

/** Several Socket.IO servers that do not know of each other's sessions, behind one address. */
export async function startBalancer({
  nodes,
  pick,
  options,
  setup,
}: {
  readonly nodes: number;
  readonly pick: Pick;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly setup?: SocketIoSetup['setup'];
}): Promise<Listening> {
  const servers = await Promise.all(
    Array.from({ length: nodes }, () => startSocketIo({ ...(options && { options }), ...(setup && { setup }) })),
  );
  let turn = 0;
  const proxy = await startReverseProxy({
    target: (request) => {
      const server = servers[pick(nodes, turn++, request)];
      if (!server) throw new RangeError('pick() named a node that does not exist');
      return server.port;
    },
  });
  return {
    ...proxy,
    close: async () => {
      await proxy.close();
      for (const server of servers) await server.close();
    },
  };
}
