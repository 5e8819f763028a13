import { randomUUID } from 'node:crypto';
import type { Listening } from './listen.js';
import { startWebSocket } from './websocket-server.js';

/** Engine.IO 4 over WebSocket only, whose replies to a CONNECT packet the test chooses. */
export function startEngineStandIn(
  answer: (namespace: string) => readonly string[],
  upgrades: readonly string[] = [],
): Promise<Listening> {
  return startWebSocket((socket) => {
    const opening = { sid: randomUUID(), upgrades, pingTimeout: 20_000, pingInterval: 25_000, maxPayload: 1e6 };
    socket.send(`0${JSON.stringify(opening)}`);
    socket.on('message', (message) => {
      const connect = /^40(\/[^,]*)?/.exec(String(message));
      if (connect) for (const packet of answer(connect[1] ?? '/')) socket.send(packet);
    });
  });
}
