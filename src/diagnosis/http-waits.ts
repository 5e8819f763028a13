import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { isPage } from './is-page.js';

/** A server that is slow to answer keeps a WebSocket waiting, too; what HTTP takes longer by is spent on the way to it. */
const LONGER_MS = 1_000;

export interface HttpWaits {
  readonly websocket: SignalOf<'probe'>;
  /** Absent where it was not asked, because requests of the client hang already. */
  readonly http: SignalOf<'probe'> | undefined;
}

/**
 * Whether requests over HTTP are held up in a page while the same server answers a WebSocket at once: in the browser, where six
 * connections to a host are all there are (WebSockets have a limit of their own), or in something on the way.
 */
export function httpWaits(facts: Facts): HttpWaits | 'no' | 'unknown' {
  if (!isPage(facts)) return 'no';
  const http = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake');
  const result = http?.http?.result;
  const isHeldUp = http?.answer === 'unknown' || result === 'timeout';
  // Both silent, it is the server; but WebKitGTK counts WebSockets among the six, and a WebSocket that is refused says nothing of HTTP.
  if (websocket && websocket.websocket?.result !== 'engineio') {
    const isSilent = websocket.websocket?.result === 'timeout' && facts.runtime.engine !== 'webkit';
    return isSilent || (http && !isHeldUp) ? 'no' : 'unknown';
  }
  if (!http || !websocket) return http && !isHeldUp && http.durationMs < LONGER_MS ? 'no' : 'unknown';
  const isLonger = http.answer === 'yes' && http.durationMs >= websocket.durationMs + LONGER_MS;
  if (!isHeldUp && !isLonger) return 'no';
  return { websocket, http: http.answer === 'unknown' ? undefined : http };
}

/** HTTP/1.1 connections that browsers open to one host. */
const CONNECTIONS_PER_HOST = 6;

/** Whether sockets of the page hold all connections to the host by themselves. What else may hold some, a page does not see. */
export function areConnectionsHeld({ runtime }: Facts): boolean {
  return (runtime.pollingElsewhere ?? 0) >= CONNECTIONS_PER_HOST;
}
