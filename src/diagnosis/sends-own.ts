import type { Facts } from './facts.js';

/**
 * Whether the client sends something that the SDK's probes do not, and because of which a server may let it in: a query, headers, or the
 * cookies of a page, which go with each WebSocket and with each request to its own origin.
 */
export function sendsOwn({ options, runtime, target, connecting }: Facts): boolean {
  const sendsCookies = options.withCredentials || target.sameOrigin || connecting?.transport === 'websocket';
  return options.hasQuery || options.hasExtraHeaders || (sendsCookies && runtime.kind !== 'node');
}
