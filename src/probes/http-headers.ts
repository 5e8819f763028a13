import { askHandshake } from './http-handshake.js';
import type { Probe } from './probe.js';

/**
 * Does the request that passed without the app's extra headers pass with them? Only their names matter to the preflight that the browser
 * sends first, and the server at this address gets the names anyway; the values, which may be secret, are never read.
 */
export const httpHeaders: Probe = {
  name: 'http-headers',
  cost: () => 1,
  isPossible: ({ runtime, target, headerNames }) =>
    runtime.kind !== 'node' && !target.sameOrigin && headerNames.length > 0,
  // With credentials, `*` is no longer a wildcard: send it as the client does. That comes after the same probe without headers.
  ask(context) {
    const headers: Record<string, string> = {};
    for (const name of context.headerNames) headers[name] = harmlessValue(name);
    return askHandshake(context, { withCredentials: context.options.withCredentials, headers });
  },
};

/** Some values of `content-type` need no preflight. */
function harmlessValue(name: string): string {
  return name.toLowerCase() === 'content-type' ? 'application/json' : '1';
}
