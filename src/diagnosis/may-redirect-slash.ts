import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { cutAfterMs, DESTROYED_AFTER_MS } from './fingerprint.js';
import { httpAnswer } from './http-answer.js';
import { isPage } from './is-page.js';

/**
 * A server that responds only without the slash at the end of the path: what runs in front of such servers often redirects from one to the
 * other (Next.js with 308), which a page may not see across origins. Returns the result at the path without it. Engine.IO's own one second
 * shows that the path with the slash was forwarded to a server that does not know it.
 */
export function mayRedirectSlash(facts: Facts): SignalOf<'probe'> | undefined {
  const other = facts.probe('other-path');
  if (other?.answer !== 'yes' || `${other.path}/` !== facts.target.path) return undefined;
  if (!isPage(facts) || facts.target.sameOrigin || httpAnswer(facts)) return undefined;
  return cutAfterMs(facts.probe('websocket-handshake')) < DESTROYED_AFTER_MS ? other : undefined;
}
