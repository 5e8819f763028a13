import type { EndedConnection } from '../signals/ended-connections.js';

/**
 * A poll that a proxy gave up on gets 504, or 502 from Apache, 503 from Heroku's router, 524 from Cloudflare, 408 from HAProxy; a page of
 * another origin sees 0. If it was repeated automatically, as Chromium and Caddy do, the response is 400: the server has forgotten the
 * session with its first poll.
 */
const GIVEN_UP: readonly (number | undefined)[] = [undefined, 0, 400, 408, 502, 503, 504, 524];
/**
 * Ended without a word, by nobody's decision, while nothing happened to the page, and the next attempt did not fail. Some gateways are
 * polite and say 1001, going away, which no Socket.IO server says about a single connection.
 */
export function isCut(end: EndedConnection): boolean {
  const { reason, closeCode, wasClean, byServer, status, disturbed, next } = end;
  if (reason !== 'transport close' && reason !== 'transport error') return false;
  if (byServer || disturbed || next === 'failed' || end.unsent) return false;
  // Firefox calls it unclean if the connection ends before its own closing frame is out (153); the code still came in a frame.
  if (closeCode === 1001) return true;
  return (closeCode === undefined || closeCode === 1006) && wasClean !== true && GIVEN_UP.includes(status);
}
