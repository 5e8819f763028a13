import type { Facts } from './facts.js';

/**
 * Whether a request over HTTP may have met the page's service worker rather than the network: it responds by itself, from a store or with a
 * status of its own (504 if Angular's cannot reach the server), gives up on requests after its own time limit, and handles the SDK's
 * requests, too.
 */
export function mayBeServiceWorker({ runtime }: Pick<Facts, 'runtime'>, transport: string | undefined): boolean {
  return runtime.serviceWorker === true && transport === 'polling';
}
