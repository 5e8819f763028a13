import { sessionIdOf } from './http-handshake.js';
import { keepsCookies } from './keeps-cookies.js';
import type { Probe } from './probe.js';
import { probeUrl } from './probe-url.js';
import { askWebSocket } from './websocket-handshake.js';

/** Is a WebSocket accepted for a session that was started over HTTP? The server waits for our first packet, so silence means yes. */
export const sessionUpgrade: Probe = {
  name: 'session-upgrade',
  cost: () => 2,
  isPossible: ({ phase }) => phase === 'upgrade',
  async ask(context) {
    const { runtime, timeoutMs, tls, options } = context;
    const opened = await runtime.request({
      mode: 'cors',
      timeoutMs,
      withCredentials: options.withCredentials,
      url: probeUrl(context, { transport: 'polling' }),
      ...(tls && { tls }),
    });
    const sid = sessionIdOf(opened);
    if (!sid) return { answer: 'unknown', why: 'no handshake' };
    const { websocket, durationMs } = await askWebSocket(context, { sid });
    const isAccepted = websocket.result === 'silent' || websocket.result === 'other';
    if (!isAccepted && keepsCookies(context))
      return { answer: 'unknown', why: 'the client sends cookies', websocket, durationMs };
    return { answer: isAccepted ? 'yes' : websocket.result === 'rejected' ? 'no' : 'unknown', websocket, durationMs };
  },
};
