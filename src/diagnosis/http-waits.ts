import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { isPage } from './is-page.js';

/** A server that is slow to respond keeps a WebSocket waiting, too; any extra time over HTTP is spent in between. */
const LONGER_MS = 1_000;

export interface HttpWaits {
  readonly websocket: SignalOf<'probe'>;
  /** Absent if HTTP was not probed because requests of the client already hang. */
  readonly http: SignalOf<'probe'> | undefined;
}

/**
 * Whether a page's HTTP requests are delayed while the same server responds to a WebSocket at once: by the browser, which allows only six
 * connections to a host (WebSockets have a limit of their own), or by something in between.
 */
export function httpWaits(facts: Facts): HttpWaits | 'no' | 'unknown' {
  if (!isPage(facts)) return 'no';
  const http = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake');
  const result = http?.http?.result;
  const isHeldUp = http?.answer === 'unknown' || result === 'timeout';
  // If both are silent, it is the server; but WebKitGTK counts WebSockets among the six, and a refused WebSocket says nothing about HTTP.
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

/** Whether sockets of the page alone hold all connections to the host. A page does not see what else may hold some. */
export function areConnectionsHeld({ runtime }: Facts): boolean {
  return (runtime.pollingElsewhere ?? 0) >= CONNECTIONS_PER_HOST;
}
