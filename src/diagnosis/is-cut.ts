import type { EndedConnection } from '../signals/ended-connections.js';

/**
 * A poll that a proxy gave up is answered with 504, 502 by Apache, 503 by the router of Heroku, 524 by Cloudflare, 408 by HAProxy; a page of another origin
 * sees 0. Where it was repeated by itself, as
 * Chromium and Caddy do, the answer is 400: the server has forgotten the session with its first poll.
 */
const GIVEN_UP: readonly (number | undefined)[] = [undefined, 0, 400, 408, 502, 503, 504, 524];
/**
 * Ended without a word, by nobody's decision, while nothing happened to the page, and the next attempt did not fail. Some gateways are polite and
 * say 1001, going away, which no server of Socket.IO says of one connection.
 */
export function isCut(end: EndedConnection): boolean {
  const { reason, closeCode, wasClean, byServer, status, disturbed, next } = end;
  if (reason !== 'transport close' && reason !== 'transport error') return false;
  if (byServer || disturbed || next === 'failed' || end.unsent) return false;
  // Firefox calls it unclean where the connection ends before its own closing frame is out (153); the code came in a frame all the same.
  if (closeCode === 1001) return true;
  return (closeCode === undefined || closeCode === 1006) && wasClean !== true && GIVEN_UP.includes(status);
}
