import type { SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { isPage } from './is-page.js';
import { isSendError } from './is-send-error.js';

/** The first POST carries CONNECT and is sent right after the handshake. */
export const FIRST_POST_MS = 2_000;

/**
 * One session after another whose handshake could be read and whose response to the first POST could not, across origins. Whether a poll
 * was answered before it, so that the socket connected for a moment, is chance. Nothing that cuts connections or stops servers hits exactly
 * that request twice in a row. Returns the latest of them.
 */
export function hiddenPosts(facts: Facts): SignalOf<'engine-closed'> | undefined {
  if (!isPage(facts) || facts.target.sameOrigin) return undefined;
  const [before, latest] = facts.all('engine-closed').slice(-2);
  return before && latest && isHiddenPost(before) && isHiddenPost(latest) ? latest : undefined;
}

function isHiddenPost({ opened, error, transportAgeMs }: SignalOf<'engine-closed'>): boolean {
  return (
    opened && error?.status === 0 && isSendError(error.message) && (transportAgeMs ?? FIRST_POST_MS) < FIRST_POST_MS
  );
}
