import { randomUUID } from 'node:crypto';
import { startEngineStandIn } from '../faults/_kit/engine-stand-in.js';
import type { Fault, FaultVariant, Place } from '../faults/_kit/fault.js';
import { withFetch } from '../faults/_kit/other-transports.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

/** Longer than the SDK waits for an upgrade that may never come. */
const beyondUpgradeMs = 11_000;

function variant(options: Record<string, unknown>, holdMs?: number): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options, close, ...(holdMs === undefined ? {} : { holdMs }) };
    },
  };
}

const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same', 'react-native'];

export const healthy: Fault = {
  code: 'transports',
  places: ['node', 'chromium'],
  variants: {
    'polling-then-websocket': { ...variant({}, beyondUpgradeMs), places: everywhere },
    'polling-only': variant({ transports: ['polling'] }, beyondUpgradeMs),
    'websocket-only': variant({ transports: ['websocket'] }),
    'no-upgrade': variant({ upgrade: false }, beyondUpgradeMs),
    // Long-polling made by `fetch()`.
    fetch: withFetch(variant({}, 2_000)),
    // The server refuses the first transport and serves the second.
    'falls-back': {
      start: async () => {
        const { url, close } = await startSocketIo({ options: { transports: ['websocket'] } });
        return { url, options: { tryAllTransports: true }, close };
      },
    },
    // A server of somebody's own, which offers what the client has already.
    'websocket-offered-again': {
      start: async () => {
        const { url, close } = await startEngineStandIn(() => [`40{"sid":"${randomUUID()}"}`], ['websocket']);
        return { url, options: { transports: ['websocket'] }, holdMs: 2_000, close };
      },
    },
    'websocket-then-polling': variant({ transports: ['websocket', 'polling'] }),
    // The client asks for WebTransport by default (4.7) and tries it beside WebSocket; Node and WebKit do not have it, and nothing here
    // speaks HTTP/3.
    'webtransport-offered': {
      start: async () => {
        const server = { transports: ['polling', 'websocket', 'webtransport'], cors: { origin: true } };
        const { url, close } = await startSocketIo({ options: server });
        // The client leaves what its own attempt was rejected with to the page.
        return { url, mayThrow: true, holdMs: 3_000, close };
      },
    },
  },
};
