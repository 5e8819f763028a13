import type { Facts } from './facts.js';

/** The probes carry no query of the app: a server that requires a token rejects them, and that says nothing about WebSocket. */
export function isBareRefused(facts: Facts): boolean {
  const http = facts.probe('http-handshake')?.http;
  return http?.result === 'answered' && http.body?.is !== 'engineio-open';
}
