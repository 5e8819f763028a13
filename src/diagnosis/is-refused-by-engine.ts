import type { Facts } from './facts.js';
import { fingerprint } from './fingerprint.js';
import { isUnknownSession } from './is-unknown-session.js';

/**
 * Whether an upgrade gets as far as Engine.IO, which does not know the session that it names: by its words or, in a page, by the second
 * after which it cuts a WebSocket to another path.
 */
export function isRefusedByEngine(facts: Facts): boolean {
  const named = facts.probe('session-upgrade');
  if (named?.answer !== 'no') return false;
  const body = named.websocket?.body;
  return isUnknownSession(body) || (body === undefined && fingerprint(facts) === 'yes');
}
