import type { Facts } from './facts.js';

/** The questions carry no query of the app: a server that lets nobody in without its token refuses them, and that says nothing of WebSocket. */
export function isBareRefused(facts: Facts): boolean {
  const http = facts.probe('http-handshake')?.http;
  return http?.result === 'answered' && http.body?.is !== 'engineio-open';
}
