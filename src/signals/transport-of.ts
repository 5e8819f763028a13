import type { ClientEngine } from './client-shapes.js';

/** Name of the transport that an engine uses now; `unknown` where it does not tell. */
export function transportOf(engine: ClientEngine | undefined): string {
  return engine?.transport?.name ?? 'unknown';
}
