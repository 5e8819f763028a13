/** Reasons of `disconnect` and of the engine's `close`, 1.x to 4.8 (socket.io-client lib/socket.ts, engine.io-client lib/socket.ts). */
const KNOWN: readonly string[] = [
  'io server disconnect',
  'io client disconnect',
  'ping timeout',
  'transport close',
  'transport error',
  'parse error',
  'forced close',
];

/**
 * The library's own word for the end, or `other` for any other text: up to 2.x a server can send an event named `disconnect`, whose reason
 * is then a payload.
 */
export function knownReason(reason: unknown): string {
  return KNOWN.find((known) => known === reason) || 'other';
}
