import { type AddressSpace, addressSpace } from './address-space.js';
import type { Facts } from './facts.js';
import { isPage } from './is-page.js';

const DISTANCE: Readonly<Record<AddressSpace, number>> = { loopback: 0, local: 1, public: 2 };

/**
 * Whether the browser may block this address because it is closer to the user than the page is
 * (https://wicg.github.io/local-network-access/). By names alone: a page with a public name may come from the local network, and then
 * nothing is blocked.
 */
export function isHeldBack(facts: Facts): boolean {
  const { pageHost } = facts.runtime;
  if (!isPage(facts) || !pageHost) return false;
  const page = addressSpace(pageHost.replace(/:\d+$/, ''));
  if (DISTANCE[page] <= DISTANCE[addressSpace(facts.target.host)]) return false;
  const permission = facts.probe('local-network-permission')?.answer;
  // A browser that does not know the permission does not enforce it; except for Firefox, which may enforce it without exposing it.
  return permission !== 'yes' && (permission !== 'unknown' || facts.runtime.engine === 'firefox');
}
