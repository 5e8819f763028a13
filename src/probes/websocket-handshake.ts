import { observeWebSocket } from './observe-websocket.js';
import type { Probe, ProbeContext } from './probe.js';
import { probeUrl, type UrlParts } from './probe-url.js';

/** How long a server may take to speak first: Engine.IO sends its handshake in the moment the WebSocket opens. */
export const FIRST_MESSAGE_MS = 1_500;

/** Does an Engine.IO server answer over WebSocket at the client's own path? CORS does not govern WebSocket. */
export const websocketHandshake: Probe = {
  name: 'websocket-handshake',
  cost: () => 1,
  isPossible: () => true,
  ask: (context) => askWebSocket(context, {}),
};

export async function askWebSocket(context: ProbeContext, parts: Omit<UrlParts, 'transport'>) {
  const answer = await context.runtime.openWebSocket({
    url: probeUrl(context, { transport: 'websocket', ...parts }),
    timeoutMs: context.timeoutMs,
    firstMessageMs: FIRST_MESSAGE_MS,
    ...(context.tls && { tls: context.tls }),
  });
  const websocket = observeWebSocket(answer);
  return {
    answer:
      websocket.result === 'engineio'
        ? ('yes' as const)
        : websocket.result === 'threw'
          ? ('unknown' as const)
          : ('no' as const),
    websocket,
    durationMs: Math.round(answer.durationMs),
  };
}
