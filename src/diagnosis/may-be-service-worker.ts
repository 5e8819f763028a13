import type { Facts } from './facts.js';

/**
 * Whether what a request over HTTP met may be the service worker of the page and not the network: it answers by itself, from a store or
 * with a status of its own (504 where Angular's cannot reach the server), gives requests up after its own time, and asks for the SDK, too.
 */
export function mayBeServiceWorker({ runtime }: Pick<Facts, 'runtime'>, transport: string | undefined): boolean {
  return runtime.serviceWorker === true && transport === 'polling';
}
